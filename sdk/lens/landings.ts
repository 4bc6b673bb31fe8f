import type { BlockTag } from "ethers";
import type { AnswerOf } from "./answers.ts";
import { type LensRef, look } from "./view.ts";

/**
 * When a checkpoint for a slot may land, Unix seconds, and whether it may at the time asked about.
 * @interface
 */
export type SlotWindow = AnswerOf<"window">;
/**
 * On what terms a checkpoint would land.
 * @interface
 */
export type LandingQuote = AnswerOf<"quote">;

/** A landing to be priced. */
export interface QuoteRequest {
  slot: number;
  /** Timestamp of the L1 block, Unix seconds. */
  timeSec: number;
  /** Wei per gas, and wei per blob gas. */
  baseFeeWei: bigint;
  blobBaseFeeWei: bigint;
  blobCount: number;
  /** Another checkpoint lands in the same call after it. */
  followed?: boolean;
  /** Its header names an on-time recipient. */
  named?: boolean;
}

/**
 * When a checkpoint for a slot may land, and where a time stands to that.
 * @param timeSec Timestamp of the L1 block that is meant, mostly the next one's; Unix seconds.
 */
export function getWindow(ref: LensRef, slot: number, timeSec: number, at: BlockTag = "latest"): Promise<SlotWindow> {
  return look(ref, "window", [slot, timeSec], at);
}

/** What the contract would quote a landing at; all zero but the phase outside the slot's window. */
export function getQuote(ref: LensRef, request: QuoteRequest, at: BlockTag = "latest"): Promise<LandingQuote> {
  const { slot, timeSec: time, baseFeeWei: baseFee, blobBaseFeeWei: blobBaseFee, blobCount } = request;
  const { followed = false, named = false } = request;
  return look(ref, "quote", [{ slot, time, baseFee, blobBaseFee, blobCount, followed, named }], at);
}
