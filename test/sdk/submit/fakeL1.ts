import { AbiCoder, dataSlice, type Provider, Transaction } from "ethers";
import { bump, covers, max, payable } from "../../../sdk/submit/fees.ts";
import type { Fees, Market } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Fault } from "./l1.ts";

export interface PooledTransaction {
  hash: Hex;
  nonce: number;
  fees: Fees;
  /** Checkpoints it would land; none for a cancel or a foreign transaction. */
  checkpoints: Hex[];
  deadlineSec: number;
}

interface FakeBlock {
  hash: Hex;
  timestamp: number;
  baseFeeWei: bigint;
  mined: { transaction: PooledTransaction; status: 0 | 1; landed: Hex[] }[];
}

/** Calldata of the fake contract. */
export const encodeSubmission = (checkpoints: Hex[], deadlineSec: number): Hex =>
  AbiCoder.defaultAbiCoder().encode(["bytes32[]", "uint256"], [checkpoints, deadlineSec]) as Hex;

class NodeAnswer extends Error {
  readonly info: { error: { code: number; message: string } };
  constructor(message: string) {
    super(message);
    this.info = { error: { code: -32000, message } };
  }
}

/**
 * An L1 with one account's pool under geth's replacement rules and a contract that lands each checkpoint once, all
 * in memory: thousands of histories a second, with reorgs, drops and broken connections where a test asks for them.
 */
export class FakeL1 {
  readonly l1SlotSeconds = 12;
  readonly pool = new Map<number, PooledTransaction>();
  blocks: FakeBlock[] = [{ hash: "0x00", timestamp: 1_200, baseFeeWei: 10_000_000_000n, mined: [] }];
  market: Market = { nextBaseFeeWei: 10_000_000_000n, priorityFeeWei: 1_000_000_000n, blobBaseFeeWei: 1_000_000_000n };
  fault: (method: string) => Fault | undefined = () => undefined;
  /** Called with each transaction the pool takes and the last price it took for the nonce before. */
  onAccepted: (transaction: PooledTransaction, before: Fees | undefined) => void = () => {};
  readonly #lastAccepted = new Map<number, Fees>();
  #salt = 0;

  get time(): number {
    return this.blocks.at(-1)?.timestamp ?? 0;
  }

  get nonce(): number {
    return this.blocks.reduce((count, block) => count + block.mined.length, 0);
  }

  landed(): Hex[] {
    return this.blocks.flatMap((b) => b.mined.flatMap((m) => m.landed));
  }

  reverted(): number {
    return this.blocks.flatMap((b) => b.mined).filter((m) => m.status === 0).length;
  }

  /** Adds a block with what can be paid and what `include` lets in. */
  mine(include: () => boolean = () => true): void {
    const block: FakeBlock = {
      hash: `0x${(++this.#salt).toString(16).padStart(64, "0")}`,
      timestamp: this.time + this.l1SlotSeconds,
      baseFeeWei: this.market.nextBaseFeeWei,
      mined: [],
    };
    this.blocks.push(block);
    for (let next = this.pool.get(this.nonce); next !== undefined; next = this.pool.get(this.nonce)) {
      if (!payable(next.fees, this.market) || !include()) break;
      const done = new Set(this.landed());
      // A batch passes over what has landed already; with nothing left to land it reverts.
      const fresh = next.checkpoints.filter((c) => !done.has(c));
      const succeeds = next.checkpoints.length === 0 || (fresh.length > 0 && block.timestamp <= next.deadlineSec);
      block.mined.push({ transaction: next, status: succeeds ? 1 : 0, landed: succeeds ? fresh : [] });
      this.pool.delete(next.nonce);
    }
  }

  /** Replaces the last blocks by as many empty ones; their transactions go back to the pool if it keeps them. */
  reorg(depth: number, keeps: boolean): void {
    const removed = this.blocks.splice(Math.max(1, this.blocks.length - depth));
    for (const { timestamp, baseFeeWei } of removed) {
      this.blocks.push({
        hash: `0x${(++this.#salt).toString(16).padStart(64, "0")}`,
        timestamp,
        baseFeeWei,
        mined: [],
      });
    }
    for (const { transaction } of removed.flatMap((b) => b.mined)) {
      if (keeps) this.pool.set(transaction.nonce, transaction);
    }
  }

  /** Someone else spends the account's next nonce. */
  spendNonce(): void {
    const transaction = { hash: "0xf0" as Hex, nonce: this.nonce, fees: FOREIGN_FEES, checkpoints: [], deadlineSec: 0 };
    this.pool.delete(transaction.nonce);
    this.blocks.at(-1)?.mined.push({ transaction, status: 1, landed: [] });
  }

