import type { L1Mark } from "./interface.ts";
import { OneBlockPerSlot } from "./one-block-per-slot.ts";
import { describeTransaction, L1Pool, type PooledTransaction, readTransaction } from "./pool.ts";

/** Hardhat's in-process network. */
export interface HardhatProvider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** Transactions kept to come again after a reorg; those of a few minutes. */
const MAX_MINED = 256;
/** Of an L1 block, since Prague. */
const MAX_BLOBS = 9;

/**
 * Hardhat's network with its blocks on the slots' boundaries: a block stamped T holds what arrived before T. Hardhat
 * mines blob transactions only one by one; a boundary with several transactions is shown as one block all the same.
 */
export class HardhatChain {
  readonly #provider: HardhatProvider;
  readonly #pool = new L1Pool();
  /** Mined from the pool, oldest first; at most `MAX_MINED`, the oldest dropped. */
  #mined: { hash: string; raw: string }[] = [];
  readonly #view: OneBlockPerSlot;
  /** Next nonces of accounts at the newest block, as far as they were asked for. */
  readonly #nonces = new Map<string, Promise<number>>();
  #holding = false;
  /** While a boundary's blocks are made nobody looks. */
  #mining: Promise<unknown> = Promise.resolve();

  constructor(provider: HardhatProvider) {
    this.#provider = provider;
    this.#view = new OneBlockPerSlot(provider);
  }

  /** From now on transactions wait for the next `mineAt`; until then every transaction is mined at once. */
  async holdTransactions(): Promise<void> {
    await this.#view.begin();
    this.#holding = true;
  }

  /**
   * Mines what waits, or an empty block, with this timestamp (Unix seconds). Answers the hashes that were dropped.
   * @param takes What the block's builder knows of and wants.
   */
  mineAt(
    timestamp: number,
    takes: (transaction: PooledTransaction) => boolean = () => true,
  ): Promise<{ hash: string; reason: string }[]> {
    const mined = this.#mineAt(timestamp, takes).finally(() => this.#nonces.clear());
    this.#mining = mined.catch(() => undefined);
    return mined;
  }

  async mark(): Promise<L1Mark> {
    const blockNumber = await this.#view.head();
    return { blockNumber, id: await this.#provider.request({ method: "evm_snapshot", params: [] }) };
  }

  /** Goes back to a mark; answers the raw transactions that are in the chain no more, in the order they were mined. */
  async goBack(mark: L1Mark): Promise<string[]> {
    await this.#provider.request({ method: "evm_revert", params: [mark.id] });
    this.#nonces.clear();
    await this.#view.rewind();
    const known = this.#mined;
    this.#mined = [];
    const gone: string[] = [];
    for (const one of known) {
      if (await this.#isMined(one.hash)) this.#mined.push(one);
      else gone.push(one.raw);
    }
    return gone;
  }

  /** A JSON-RPC call. Rejects with what the node answers. */
  async request(method: string, params: unknown[]): Promise<unknown> {
    if (!this.#holding) return this.#provider.request({ method, params });
    await this.#mining;
    if (method === "eth_sendRawTransaction") return this.#hold(String(params[0]));
    if (method === "eth_getTransactionByHash") {
      const pooled = this.#pool.get(String(params[0]));
      if (pooled !== undefined) return describeTransaction(pooled);
    }
    if (method === "eth_getTransactionCount" && params[1] === "pending") {
      const latest = await this.#latestNonce(params[0]);
      return `0x${this.#pool.pendingNonce(String(params[0]), latest).toString(16)}`;
    }
    return this.#view.request(method, params);
  }

  async #mineAt(
    timestamp: number,
    takes: (transaction: PooledTransaction) => boolean,
  ): Promise<{ hash: string; reason: string }[]> {
    const dropped: { hash: string; reason: string }[] = [];
    const baseFeeWei = await this.#nextBaseFeeWei();
    let mined = 0;
    let blobsLeft = MAX_BLOBS;
    const fits = (one: PooledTransaction): boolean => one.blobs <= blobsLeft && takes(one);
    for (let next = await this.#next(baseFeeWei, fits); next !== undefined; next = await this.#next(baseFeeWei, fits)) {
      this.#pool.remove(next);
      await this.#setTime(timestamp);
      if (mined > 0) await this.#setBaseFee(baseFeeWei);
      try {
        await this.#provider.request({ method: "eth_sendRawTransaction", params: [next.raw] });
      } catch (error) {
        // Hardhat reports a reverted transaction as an error, although it has mined it.
        if (!(await this.#isMined(next.hash))) {
          dropped.push({ hash: next.hash, reason: messageOf(error) });
          continue;
        }
      } finally {
        this.#nonces.delete(next.from);
      }
      mined++;
      blobsLeft -= next.blobs;
      this.#mined.push({ hash: next.hash, raw: next.raw });
      if (this.#mined.length > MAX_MINED) this.#mined.shift();
    }
    if (mined === 0) {
      await this.#setTime(timestamp);
      await this.#provider.request({ method: "evm_mine", params: [] });
    }
    await this.#view.end();
    return dropped;
  }

  async #hold(raw: string): Promise<string> {
    const transaction = readTransaction(raw);
    this.#pool.add(transaction, await this.#latestNonce(transaction.from));
    return transaction.hash;
  }

  async #setTime(timestamp: number): Promise<void> {
    await this.#provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
  }

  /** The same for all of a boundary, as they are in one block. */
  async #setBaseFee(baseFeeWei: bigint): Promise<void> {
    const params = [`0x${baseFeeWei.toString(16)}`];
    await this.#provider.request({ method: "hardhat_setNextBlockBaseFeePerGas", params });
  }

  async #nextBaseFeeWei(): Promise<bigint> {
    const block = await this.#provider.request({ method: "eth_getBlockByNumber", params: ["pending", false] });
    return BigInt((block as { baseFeePerGas: string }).baseFeePerGas);
  }

  async #next(
    baseFeeWei: bigint,
    takes: (transaction: PooledTransaction) => boolean,
  ): Promise<ReturnType<L1Pool["next"]>> {
    const { senders } = this.#pool;
    const counts = await Promise.all(senders.map((sender) => this.#latestNonce(sender)));
    const nonces = new Map(senders.map((sender, i) => [sender, counts[i]]));
    return this.#pool.next(baseFeeWei, (from) => nonces.get(from) ?? 0, takes);
  }

  #latestNonce(address: unknown): Promise<number> {
    const account = String(address).toLowerCase();
    const known = this.#nonces.get(account);
    if (known !== undefined) return known;
    const nonce = this.#provider
      .request({ method: "eth_getTransactionCount", params: [address, "latest"] })
      .then((answer) => Number(answer));
    this.#nonces.set(account, nonce);
    nonce.catch(() => this.#nonces.delete(account));
    return nonce;
  }

  async #isMined(hash: string): Promise<boolean> {
    return (await this.#provider.request({ method: "eth_getTransactionReceipt", params: [hash] })) !== null;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
