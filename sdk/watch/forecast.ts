import type { Market } from "../submit/types.ts";

/** What an L1 block some way ahead will ask: what is expected, and how far it can be off. */
export interface Forecast {
  expected: Market;
  lowest: Market;
  highest: Market;
}

/** A base fee moves by at most an eighth a block (EIP-1559). */
const BASE_FEE_DIVISOR = 8n;
/** A blob base fee moves by less than a sixth a block, under the blob limits of Cancun and of Prague (EIP-7691). */
const BLOB_FEE_DIVISOR = 6n;

/**
 * Prices of the L1 block `blocksAhead` after the next one. Those of the next block are known; from there on each fee
 * is as likely to rise as to fall, and the protocol bounds how far. Tips have no bound and are taken as they are.
 */
export function forecastFees(next: Market, blocksAhead: number): Forecast {
  let lowest = next;
  let highest = next;
  for (let ahead = 0; ahead < blocksAhead; ahead++) {
    lowest = {
      ...next,
      nextBaseFeeWei: lowest.nextBaseFeeWei - lowest.nextBaseFeeWei / BASE_FEE_DIVISOR,
      blobBaseFeeWei: lowest.blobBaseFeeWei - lowest.blobBaseFeeWei / BLOB_FEE_DIVISOR,
    };
    highest = {
      ...next,
      nextBaseFeeWei: raised(highest.nextBaseFeeWei, BASE_FEE_DIVISOR),
      blobBaseFeeWei: raised(highest.blobBaseFeeWei, BLOB_FEE_DIVISOR),
    };
  }
  return { expected: next, lowest, highest };
}

const raised = (fee: bigint, divisor: bigint): bigint => fee + (fee + divisor - 1n) / divisor;
