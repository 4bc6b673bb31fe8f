import type { Hex } from "../types/hex.ts";
import { min } from "./fees.ts";
import type { JournalState } from "./journal/state.ts";

/** One L1 block that went by without a transaction of ours, and what it lacked for that block; 0 = enough. */
export interface PassedOver {
  hash: Hex;
  nonce: number;
  blockNumber: number;
  /** Base fee of the block above what was offered, wei per gas. */
  baseFeeShortWei: bigint;
  /** Blob base fee, quoted after the block, above what was offered, wei per blob gas. */
  blobFeeShortWei: bigint;
  /** The node's suggested tip above the tip that was left of the offer, wei per gas. */
  priorityFeeShortWei: bigint;
}

const above = (price: bigint, offer: bigint): bigint => (price > offer ? price - offer : 0n);

/** "Was I underpriced, and by how much?", answered from the journal, for every attempt that it still holds. */
export function passedOver(state: JournalState): PassedOver[] {
  return state.records.flatMap(({ nonce, attempts }) =>
    attempts.flatMap(({ hash, fees, passed }) =>
      passed.map(({ blockNumber, baseFeeWei, blobBaseFeeWei, priorityFeeWei }) => {
        const room = above(fees.maxFeePerGasWei, baseFeeWei);
        const tip = min(room, fees.maxPriorityFeePerGasWei);
        return {
          hash,
          nonce,
          blockNumber,
          baseFeeShortWei: above(baseFeeWei, fees.maxFeePerGasWei),
          blobFeeShortWei:
            fees.maxFeePerBlobGasWei === undefined ? 0n : above(blobBaseFeeWei, fees.maxFeePerBlobGasWei),
          priorityFeeShortWei: above(priorityFeeWei, tip),
        };
      }),
    ),
  );
}
