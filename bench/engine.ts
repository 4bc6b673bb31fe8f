import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AbiCoder, Interface, keccak256 } from "ethers";
import { EmbeddedEngine } from "../sdk/agent/engine/embedded-engine.ts";
import type { GenesisAccount, GenesisConfig } from "../sdk/agent/engine/genesis.ts";
import type { Hex } from "../sdk/types/hex.ts";
import type { ExecutionPayload } from "../sdk/types/payload.ts";
import { testToken } from "../test/support/erc20.ts";
import { FastSigner } from "../test/support/fast-signer.ts";

const CHAIN_ID = 77_001;
const ACCOUNTS = 10_000;
const BLOCK_TRANSACTIONS = 200;
const WARM_UP_BLOCKS = 10;
const MEASURED_BLOCKS = 25;
const TOKEN: Hex = "0x00000000000000000000000000000000000e2c20";
/** Storage slot of `balanceOf` in the token. */
const BALANCES_SLOT = 1;
const GENESIS_SECONDS = 1_700_000_000;
const ZERO: Hex = `0x${"0".repeat(64)}`;

export interface EngineFigures {
  /** Built: signatures recovered, executed, roots computed, stored, made head. */
  txPerSecond: number;
  /** Re-executed from another node's payload, by `newPayload`. */
  verifiedTxPerSecond: number;
  /** Growth of the database file per transaction. */
  bytesPerTransaction: number;
}

export interface EngineResults {
  eth: EngineFigures;
  erc20: EngineFigures;
}

type Load = (from: number, to: number, nonce: number) => Hex;

/** Measures the embedded engine on one core, prints the table and writes `bench/results/engine.json`. */
export async function runEngineBench(): Promise<EngineResults> {
  const signers = Array.from({ length: ACCOUNTS }, (_, index) => new FastSigner(`account ${index}`));
  const token = new Interface(testToken().abi);
  const fees = { chainId: CHAIN_ID, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n };
  const address = (index: number): Hex => (signers[index] as FastSigner).address;
  const transfer: Load = (from, to, nonce) =>
    (signers[from] as FastSigner).sign({ ...fees, nonce, to: address(to), valueWei: 1n, gasLimit: 21_000 });
  const tokenTransfer: Load = (from, to, nonce) => {
    const data = token.encodeFunctionData("transfer", [address(to), 1n]) as Hex;
    return (signers[from] as FastSigner).sign({ ...fees, nonce, to: TOKEN, valueWei: 0n, data, gasLimit: 70_000 });
  };
  const genesis = genesisFor(signers);
  const results = { eth: await measure(genesis, transfer), erc20: await measure(genesis, tokenTransfer) };
  print(results);
  const path = new URL("./results/engine.json", import.meta.url);
  mkdirSync(new URL(".", path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
  return results;
}

function genesisFor(signers: FastSigner[]): GenesisConfig {
  const storage: Record<Hex, Hex> = {};
  const alloc: Record<Hex, GenesisAccount> = {
    [TOKEN]: { balanceWei: 0n, nonce: 1, code: testToken().runtime, storage },
  };
  for (const { address } of signers) {
    alloc[address] = { balanceWei: 10n ** 21n };
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [address, BALANCES_SLOT]));
    storage[slot as Hex] = `0x${(10n ** 18n).toString(16).padStart(64, "0")}`;
  }
  return { chainId: CHAIN_ID, timestamp: GENESIS_SECONDS, gasLimit: 30_000_000n, baseFeePerGasWei: 10n ** 9n, alloc };
}

async function measure(genesis: GenesisConfig, load: Load): Promise<EngineFigures> {
  const directory = mkdtempSync(join(tmpdir(), "baton-engine-bench-"));
  const open = (name: string) => EmbeddedEngine.open({ path: join(directory, name), genesis }, { nowMs: Date.now });
  try {
    const builder = await open("builder");
    const sizeOf = (): number => statSync(join(directory, "builder", "data.mdb")).size;
    const blocks = WARM_UP_BLOCKS + MEASURED_BLOCKS;
    const batches = signBlocks(load, blocks);
    const payloads: ExecutionPayload[] = [];
    let started = 0;
    let sizeBefore = 0;
    for (const [index, batch] of batches.entries()) {
      if (index === WARM_UP_BLOCKS) {
        started = performance.now();
        sizeBefore = sizeOf();
      }
      payloads.push(await build(builder, payloads.at(-1)?.blockHash ?? builder.genesisHash, index, batch));
    }
    const buildMs = performance.now() - started;
    const growth = sizeOf() - sizeBefore;
    await builder.close();

    const verifier = await open("verifier");
    for (const [index, payload] of payloads.entries()) {
      if (index === WARM_UP_BLOCKS) started = performance.now();
      const { status, reason } = await verifier.newPayload(payload);
      if (status !== "VALID") throw new Error(`block ${payload.blockNumber} is ${status}: ${reason}`);
    }
    const verifyMs = performance.now() - started;
    await verifier.close();
    const transactions = MEASURED_BLOCKS * BLOCK_TRANSACTIONS;
    return {
      txPerSecond: Math.round((1000 * transactions) / buildMs),
      verifiedTxPerSecond: Math.round((1000 * transactions) / verifyMs),
      bytesPerTransaction: Math.round(growth / transactions),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every account sends in turn, to a recipient far away from it. */
function signBlocks(load: Load, blocks: number): Hex[][] {
  const nonces = new Uint32Array(ACCOUNTS);
  return Array.from({ length: blocks }, (_, block) =>
    Array.from({ length: BLOCK_TRANSACTIONS }, (_, index) => {
      const from = (block * BLOCK_TRANSACTIONS + index) % ACCOUNTS;
      const nonce = nonces[from] as number;
      nonces[from] = nonce + 1;
      return load(from, (from * 7919 + block + 1) % ACCOUNTS, nonce);
    }),
  );
}

async function build(engine: EmbeddedEngine, parent: Hex, index: number, batch: Hex[]): Promise<ExecutionPayload> {
  const id = await engine.startPayload(parent, {
    timestamp: GENESIS_SECONDS + 1 + index,
    prevRandao: ZERO,
    feeRecipient: "0x00000000000000000000000000000000000c0b5e",
    withdrawals: [],
    gasLimit: 30_000_000n,
  });
  const results = await engine.appendTransactions(id, batch, Number.POSITIVE_INFINITY);
  const failed = results.find(({ outcome }) => outcome !== "included");
  if (failed !== undefined || results.length !== batch.length)
    throw new Error(`not included: ${JSON.stringify(failed)}`);
  const payload = await engine.getPayload(id);
  const { blockHash } = payload;
  await engine.forkchoiceUpdated({ headBlockHash: blockHash, safeBlockHash: ZERO, finalizedBlockHash: ZERO });
  return payload;
}

function print(results: EngineResults): void {
  console.log(`engine: ${BLOCK_TRANSACTIONS}-transaction blocks, ${ACCOUNTS} accounts, one core`);
  for (const [name, figures] of Object.entries(results) as [string, EngineFigures][]) {
    console.log(
      `  ${name.padEnd(6)} built ${figures.txPerSecond} tx/s, verified ${figures.verifiedTxPerSecond} tx/s, ` +
        `database grows ${figures.bytesPerTransaction} bytes per transaction`,
    );
  }
}

if (import.meta.main) await runEngineBench();
