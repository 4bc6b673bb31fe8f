import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckpointRecord } from "../../../sdk/agent/store/interface.ts";
import type { BlockProposal, Statement } from "../../../sdk/agent/types/messages.ts";
import type { Tip, Tips } from "../../../sdk/agent/types/tips.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

export const CHAIN_ID = 31_337;
export const ROLLUP: Hex = `0x${"ab".repeat(20)}`;

export const word = (value: number, bytes = 32): Hex => `0x${value.toString(16).padStart(bytes * 2, "0")}`;

/** A directory of its own for one test; `remove` deletes it. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "baton-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const tip = (slot: number, blockNumber = slot * 10): Tip => ({
  slot,
  digest: slot === 0 ? undefined : word(slot, 20),
  blockNumber,
  blockHash: word(blockNumber),
});

/** Tips that stand on the given slots, head first. */
export function tipsAt(slots: [number, number, number, number, number, number]): Tips {
  const [head, proposed, attested, submitted, settled, finalized] = slots.map((slot) => tip(slot)) as [
    Tip,
    Tip,
    Tip,
    Tip,
    Tip,
    Tip,
  ];
  return { head, proposed, attested, submitted, settled, finalized };
}

export const blockAt = (slot: number, index: number, attempt: 0 | 1 = 0, size = 100): BlockProposal => ({
  slot,
  index,
  attempt,
  last: false,
  parentHash: word(slot * 1000 + index),
  blockHash: word(slot * 1000 + index + 1),
  data: new Uint8Array(size).fill(index + 1),
  signature: word(7, 96),
});

export const statementAt = (kind: Statement["kind"], signers: bigint): Statement => ({
  kind,
  slot: 5,
  digest: word(Number(signers)),
  signers,
  signature: word(7, 96),
});

export const checkpointAt = (slot: number): CheckpointRecord => ({
  slot,
  digest: word(slot + 1),
  proposal: {
    header: {
      slot,
      lastBlockHash: word(slot * 10),
      lastBlockNumber: slot * 10,
      inboxCount: 3,
      outboxRoot: word(9),
      coinbase: word(4, 20),
      onTimeRecipient: word(0, 20),
      onTimeCapBps: 0,
    },
    parentDigest: word(slot, 20),
    blobHashes: [`0x01${"cd".repeat(31)}`],
    inboxHash: word(0),
    signature: word(8, 96),
  },
  status: "submitted",
  certificate: { kind: "attestation", slot, digest: word(slot + 1), signers: 0b1011n, signature: word(9, 96) },
  landing: {
    number: slot,
    l1BlockNumber: 500 + slot,
    l1BlockHash: word(600 + slot),
    transactionHash: word(700 + slot),
    submitter: word(5, 20),
    gasUsed: 49_000n,
    onTime: true,
    verified: false,
  },
});
