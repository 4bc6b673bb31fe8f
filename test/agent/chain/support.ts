import { genesisState } from "../../../sdk/agent/chain/genesis.ts";
import type { ChainState, ExecutedBlock, Landed, Unsubmitted } from "../../../sdk/agent/chain/state.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import type { Certificate, CheckpointProposal } from "../../../sdk/agent/types/messages.ts";
import { SKIP_DIGEST } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

export const GENESIS_TIME = 1_000_000;
export const timetable = new Timetable(DEVNET_PARAMETERS, GENESIS_TIME);
export const GENESIS_HASH: Hex = `0x${"aa".repeat(32)}`;

/** A recognisable 32-byte value. */
export const hash = (name: string): Hex =>
  `0x${Buffer.from(name.padEnd(32, "."), "utf8").toString("hex").slice(0, 64)}`;

export const genesis = (): ChainState => genesisState(GENESIS_HASH, { timestamp: GENESIS_TIME });

export function block(slot: number, index: number, over: Partial<ExecutedBlock> = {}): ExecutedBlock {
  return {
    slot,
    attempt: 0,
    index,
    last: false,
    parentHash: GENESIS_HASH,
    hash: hash(`b${slot}.${index}`),
    number: slot * 100 + index,
    transactionCount: 1,
    withdrawalCount: 0,
    ...over,
  };
}

export const digestOf = (slot: number): Hex => hash(`d${slot}`);

/** An unsubmitted checkpoint of two blocks on `parentHash`. */
export function entry(
  slot: number,
  parentHash: Hex,
  stage: "building" | "complete" | "proposed" | "certified",
): Unsubmitted {
  const first = block(slot, 0, { parentHash });
  const blocks = stage === "building" ? [first] : [first, block(slot, 1, { parentHash: first.hash, last: true })];
  const proposed =
    stage === "proposed" || stage === "certified"
      ? {
          proposal: proposal(slot),
          digest: digestOf(slot),
          certificate: stage === "certified" ? certificate(slot) : undefined,
        }
      : undefined;
  return { slot, attempt: 0, blocks, proposed };
}

export const lastHash = (slot: number): Hex => hash(`b${slot}.1`);

export function proposal(slot: number): CheckpointProposal {
  return {
    header: {
      slot,
      lastBlockHash: lastHash(slot),
      lastBlockNumber: slot * 100 + 1,
      inboxCount: 0,
      outboxRoot: hash("outbox"),
      coinbase: `0x${"11".repeat(20)}`,
      onTimeRecipient: `0x${"00".repeat(20)}`,
      onTimeCapBps: 0,
    },
    parentDigest: `0x${digestOf(slot - 1).slice(-40)}`,
    blobHashes: [hash("blob")],
    inboxHash: hash("inbox"),
    signature: "0x",
  };
}

export const certificate = (slot: number): Certificate => ({
  kind: "attestation",
  slot,
  digest: digestOf(slot),
  signers: 7n,
  signature: "0x",
});

export const skipCertificate = (slot: number): Certificate => ({
  kind: "skip",
  slot,
  digest: SKIP_DIGEST,
  signers: 7n,
  signature: "0x",
});

/** A chain of unsubmitted checkpoints of consecutive slots from 1, one per stage. */
export function chainOf(...stages: Parameters<typeof entry>[2][]): ChainState {
  const unsubmitted = stages.map((stage, i) => entry(i + 1, i === 0 ? GENESIS_HASH : lastHash(i), stage));
  return { ...genesis(), unsubmitted };
}

export const landed = (slot: number, number = slot, l1BlockNumber = 100 + slot): Landed => ({
  slot,
  digest: digestOf(slot),
  landing: {
    number,
    l1BlockNumber,
    l1BlockHash: hash(`l1.${l1BlockNumber}`),
    transactionHash: hash(`t${slot}`),
    submitter: `0x${"22".repeat(20)}`,
    gasUsed: 47_000n,
    onTime: true,
    verified: false,
  },
  bill: { by: "proposer", costWei: 1_000n, paidWei: 0n, chargedWei: 0n },
  signed: true,
});

/** The chain as it is once L1 shows a block with this timestamp. */
export const atL1 = (state: ChainState, timestampMs: number): ChainState => ({
  ...state,
  l1: { ...state.l1, timestamp: timestampMs / 1000 },
});
