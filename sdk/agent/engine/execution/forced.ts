import type { Hex } from "../../../types/hex.ts";
import { toBytes } from "../hex.ts";
import type { Executor, OpenBlock } from "./executor.ts";
import { type DecodedTransaction, InvalidTransaction, type TransactionDecoder } from "./transactions.ts";

/** A forced transaction that may use more gas than this is void. */
export const MAX_FORCED_GAS = 500_000n;
/** Largest transaction the chain takes; the usual bound of Ethereum's pools. */
export const MAX_TRANSACTION_BYTES = 128 * 1024;

/**
 * Runs, at the start of a block, those of the forced transactions that can run where they come, in their order. The
 * others are void and leave no trace: what does not decode, is of type 3 or of another chain, may use more than
 * `MAX_FORCED_GAS`, does not fit its sender's nonce or balance, bids less than the base fee, or finds no room in the
 * block. Who builds a block and who judges it run this very function, so they agree on which these are.
 */
export async function runForced(
  executor: Executor,
  decoder: TransactionDecoder,
  open: OpenBlock,
  forced: readonly Hex[],
): Promise<void> {
  for (const hex of forced) await runOneForced(executor, decoder, open, hex);
}

/** The same for one of them. */
export async function runOneForced(
  executor: Executor,
  decoder: TransactionDecoder,
  open: OpenBlock,
  forced: Hex,
): Promise<void> {
  const transaction = decode(decoder, toBytes(forced));
  if (transaction !== undefined && transaction.tx.gasLimit <= MAX_FORCED_GAS) await executor.run(open, transaction);
}

/** Why a block with these transactions does not begin with those that were forced into it; undefined if it does. */
export function forcedError(
  { transactions: forced }: Pick<OpenBlock, "transactions">,
  transactions: readonly DecodedTransaction[],
): string | undefined {
  const at = forced.findIndex(({ hash }, i) => transactions[i]?.hash !== hash);
  if (at < 0) return undefined;
  return `transaction ${at}: expected the forced ${forced[at]?.hash}, got ${transactions[at]?.hash ?? "none"}`;
}

function decode(decoder: TransactionDecoder, raw: Uint8Array): DecodedTransaction | undefined {
  if (raw.length > MAX_TRANSACTION_BYTES) return undefined;
  try {
    return decoder.decode(raw);
  } catch (error) {
    if (error instanceof InvalidTransaction) return undefined;
    throw error;
  }
}
