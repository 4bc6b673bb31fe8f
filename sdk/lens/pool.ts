import type { BlockTag } from "ethers";
import type { AnswerOf } from "./answers.ts";
import { type LensRef, look } from "./view.ts";

/**
 * How long the pool lasts, if a checkpoint lands in every slot.
 * @interface
 */
export type PoolRunway = AnswerOf<"runway">;

/** How long the pool lasts. @param timeSec From when on checkpoints land in every slot, Unix seconds. */
export function getRunway(ref: LensRef, timeSec: number, at: BlockTag = "latest"): Promise<PoolRunway> {
  return look(ref, "runway", [timeSec], at);
}
