import { versionedHash } from "../blob/kzg.ts";
import type { SubmissionWithBlobs } from "../build/transaction.ts";
import type { SubmittedTip } from "../get/tips.ts";
import type { SimulationResult, Simulator } from "../simulate/simulator.ts";
import type { Market } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";

/** The certified checkpoints that L1 does not have yet, by slot: what a submitter may land. */
export function unsubmitted<Item extends Pick<SubmissionWithBlobs, "submission">>(
  certified: readonly Item[],
  tip: SubmittedTip,
): Item[] {
  return certified
    .filter(({ submission }) => submission.header.slot > tip.slot)
    .sort((a, b) => a.submission.header.slot - b.submission.header.slot);
}

/** Who would land, when, and at what prices. */
export interface OutlookOptions {
  from: Hex;
  recipient: Hex;
  /** Timestamp of the first L1 block to look at, Unix seconds. */
  firstBlockSec: number;
  l1SlotSeconds: number;
  /** L1 blocks to look at; each is one call to the L1 node. */
  blocks: number;
  market: Market;
}

/** What landing would come to in the L1 block stamped `timeSec`. */
export interface Prospect {
  timeSec: number;
  result: SimulationResult;
}

/**
 * What landing a checkpoint would cost and pay in the next L1 block and in each one after it, at today's prices.
 * @throws SimulateError when the node cannot tell.
 */
export async function landingOutlook(
  simulator: Simulator,
  { submission, blobs }: SubmissionWithBlobs,
  { from, recipient, firstBlockSec, l1SlotSeconds, blocks, market }: OutlookOptions,
): Promise<Prospect[]> {
  const times = Array.from({ length: blocks }, (_, i) => firstBlockSec + i * l1SlotSeconds);
  return Promise.all(
    times.map(async (timeSec) => ({
      timeSec,
      result: await simulator.simulate({
        submissions: [submission],
        recipient,
        deadlineSec: times.at(-1) ?? firstBlockSec,
        from,
        blobHashes: blobs.map(({ commitment }) => versionedHash(commitment)),
        block: { timeSec, baseFeeWei: market.nextBaseFeeWei, blobBaseFeeWei: market.blobBaseFeeWei },
        priorityFeeWei: market.priorityFeeWei,
        assumed: [],
      }),
    })),
  );
}
