import type { Clock } from "../time/interface.ts";

/** Looks for a new L1 block so often within one L1 slot. */
const LOOKS_PER_SLOT = 8;
/** L1 slots without a block after which there is a step all the same: a slot of L1's may stay empty. */
const OVERDUE_SLOTS = 1.5;

interface BlockSource {
  getBlockNumber(): Promise<number>;
}

/**
 * When a submitter steps: at once, then at each new L1 block, and when one is overdue. An L1 node that does not answer
 * is asked again.
 * @param signal Ends the wait; the step then rejects with its reason.
 */
export function l1Steps(
  l1: BlockSource,
  clock: Clock,
  l1SlotSeconds: number,
  signal: AbortSignal,
): () => Promise<number> {
  const slotMs = l1SlotSeconds * 1000;
  let last: number | undefined;
  let steppedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    for (;;) {
      const number = await l1.getBlockNumber().catch(() => last);
      const nowMs = clock.nowMs();
      if (number !== last || nowMs - steppedMs >= OVERDUE_SLOTS * slotMs) {
        last = number;
        steppedMs = nowMs;
        return Math.floor(nowMs / 1000);
      }
      await clock.sleepUntil(nowMs + slotMs / LOOKS_PER_SLOT, signal);
    }
  };
}
