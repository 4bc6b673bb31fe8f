import { computeAddress, getBytes, Transaction } from "ethers";
import { recoverPublicKey } from "../../../sdk/agent/engine/crypto/recovery.ts";
import { withoutBlobs } from "../../../sdk/submit/without-blobs.ts";

/** A transaction the L1 takes but has not mined. */
export interface PooledTransaction {
  hash: string;
  raw: string;
  from: string;
  nonce: number;
  data: string;
  type: number;
  maxFeePerGasWei: bigint;
  priorityFeeWei: bigint;
  blobFeeWei: bigint | undefined;
  /** How many it carries. */
  blobs: number;
}

/** Why a transaction is not taken, in the words L1 nodes use, which clients match. */
export class PoolRefusal extends Error {
  /** As nodes number what they refuse. */
  readonly code = -32_000;
}

/** Transactions held at once; a devnet's few accounts send one at a time. */
const MAX_POOLED = 1024;
/** A replacement must raise every fee by this much: blob transactions double, as on mainnet. */
const BUMP_PERCENT = 10n;
const BLOB_BUMP_PERCENT = 100n;

/**
 * The pool of the devnet's L1. Hardhat's network takes a blob transaction only while it mines at once; so that L1
 * blocks nevertheless come on the slot's boundary, transactions wait here until then.
 */
export class L1Pool {
  readonly #bySender = new Map<string, Map<number, PooledTransaction>>();
  readonly #byHash = new Map<string, PooledTransaction>();

