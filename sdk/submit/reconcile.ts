import type { TransactionEntry } from "./journal/entries.ts";
import type { JournalState, NonceRecord } from "./journal/state.ts";
import { lastAccepted, MAX_PASSED } from "./journal/state.ts";
import type { NetworkView } from "./types.ts";

/** Pure: what L1 tells about our transactions that the journal does not say yet. Applying it twice adds nothing. */
export function reconcile(state: JournalState, network: NetworkView, confirmations: number): TransactionEntry[] {
  return state.records
    .filter((record) => record.closed === undefined)
    .flatMap((record) => [
      ...acceptances(record, network),
      ...location(record, network, confirmations),
      ...passedBlocks(record, network),
    ]);
}

/** What the pool or the chain holds was accepted, whatever became of the node's answer. */
function acceptances(record: NonceRecord, network: NetworkView): TransactionEntry[] {
  return record.attempts
    .filter((a) => a.status !== "accepted" && (network.pooled.has(a.hash) || network.receipts.has(a.hash)))
    .map((a) => ({ type: "accepted", hash: a.hash, atBlock: network.blockNumber }));
}

/** Any hash of the nonce may be the mined one, and a reorg may move it, swap it for another or take it away. */
function location(record: NonceRecord, network: NetworkView, confirmations: number): TransactionEntry[] {
  const { nonce, mined } = record;
  const receipt = record.attempts.map((a) => network.receipts.get(a.hash)).find((r) => r !== undefined);
  if (receipt !== undefined) {
    const { blobGasPriceWei, ...fields } = receipt;
    const entries: TransactionEntry[] = [];
    if (mined?.hash !== receipt.hash || mined.blockHash !== receipt.blockHash || mined.success !== receipt.success) {
      entries.push({ type: "mined", nonce, ...fields, ...(blobGasPriceWei === undefined ? {} : { blobGasPriceWei }) });
    }
    if (network.blockNumber - receipt.blockNumber + 1 >= confirmations) {
      entries.push({ type: "closed", nonce, outcome: "mined" });
    }
    return entries;
  }
  if (mined !== undefined) {
    // A node that has not reached the block yet proves nothing.
    return network.blockNumber >= mined.blockNumber ? [{ type: "unmined", nonce }] : [];
  }
  if (network.latestNonce <= nonce) return record.spentAtBlock === undefined ? [] : [{ type: "unmined", nonce }];
  if (record.spentAtBlock === undefined) return [{ type: "spent", nonce, blockNumber: network.blockNumber }];
  return network.blockNumber > record.spentAtBlock ? [{ type: "closed", nonce, outcome: "foreign" }] : [];
}

/** The latest block went by without the attempt whose turn it was; a pool may drop it for that very reason. */
function passedBlocks(record: NonceRecord, network: NetworkView): TransactionEntry[] {
  const attempt = record.attempts.findLast((a) => network.pooled.has(a.hash)) ?? lastAccepted(record);
  if (attempt === undefined || record.mined !== undefined || network.latestNonce !== record.nonce) return [];
  if (network.blockNumber <= attempt.atBlock || attempt.passed.length >= MAX_PASSED) return [];
  if ((attempt.passed.at(-1)?.blockNumber ?? -1) >= network.blockNumber) return [];
  return [
    {
      type: "passed",
      hash: attempt.hash,
      blockNumber: network.blockNumber,
      baseFeeWei: network.blockBaseFeeWei,
      blobBaseFeeWei: network.market.blobBaseFeeWei,
      priorityFeeWei: network.market.priorityFeeWei,
    },
  ];
}
