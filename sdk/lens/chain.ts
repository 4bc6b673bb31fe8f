import type { BlockTag } from "ethers";
import type { CheckpointLog } from "../build/log.ts";
import type { Hex } from "../types/hex.ts";
import type { AnswerOf } from "./answers.ts";
import { type LensRef, look, lookAll } from "./view.ts";

/**
 * Every tip of the chain at one L1 block.
 * @interface
 */
export type Overview = AnswerOf<"overview">;
/**
 * What can still become of a landed checkpoint.
 * @interface
 */
export type LogStatus = AnswerOf<"logStatus">;
/**
 * The inbox as a checkpoint for some slot on the submitted tip meets it.
 * @interface
 */
export type InboxStatus = AnswerOf<"inbox">;

/** The rollup that a lens reads. */
export function getLensRollup(ref: LensRef, at: BlockTag = "latest"): Promise<Hex> {
  return look(ref, "rollup", [], at);
}

/** Every tip, as the L1 block `at` has them. */
export function getOverview(ref: LensRef, at: BlockTag = "latest"): Promise<Overview> {
  return look(ref, "overview", [], at);
}

/** Log hashes of the unsettled ones among `count` checkpoints from number `from` on, ascending. */
export async function getUnsettledHashes(
  ref: LensRef,
  from: number,
  count: number,
  at: BlockTag = "latest",
): Promise<{ number: number; logHash: Hex }[]> {
  const [first, hashes] = (await lookAll(ref, "unsettledLogs", [from, count], at)) as [number, Hex[]];
  return hashes.map((logHash, i) => ({ number: first + i, logHash }));
}

/**
 * What can still become of a landed checkpoint.
 * @param timeSec Timestamp of the L1 block that is meant, Unix seconds.
 */
export function getLogStatus(
  ref: LensRef,
  log: CheckpointLog,
  timeSec: number,
  at: BlockTag = "latest",
): Promise<LogStatus> {
  return look(ref, "logStatus", [log, timeSec], at);
}

/** What the inbox holds for the next checkpoint. @param slot Of the checkpoint that would consume messages. */
export function getInboxStatus(ref: LensRef, slot: number, at: BlockTag = "latest"): Promise<InboxStatus> {
  return look(ref, "inbox", [slot], at);
}
