import type { BlockTag } from "ethers";
import type { AnswerOf } from "./answers.ts";
import { type LensRef, look } from "./view.ts";

/**
 * Who may propose for a slot.
 * @interface
 */
export type Proposer = AnswerOf<"schedule">[number];
/**
 * A validator as registered.
 * @interface
 */
export type ValidatorRecord = AnswerOf<"validators">[number];

/** Proposers of `count` slots from `firstSlot` on; fewer where an epoch's seed is not fixed yet. */
export function getSchedule(
  ref: LensRef,
  firstSlot: number,
  count: number,
  at: BlockTag = "latest",
): Promise<Proposer[]> {
  return look(ref, "schedule", [firstSlot, count], at);
}

/** The validators among `count` indices from `firstIndex` on, ascending; there are 256 indices. */
export function getValidators(
  ref: LensRef,
  firstIndex: number,
  count: number,
  at: BlockTag = "latest",
): Promise<ValidatorRecord[]> {
  return look(ref, "validators", [firstIndex, count], at);
}