  provider(): Provider {
    const calls: Record<string, (...args: never[]) => unknown> = {
      getNetwork: () => ({ chainId: 1n }),
      getTransactionCount: (_account: string, tag: string) => this.nonce + (tag === "pending" ? this.#ready() : 0),
      getBlock: () => this.#block(),
      getTransactionReceipt: (hash: Hex) => this.#receipt(hash),
      getTransaction: (hash: Hex) =>
        [...this.pool.values()].some((t) => t.hash === hash) ? { blockHash: null } : null,
      eth_maxPriorityFeePerGas: () => this.market.priorityFeeWei,
      eth_blobBaseFee: () => this.market.blobBaseFeeWei,
      broadcastTransaction: (raw: Hex) => this.#accept(Transaction.from(raw)),
    };
    const call = async (method: string, args: unknown[]): Promise<unknown> => {
      const fault = this.fault(method);
      if (fault === "down") throw new Error("connect ECONNREFUSED");
      const result = calls[method]?.(...(args as never[]));
      if (fault === "answer-lost") throw new Error("socket hang up");
      return result;
    };
    const methods = Object.keys(calls).map((name) => [name, (...args: unknown[]) => call(name, args)]);
    return { ...Object.fromEntries(methods), send: (method: string) => call(method, []) } as Provider;
  }

  #ready(): number {
    let count = 0;
    while (this.pool.has(this.nonce + count)) count++;
    return count;
  }

  /** The fake's gas numbers make EIP-1559's next base fee come out as the market says. */
  #block(): unknown {
    const { nextBaseFeeWei } = this.market;
    return {
      number: this.blocks.length - 1,
      timestamp: this.time,
      baseFeePerGas: nextBaseFeeWei,
      gasUsed: 15_000_000n,
      gasLimit: 30_000_000n,
    };
  }

  #receipt(hash: Hex): unknown {
    for (const [blockNumber, block] of this.blocks.entries()) {
      const found = block.mined.find((m) => m.transaction.hash === hash);
      if (found === undefined) continue;
      const { status, transaction } = found;
      const gas = { gasUsed: 50_000n, gasPrice: block.baseFeeWei };
      return { hash, blockNumber, blockHash: block.hash, status, ...gas, logs: transaction.checkpoints };
    }
    return null;
  }

  #accept(transaction: Transaction): void {
    const fees: Fees = {
      maxFeePerGasWei: transaction.maxFeePerGas ?? 0n,
      maxPriorityFeePerGasWei: transaction.maxPriorityFeePerGas ?? 0n,
      maxFeePerBlobGasWei: transaction.maxFeePerBlobGas ?? undefined,
    };
    const { nonce } = transaction;
    const hash = transaction.hash as Hex;
    const held = this.pool.get(nonce);
    if (held?.hash === hash) throw new NodeAnswer("already known");
    if (nonce < this.nonce) throw new NodeAnswer("nonce too low");
    if (held !== undefined) {
      const sameType = (held.fees.maxFeePerBlobGasWei === undefined) === (fees.maxFeePerBlobGasWei === undefined);
      if (!sameType) throw new NodeAnswer("address already reserved");
      if (!covers(fees, bump(held.fees))) throw new NodeAnswer("replacement transaction underpriced");
    }
    const [checkpoints, deadline] =
      dataSlice(transaction.data, 0) === "0x"
        ? [[], 0n]
        : AbiCoder.defaultAbiCoder().decode(["bytes32[]", "uint256"], transaction.data);
    const accepted = { hash, nonce, fees, checkpoints: [...checkpoints], deadlineSec: Number(deadline) };
    this.onAccepted(accepted, this.#lastAccepted.get(nonce));
    this.#lastAccepted.set(nonce, fees);
    this.pool.set(nonce, accepted);
  }
}

const FOREIGN_FEES: Fees = {
  maxFeePerGasWei: 10n ** 15n,
  maxPriorityFeePerGasWei: 10n ** 9n,
  maxFeePerBlobGasWei: undefined,
};

/** The higher of two offers in each part. */
export const higher = (a: Fees, b: Fees): Fees => ({
  maxFeePerGasWei: max(a.maxFeePerGasWei, b.maxFeePerGasWei),
  maxPriorityFeePerGasWei: max(a.maxPriorityFeePerGasWei, b.maxPriorityFeePerGasWei),
  maxFeePerBlobGasWei: max(a.maxFeePerBlobGasWei ?? 0n, b.maxFeePerBlobGasWei ?? 0n),
});
