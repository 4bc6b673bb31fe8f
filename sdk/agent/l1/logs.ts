import { Interface, type LogDescription } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { landedCheckpoint } from "../../get/landed.ts";
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

/** Decodes a log of the rollup; undefined for events the node has no use for. */
export function decodeRollupLog(log: RawLog): RollupLog | undefined {
  const event = rollup.parseLog({ topics: log.topics, data: log.data });
  switch (event?.name) {
    case "CheckpointSubmitted":
      return { kind: "landing", landing: landingOf(event, log) };
    case "Deposited":
      return { kind: "deposit", deposit: depositOf(event, log) };
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
