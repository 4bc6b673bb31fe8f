import type { TransactionLike } from "ethers";
import { keccak256, toUtf8Bytes, Wallet } from "ethers";
import type { PoolChain } from "../../../../sdk/agent/mempool/accounts.ts";
import type { TransactionJournal } from "../../../../sdk/agent/mempool/interface.ts";
import type { MempoolOptions } from "../../../../sdk/agent/mempool/options.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../../../sdk/agent/mempool/pool.ts";
import { ManualClock } from "../../../../sdk/agent/time/manual-clock.ts";
import type { Logger } from "../../../../sdk/agent/types/logger.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";

export const CHAIN_ID = 901;
export const ONE_ETHER = 10n ** 18n;
const RECIPIENT = "0x00000000000000000000000000000000000000aa";

/** Accounts at a head that the test moves by hand. */
export class ManualChain implements PoolChain {
  readonly accounts = new Map<string, { nonce: number; balance: bigint }>();
  baseFee = 7n;
  reads = 0;
  /** When set, account reads wait for it: a test decides what happens in between. */
  gate: Promise<void> | undefined;

  async getAccount(address: Hex): Promise<{ nonce: number; balance: bigint }> {
    this.reads++;
    const gate = this.gate;
    const state = this.accounts.get(address) ?? { nonce: 0, balance: 0n };
    await gate;
    return state;
  }

  /** Accounts that run code (EIP-7702). */
  readonly delegated = new Set<string>();
  codeReads = 0;

  async getCode(address: Hex): Promise<Hex> {
    this.codeReads++;
    return this.delegated.has(address) ? "0xef0100" : "0x";
  }

  async getNextBaseFee(): Promise<bigint> {
    return this.baseFee;
  }

  set(address: string, nonce: number, balance = ONE_ETHER): void {
    this.accounts.set(address.toLowerCase(), { nonce, balance });
  }
}

export interface PoolFixture {
  pool: TransactionPool;
  chain: ManualChain;
  clock: ManualClock;
  /** Accounts with one ether and nonce 0. */
  wallets: Wallet[];
  /** What was logged as going wrong. */
  problems: string[];
}

/** A log that keeps its warnings and errors. */
export function keptLog(): { log: Logger; problems: string[] } {
  const problems: string[] = [];
  const note = (fields: Record<string, unknown>, message: string): void => {
    problems.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { log: { debug: () => undefined, info: () => undefined, warn: note, error: note }, problems };
}

export function poolFixture(
  overrides: Partial<MempoolOptions> = {},
  accounts = 3,
  journal?: TransactionJournal,
): PoolFixture {
  const { log, problems } = keptLog();
  const chain = new ManualChain();
  const clock = new ManualClock(1_000_000);
  const wallets = Array.from({ length: accounts }, (_, i) => new Wallet(keccak256(toUtf8Bytes(`account ${i}`))));
  for (const wallet of wallets) chain.set(wallet.address, 0);
  const pool = new TransactionPool(
    { ...DEFAULT_MEMPOOL_OPTIONS, chainId: CHAIN_ID, ...overrides },
    { chain, clock, log, ...(journal && { journal }) },
  );
  return { pool, chain, clock, wallets, problems };
}

/** A signed transfer of 1 wei; `tip` and `fee` in wei per gas. */
export function sign(
  wallet: Wallet,
  nonce: number,
  fields: TransactionLike & { tip?: bigint; fee?: bigint } = {},
): Promise<Hex> {
  const { tip = 100n, fee = 10_000n, ...rest } = fields;
  return wallet.signTransaction({
    type: 2,
    chainId: CHAIN_ID,
    nonce,
    to: RECIPIENT,
    value: 1n,
    gasLimit: 21_000n,
    maxFeePerGas: fee,
    maxPriorityFeePerGas: tip,
    ...rest,
  } as TransactionLike) as Promise<Hex>;
}

/** The MempoolError code of a rejected promise; fails if it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code: string }).code;
  }
  throw new Error("expected a refusal");
}
