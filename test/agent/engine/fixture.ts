import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "ethers";
import { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import type { AppendResult, ExecutionEngine } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../sdk/types/payload.ts";
import { type CompiledContract, compileSolidity } from "../../support/solidity.ts";

export const CHAIN_ID = 90_210;
export const GENESIS_SECONDS = 1_700_000_000;
export const GAS_LIMIT = 30_000_000n;
export const ETHER = 10n ** 18n;
export const GWEI = 10n ** 9n;
export const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;
export const FOREVER = Number.POSITIVE_INFINITY;

/** Accounts with 1,000 ether each. */
export const wallets = Array.from({ length: 6 }, (_, i) => new Wallet(`0x${String(i + 1).repeat(64)}`));

export const genesis: GenesisConfig = {
  chainId: CHAIN_ID,
  timestamp: GENESIS_SECONDS,
  gasLimit: GAS_LIMIT,
  baseFeePerGasWei: GWEI,
  alloc: Object.fromEntries(wallets.map(({ address }) => [address as Hex, { balanceWei: 1_000n * ETHER }])),
};

let probe: CompiledContract | undefined;

/** The contract of Probe.sol, compiled once per process. */
export function probeContract(): CompiledContract {
  probe ??= compileSolidity(new URL("./Probe.sol", import.meta.url), "Probe");
  return probe;
}

/** Directories and engines of one test file, removed and closed together. */
export class Workshop {
  readonly #directory = mkdtempSync(join(tmpdir(), "baton-engine-test-"));
  readonly #engines: { close(): Promise<void> }[] = [];
  #count = 0;

  /** A path no other engine of this workshop has. */
  path(): string {
    return join(this.#directory, `engine-${this.#count++}`);
  }

  async open(path = this.path(), nowMs = Date.now, config = genesis): Promise<EmbeddedEngine> {
    return this.closeLater(await EmbeddedEngine.open({ path, genesis: config }, { nowMs }));
  }

  closeLater<T extends { close(): Promise<void> }>(engine: T): T {
    this.#engines.push(engine);
    return engine;
  }

  async cleanUp(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Attributes of a child of `parent`; `variant` makes siblings differ. */
export function attributes(parent: { timestamp: number }, variant = 1): PayloadAttributes {
  return {
    timestamp: parent.timestamp + variant,
    prevRandao: `0x${variant.toString(16).padStart(64, "0")}`,
    feeRecipient: "0x00000000000000000000000000000000000c0b5e",
    withdrawals: [],
    gasLimit: GAS_LIMIT,
  };
}

export interface BuiltBlock {
  payload: ExecutionPayload;
  results: AppendResult[];
}

/** Builds a block of `transactions` on a parent. */
export async function build(
  engine: ExecutionEngine,
  parent: { blockHash: Hex; timestamp: number },
  transactions: Hex[],
  change: Partial<PayloadAttributes> = {},
): Promise<BuiltBlock> {
  const id = await engine.startPayload(parent.blockHash, { ...attributes(parent), ...change });
  const results = await engine.appendTransactions(id, transactions, FOREVER);
  return { payload: await engine.getPayload(id), results };
}

/** Where every chain of these tests starts. */
export const genesisPoint = (engine: ExecutionEngine): { blockHash: Hex; timestamp: number } => ({
  blockHash: engine.genesisHash,
  timestamp: GENESIS_SECONDS,
});

export const setHead = (engine: ExecutionEngine, headBlockHash: Hex) =>
  engine.forkchoiceUpdated({ headBlockHash, safeBlockHash: ZERO_HASH, finalizedBlockHash: ZERO_HASH });

/** A signed transfer of `valueWei` from a wallet, by default 1 wei. */
export async function transfer(wallet: Wallet, nonce: number, to: string, valueWei = 1n): Promise<Hex> {
  return sign(wallet, { nonce, to, value: valueWei, gasLimit: 21_000 });
}

/** Signs with fees that are ample in these tests. */
export async function sign(wallet: Wallet, request: Parameters<Wallet["signTransaction"]>[0]): Promise<Hex> {
  const fees =
    request.type === 0 || request.type === 1
      ? { gasPrice: 20n * GWEI }
      : { type: 2, maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };
  return (await wallet.signTransaction({ chainId: CHAIN_ID, ...fees, ...request })) as Hex;
}
