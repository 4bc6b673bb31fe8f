import type { Tips } from "../types/tips.ts";
import { StoreError } from "./interface.ts";

const ORDER = ["head", "proposed", "attested", "submitted", "settled", "finalized"] as const;

/**
 * Each tip stands at or below the one before it, by block number and by slot.
 * @throws StoreError "tips-order": whoever made these tips has a bug; nothing has been written.
 */
export function assertTipsOrder(tips: Tips): void {
  for (const [at, name] of ORDER.entries()) {
    const aboveName = ORDER[at - 1];
    if (aboveName === undefined) continue;
    const [above, below] = [tips[aboveName], tips[name]];
    if (below.blockNumber <= above.blockNumber && below.slot <= above.slot) continue;
    throw new StoreError(
      "tips-order",
      `${name} must not be ahead of ${aboveName}: block ${below.blockNumber} of slot ${below.slot} > block ${above.blockNumber} of slot ${above.slot}`,
    );
  }
}
