import type { Hex } from "../../types/hex.ts";
import type { AccountQueue, AccountState, Entry } from "./account.ts";
import type { DecodedTransaction } from "./codec.ts";
import type { Contents } from "./contents.ts";
import { MempoolError } from "./interface.ts";
import type { MempoolOptions } from "./options.ts";

/** EIP-1559's base fee never falls below this on a chain that starts above it, in wei per gas. */
const LOWEST_BASE_FEE = 7n;

/** Checks that need nothing but the transaction. Throws MempoolError. */
export function checkStatic(transaction: DecodedTransaction, options: MempoolOptions): void {
  if (!transaction.replayProtected) {
    throw new MempoolError(
      "wrong-chain",
      "transaction without a chain id could be replayed elsewhere; sign with EIP-155",
    );
  }
  if (transaction.gasLimit > options.blockGasLimit) {
    throw new MempoolError("gas-limit", `exceeds block gas limit: ${transaction.gasLimit} > ${options.blockGasLimit}`);
  }
  const least = transaction.transaction.getMinimumGasLimit();
  if (transaction.gasLimit < least) {
    throw new MempoolError("gas-limit", `intrinsic gas too low: needs ${least}, got ${transaction.gasLimit}`);
  }
  if (transaction.maxFeePerGas < LOWEST_BASE_FEE) {
    throw new MempoolError(
      "underpriced",
      `transaction underpriced: max fee ${transaction.maxFeePerGas} wei is below any base fee (${LOWEST_BASE_FEE} wei)`,
    );
  }
  if (transaction.maxPriorityFeePerGas < options.minPriorityFeePerGas) {
    throw new MempoolError(
      "underpriced",
      `transaction underpriced: tip ${transaction.maxPriorityFeePerGas} wei, this node asks for ${options.minPriorityFeePerGas} wei`,
    );
  }
}

/**
 * Checks against the account at the head and what it has pooled (`queue`, undefined if nothing). Throws MempoolError.
 * The balance must cover the account's whole pooled run: otherwise one balance could back any number of transactions.
 */
export function checkAgainstAccount(
  entry: Entry,
  state: AccountState,
  queue: AccountQueue | undefined,
  options: MempoolOptions,
): void {
  if (entry.nonce < state.nonce) {
    throw new MempoolError("nonce-too-low", `nonce too low: account is at ${state.nonce}, got ${entry.nonce}`);
  }
  const replaced = queue?.get(entry.nonce);
  if (replaced !== undefined) checkReplacement(entry, replaced, options);
  else checkRoom(entry, state, queue, options);
  const total = (queue?.totalCost() ?? 0n) - (replaced?.maxCost ?? 0n) + entry.maxCost;
  if (state.balance !== undefined && total > state.balance) {
    throw new MempoolError(
      "insufficient-funds",
      `insufficient funds for gas * price + value: balance ${state.balance} wei, ` +
        `this transaction and the account's pooled ones may cost ${total} wei`,
    );
  }
}

function checkReplacement(entry: Entry, replaced: Entry, options: MempoolOptions): void {
  const bump = (fee: bigint): bigint => (fee * (100n + options.replacementBumpPercent) + 99n) / 100n;
  const maxFee = bump(replaced.maxFeePerGas);
  const tip = bump(replaced.maxPriorityFeePerGas);
  if (entry.maxFeePerGas >= maxFee && entry.maxPriorityFeePerGas >= tip) return;
  throw new MempoolError(
    "replacement-underpriced",
    `replacement transaction underpriced: nonce ${entry.nonce} is taken by ${replaced.hash}; ` +
      `needs max fee ${maxFee} and tip ${tip} wei, got ${entry.maxFeePerGas} and ${entry.maxPriorityFeePerGas}`,
  );
}

function checkRoom(entry: Entry, state: AccountState, queue: AccountQueue | undefined, options: MempoolOptions): void {
  const ordinary = queue?.ordinary() ?? [];
  if (ordinary.length >= options.maxPerAccount) {
    throw new MempoolError("account-limit", `account has ${ordinary.length} pooled transactions, the limit`);
  }
  const next = queue?.nextNonce() ?? state.nonce;
  if (entry.nonce <= next) return;
  const queued = ordinary.filter((other) => other.nonce > next).length;
  if (entry.nonce > next + options.maxNonceGap || queued >= options.maxQueuedPerAccount) {
    throw new MempoolError(
      "account-limit",
      `nonce ${entry.nonce} is too far ahead: expected ${next}, at most ${options.maxQueuedPerAccount} may wait ` +
        `and none more than ${options.maxNonceGap} ahead`,
    );
  }
}

/**
 * EIP-7702's danger for a pool: code can empty an account, and an authorization moves its signer's nonce, without a
 * transaction of that account; so what could be made void for nothing is at most one transaction. Throws MempoolError.
 */
export function checkDelegation(entry: Entry, state: AccountState, contents: Contents): void {
  const others = (address: Hex): number => {
    const queue = contents.accounts.get(address);
    return (queue?.size ?? 0) - (address === entry.from && queue?.get(entry.nonce) !== undefined ? 1 : 0);
  };
  const isLimited = state.isDelegated === true || contents.isAuthority(entry.from);
  if (isLimited && others(entry.from) > 0) {
    throw new MempoolError("delegated", `${entry.from} is delegated or about to be: one pooled transaction at a time`);
  }
  if (isLimited && entry.nonce > state.nonce) {
    const expected = `expected nonce ${state.nonce}, got ${entry.nonce}`;
    throw new MempoolError("delegated", `${entry.from} is delegated or about to be: ${expected}`);
  }
  const reserved = entry.moves.slice(1).find((authority) => others(authority) > 1);
  if (reserved === undefined) return;
  throw new MempoolError(
    "delegated",
    `authorization by ${reserved}, which has ${others(reserved)} pooled transactions: expected at most one`,
  );
}
