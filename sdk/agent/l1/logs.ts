import { Interface, type LogDescription } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { landedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { InboxEntry, RefundEntry } from "./inbox.ts";

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
  | { kind: "message"; entry: InboxEntry }
  | { kind: "refund"; refund: RefundEntry }
  | { kind: "settled"; number: number }
  | { kind: "removed"; number: number }
  | { kind: "cured"; number: number };

const rollup = new Interface(ROLLUP_ABI);

/** Decodes a log of the rollup; undefined for events the node has no use for. */
export function decodeRollupLog(log: RawLog): RollupLog | undefined {
  const event = rollup.parseLog({ topics: log.topics, data: log.data });
  switch (event?.name) {
    case "CheckpointSubmitted":
      return { kind: "landing", landing: landingOf(event, log) };
    case "Deposited":
    case "Forced":
      return { kind: "message", entry: messageOf(event, log) };
    case "RefundRequested":
      return { kind: "refund", refund: refundOf(event, log) };
    case "CheckpointsSettled":
      return { kind: "settled", number: Number(event.args.last) };
    case "CheckpointRemoved":
      return { kind: "removed", number: Number(event.args.number) };
    case "CheckpointCured":
      return { kind: "cured", number: Number(event.args.number) };
    default:
      return undefined;
  }
}

/**
 * What an L1 block leaves behind: how far it took the tip back, and what landed on that. A challenge and the landing of
 * the right checkpoint in its place may stand in one block, and even one transaction.
 */
export function netOf(logs: readonly RollupLog[]): { landings: LandingLog[]; rolledBackTo: number | undefined } {
  let landings: LandingLog[] = [];
  let rolledBackTo: number | undefined;
  for (const log of logs) {
    if (log.kind === "landing") landings.push(log.landing);
    if (log.kind !== "removed") continue;
    landings = landings.filter(({ number }) => number < log.number);
    rolledBackTo = Math.min(rolledBackTo ?? log.number - 1, log.number - 1);
  }
  return { landings, rolledBackTo };
}

function landingOf(event: LogDescription, log: RawLog): LandingLog {
  const landed = landedCheckpoint(event.args);
  return {
    number: landed.number,
    slot: landed.slot,
    digest: landed.submission.digest.toLowerCase() as Hex,
    submitter: landed.submitter,
    onTime: !landed.late,
    verified: landed.verified,
    transactionHash: log.transactionHash,
  };
}

function messageOf({ name, args }: LogDescription, log: RawLog): InboxEntry {
  const place = { index: Number(args.index), timestamp: Number(args.time) };
  const content =
    name === "Forced"
      ? { transaction: lower(args.transaction) }
      : {
          depositor: lower(args.depositor),
          l2Recipient: lower(args.l2Recipient),
          amountWei: BigInt(args.amountWei),
        };
  return { message: { ...place, ...content }, hash: lower(args.hash), l1BlockNumber: Number(log.blockNumber) };
}

function refundOf({ args }: LogDescription, log: RawLog): RefundEntry {
  const { index, fromEpoch, refundsHash } = args;
  return {
    index: Number(index),
    fromEpoch: Number(fromEpoch),
    refundsHash: lower(refundsHash),
    l1BlockNumber: Number(log.blockNumber),
  };
}

const lower = (value: unknown): Hex => String(value).toLowerCase() as Hex;
