import { GAS_PER_BLOB } from "../../submit/fees.ts";
import type { JournalState, NonceRecord } from "../../submit/journal/state.ts";
import type { Hex } from "../../types/hex.ts";

/** What this account's transactions for one checkpoint have come to so far. */
export interface Spent {
  /** Those in the chain, reverted ones included. */
  transactions: number;
  gasUsed: number;
  costWei: bigint;
  /** The one that landed it. */
  landedBy: { hash: Hex; blockNumber: number } | undefined;
  /** Whether any of its nonces may still change. */
  open: boolean;
}

/** Pure: reads the journal. @param blobCount Blobs of the checkpoint, the only one in each of its transactions. */
export function spentOn(journal: JournalState, digest: Hex, blobCount: number): Spent {
  const records = journal.records.filter(({ attempts }) => attempts.some((a) => a.checkpoints.includes(digest)));
  const mined = records.flatMap((record) => minedFor(record, digest));
  const landed = mined.find(({ success }) => success);
  return {
    transactions: mined.length,
    gasUsed: mined.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
    costWei: mined.reduce((sum, transaction) => sum + costOf(transaction, blobCount), 0n),
    landedBy: landed && { hash: landed.hash, blockNumber: landed.blockNumber },
    open: records.some(({ closed }) => closed === undefined),
  };
}

type Mined = NonNullable<NonceRecord["mined"]>;

function minedFor({ mined, attempts }: NonceRecord, digest: Hex): Mined[] {
  const attempt = attempts.find(({ hash }) => hash === mined?.hash);
  return mined !== undefined && attempt?.checkpoints.includes(digest) ? [mined] : [];
}

/** Gas and blob gas at the prices paid. */
export function costOf({ gasUsed, gasPriceWei, blobGasPriceWei = 0n }: Mined, blobCount: number): bigint {
  return BigInt(gasUsed) * gasPriceWei + BigInt(blobCount) * GAS_PER_BLOB * blobGasPriceWei;
}
