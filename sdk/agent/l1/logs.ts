import { Interface, type LogDescription } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import type { Hex } from "../../types/hex.ts";
import type { DepositEntry } from "./inbox.ts";

/** A log as `eth_getLogs` answers it. */
export interface RawLog {
  blockNumber: Hex;
  blockHash: Hex;
  transactionHash: Hex;
  topics: Hex[];
  data: Hex;
  logIndex: Hex;
}

/** A checkpoint landing as its event tells it; the gas stands in the receipt. */
export interface LandingLog {
  number: number;
  slot: number;
  digest: Hex;
  submitter: Hex;
  onTime: boolean;
  verified: boolean;
  transactionHash: Hex;
}

export type RollupLog =
  | { kind: "landing"; landing: LandingLog }
  | { kind: "deposit"; deposit: DepositEntry }
  | { kind: "settled"; number: number }
  | { kind: "removed"; number: number }
  | { kind: "cured"; number: number };

const rollup = new Interface(ROLLUP_ABI);
const LATE_FLAG = 1n << 144n;
const VERIFIED_FLAG = 2n << 144n;
const LOW_160_BITS = (1n << 160n) - 1n;

/** Decodes a log of the rollup; undefined for events the node has no use for. */
export function decodeRollupLog(log: RawLog): RollupLog | undefined {
  const event = rollup.parseLog({ topics: log.topics, data: log.data });
  switch (event?.name) {
    case "CheckpointSubmitted":
      return { kind: "landing", landing: landingOf(event, log) };
    case "Deposited":
      return { kind: "deposit", deposit: depositOf(event, log) };
    case "CheckpointSettled":
      return { kind: "settled", number: Number(event.args.number) };
    case "CheckpointRemoved":
      return { kind: "removed", number: Number(event.args.number) };
    case "CheckpointCured":
      return { kind: "cured", number: Number(event.args.number) };
    default:
      return undefined;
  }
}

function landingOf(event: LogDescription, log: RawLog): LandingLog {
  const facts = BigInt(event.args.facts);
  const submitter = BigInt(event.args.submitter) & LOW_160_BITS;
  return {
    number: Number(event.args.number),
    slot: Number(event.args.slot),
    digest: String(event.args.submission.digest).toLowerCase() as Hex,
    submitter: `0x${submitter.toString(16).padStart(40, "0")}`,
    onTime: (facts & LATE_FLAG) === 0n,
    verified: (facts & VERIFIED_FLAG) !== 0n,
    transactionHash: log.transactionHash,
  };
}

function depositOf(event: LogDescription, log: RawLog): DepositEntry {
  return {
    index: Number(event.args.index),
    l2Recipient: String(event.args.l2Recipient).toLowerCase() as Hex,
    amountWei: BigInt(event.args.amountWei),
    timeSec: Number(event.args.time),
    hash: String(event.args.hash).toLowerCase() as Hex,
    l1BlockNumber: Number(log.blockNumber),
  };
}
