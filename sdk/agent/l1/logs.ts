import type { LogDescription } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { joinSignature } from "../../bls/solidity.ts";
import { type LandedCheckpoint, landedCheckpoint } from "../../get/landed.ts";
import { logParser } from "../../get/parseLog.ts";
import type { Hex } from "../../types/hex.ts";
import type { Attestation } from "../../types/submission.ts";
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
  | { kind: "landing"; landing: LandingLog; checkpoint: LandedCheckpoint }
  | { kind: "message"; entry: InboxEntry }
  | { kind: "refund"; refund: RefundEntry }
  | { kind: "settled"; number: number }
  | { kind: "removed"; number: number }
  | { kind: "pruned"; first: number; last: number }
  | { kind: "cured"; number: number; attestation: Attestation };

/** A landing, with all that its event tells. */
export type Landing = Extract<RollupLog, { kind: "landing" }>;

const parse = logParser(ROLLUP_ABI);

/** Decodes a log of the rollup; undefined for events the node has no use for. */
export function decodeRollupLog(log: RawLog): RollupLog | undefined {
  const event = parse(log);
  switch (event?.name) {
    case "CheckpointSubmitted":
      return landingOf(event, log);
    case "Deposited":
    case "Forced":
      return { kind: "message", entry: messageOf(event, log) };
    case "RefundRequested":
      return { kind: "refund", refund: refundOf(event, log) };
    case "CheckpointsSettled":
      return { kind: "settled", number: Number(event.args.last) };
    case "CheckpointRemoved":
      return { kind: "removed", number: Number(event.args.number) };
    case "CheckpointsPruned":
      return { kind: "pruned", first: Number(event.args.first), last: Number(event.args.last) };
    case "CheckpointCured":
      return { kind: "cured", number: Number(event.args.number), attestation: attestationOf(event) };
    default:
      return undefined;
  }
}

/** What an L1 block leaves behind. */
export interface NetOfBlock {
  /** Number of the tip it went back to, if it did. */
  rolledBackTo: number | undefined;
  /** What landed on that, and is still there. */
  landings: Landing[];
  /** Numbers of the checkpoints that were cured, and are still there. */
  cured: number[];
}

/**
 * What an L1 block leaves behind. A challenge and the landing of the right checkpoint in its place may stand in one block,
 * and even one transaction; so may a cure, the pruning of what was cured, and a landing under its number.
 */
export function netOf(logs: readonly RollupLog[]): NetOfBlock {
  let landings: Landing[] = [];
  let cured: number[] = [];
  let rolledBackTo: number | undefined;
  for (const log of logs) {
    if (log.kind === "landing") landings.push(log);
    if (log.kind === "cured") cured.push(log.number);
    if (log.kind !== "removed" && log.kind !== "pruned") continue;
    const first = log.kind === "removed" ? log.number : log.first;
    landings = landings.filter(({ landing }) => landing.number < first);
    cured = cured.filter((number) => number < first);
    rolledBackTo = Math.min(rolledBackTo ?? first - 1, first - 1);
  }
  return { rolledBackTo, landings, cured };
}

function landingOf(event: LogDescription, log: RawLog): Landing {
  const checkpoint = landedCheckpoint(event.args);
  const landing = {
    number: checkpoint.number,
    slot: checkpoint.slot,
    digest: checkpoint.submission.digest.toLowerCase() as Hex,
    submitter: checkpoint.submitter,
    onTime: !checkpoint.late,
    verified: checkpoint.verified,
    transactionHash: log.transactionHash,
  };
  return { kind: "landing", landing, checkpoint };
}

function attestationOf({ args }: LogDescription): Attestation {
  const [signers, signature] = args.attestation as [bigint, Hex[]];
  return { signers, signature: joinSignature(signature) };
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