  /**
   * Takes a transaction.
   * @param latest next nonce of its sender in the canonical chain.
   * @throws PoolRefusal.
   */
  add(transaction: PooledTransaction, latest: number): void {
    if (this.#byHash.has(transaction.hash)) throw new PoolRefusal("already known");
    if (transaction.nonce < latest)
      throw new PoolRefusal(`nonce too low: next nonce ${latest}, tx nonce ${transaction.nonce}`);
    const held = this.#bySender.get(transaction.from) ?? new Map<number, PooledTransaction>();
    requireKind(held, transaction);
    const replaced = held.get(transaction.nonce);
    if (replaced !== undefined) requireBump(replaced, transaction);
    else if (this.#byHash.size >= MAX_POOLED) throw new PoolRefusal("txpool is full");
    if (replaced !== undefined) this.#byHash.delete(replaced.hash);
    this.#bySender.set(transaction.from, held.set(transaction.nonce, transaction));
    this.#byHash.set(transaction.hash, transaction);
  }

  get(hash: string): PooledTransaction | undefined {
    return this.#byHash.get(hash.toLowerCase());
  }

  /** The nonce after the account's unbroken run of pooled transactions. */
  pendingNonce(from: string, latestNonce: number): number {
    const held = this.#bySender.get(from.toLowerCase());
    let nonce = latestNonce;
    while (held?.has(nonce)) nonce++;
    return nonce;
  }

  get senders(): string[] {
    return [...this.#bySender.keys()];
  }

  /** What can be mined now, the best paying first; one per sender, as its next depends on it. */
  next(
    baseFeeWei: bigint,
    latestNonce: (from: string) => number,
    takes: (transaction: PooledTransaction) => boolean = () => true,
  ): PooledTransaction | undefined {
    const payable = [...this.#bySender]
      .map(([from, held]) => held.get(latestNonce(from)))
      .filter((candidate) => candidate !== undefined)
      .filter((candidate) => candidate.maxFeePerGasWei >= baseFeeWei && takes(candidate));
    return payable.sort((a, b) =>
      a.priorityFeeWei === b.priorityFeeWei ? 0 : a.priorityFeeWei < b.priorityFeeWei ? 1 : -1,
    )[0];
  }

  remove({ hash, from, nonce }: PooledTransaction): void {
    this.#byHash.delete(hash);
    const held = this.#bySender.get(from);
    held?.delete(nonce);
    if (held?.size === 0) this.#bySender.delete(from);
  }
}

/** The last ones read, oldest first, at most `MAX_RECENT`: one transaction comes by way of several nodes. */
const recent = new Map<string, PooledTransaction>();
const MAX_RECENT = 32;

/** Reads a signed transaction. @throws PoolRefusal. */
export function readTransaction(raw: string): PooledTransaction {
  const known = recent.get(raw);
  if (known !== undefined) return known;
  const read = parse(raw);
  recent.set(raw, read);
  const [oldest] = recent.keys();
  if (recent.size > MAX_RECENT && oldest !== undefined) recent.delete(oldest);
  return read;
}

function parse(raw: string): PooledTransaction {
  let transaction: Transaction;
  try {
    transaction = Transaction.from(withoutBlobs(raw));
  } catch (error) {
    throw new PoolRefusal(`rlp: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { hash } = transaction;
  const from = senderOf(transaction);
  if (hash === null || from === null) throw new PoolRefusal("transaction is not signed");
  const gasPrice = transaction.gasPrice ?? 0n;
  return {
    hash: hash.toLowerCase(),
    raw,
    from: from.toLowerCase(),
    nonce: transaction.nonce,
    data: transaction.data,
    type: transaction.type ?? 0,
    maxFeePerGasWei: transaction.maxFeePerGas ?? gasPrice,
    priorityFeeWei: transaction.maxPriorityFeePerGas ?? gasPrice,
    blobFeeWei: transaction.maxFeePerBlobGas ?? undefined,
    blobs: transaction.blobVersionedHashes?.length ?? 0,
  };
}

/** As `Transaction.from` says it, by native code: a hundredth of the time. */
function senderOf({ signature, unsignedHash }: Transaction): string | null {
  if (signature === null) return null;
  const { r, s, yParity } = signature;
  const key = recoverPublicKey(getBytes(unsignedHash), BigInt(yParity), getBytes(r), getBytes(s));
  return computeAddress(`0x04${Buffer.from(key).toString("hex")}`);
}

/** A pooled transaction as `eth_getTransactionByHash` shows it. */
export function describeTransaction({ raw, hash, from }: PooledTransaction): object {
  const transaction = Transaction.from(withoutBlobs(raw));
  const quantity = (value: bigint | number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : `0x${value.toString(16)}`;
  return {
    hash,
    from,
    type: quantity(transaction.type),
    nonce: quantity(transaction.nonce),
    to: transaction.to,
    value: quantity(transaction.value),
    input: transaction.data,
    gas: quantity(transaction.gasLimit),
    gasPrice: quantity(transaction.gasPrice ?? transaction.maxFeePerGas),
    maxFeePerGas: quantity(transaction.maxFeePerGas),
    maxPriorityFeePerGas: quantity(transaction.maxPriorityFeePerGas),
    maxFeePerBlobGas: quantity(transaction.maxFeePerBlobGas),
    blobVersionedHashes: transaction.blobVersionedHashes ?? undefined,
    accessList: transaction.accessList ?? undefined,
    chainId: quantity(transaction.chainId),
    r: transaction.signature?.r,
    s: transaction.signature?.s,
    v: quantity(transaction.signature?.v),
    yParity: quantity(transaction.signature?.yParity),
    blockHash: null,
    blockNumber: null,
    transactionIndex: null,
  };
}

/** L1 nodes keep blob transactions in a pool apart, and an account in one pool at a time. */
function requireKind(held: ReadonlyMap<number, PooledTransaction>, transaction: PooledTransaction): void {
  for (const other of held.values()) {
    if (isBlob(other) !== isBlob(transaction)) throw new PoolRefusal("address already reserved");
  }
}

const isBlob = ({ type }: PooledTransaction): boolean => type === 3;

function requireBump(old: PooledTransaction, replacement: PooledTransaction): void {
  const percent = isBlob(old) ? BLOB_BUMP_PERCENT : BUMP_PERCENT;
  const enough = (before: bigint, after: bigint): boolean => after * 100n >= before * (100n + percent);
  if (
    !enough(old.maxFeePerGasWei, replacement.maxFeePerGasWei) ||
    !enough(old.priorityFeeWei, replacement.priorityFeeWei) ||
    !enough(old.blobFeeWei ?? 0n, replacement.blobFeeWei ?? 0n)
  ) {
    throw new PoolRefusal("replacement transaction underpriced");
  }
}
