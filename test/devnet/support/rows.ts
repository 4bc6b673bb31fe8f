import type { LoadReport, SlotReport } from "../../../deploy/devnet/report.ts";

/** A slot that landed as it should have, but for what is given. */
export const row = (slot: number, fields: Partial<SlotReport> = {}): SlotReport => ({
  slot,
  proposer: `agent-${slot % 4}`,
  submitter: `agent-${slot % 4}`,
  onTime: true,
  batch: false,
  blocks: 12,
  txs: 300,
  signers: 4,
  validators: 4,
  gasUsed: 48_000,
  l1Block: 10 + slot,
  status: "submitted",
  ...fields,
});

export const lost = (slot: number, fields: Partial<SlotReport> = {}): SlotReport => ({
  ...row(slot),
  status: "lost",
  submitter: null,
  onTime: null,
  gasUsed: null,
  l1Block: null,
  blocks: 0,
  txs: 0,
  ...fields,
});

export const load = (fields: Partial<LoadReport> = {}): LoadReport => ({
  sent: 9,
  landed: 9,
  lost: 0,
  resent: 0,
  ...fields,
});
