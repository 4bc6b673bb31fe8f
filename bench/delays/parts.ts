import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { EmbeddedEngine } from "../../sdk/agent/engine/embedded-engine.ts";
import { LmdbSigningGuard } from "../../sdk/agent/guard/lmdb-signing-guard.ts";
import { LocalSigner } from "../../sdk/agent/guard/local-signer.ts";
import { encodeBlocks } from "../../sdk/blob/blocks.ts";
import { createKzg } from "../../sdk/blob/kzg.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../sdk/bls/keys.ts";
import { BLS } from "../../sdk/bls/scheme.ts";
import { bytesToHex, type Hex } from "../../sdk/types/hex.ts";
import type { Delays } from "../../test/sim/setting.ts";
import { FastSigner } from "../../test/support/fast-signer.ts";
import { startAnvil } from "../../test/support/processes.ts";
import { sample, spread } from "./spread.ts";

const ZERO: Hex = `0x${"0".repeat(64)}`;
const CHAIN_ID = 901;
const BLOCKS = 20;
/** Of a full checkpoint: three blobs in twelve blocks. */
const BLOCK_TRANSACTIONS = 256;
/** As many as the block builder gives to the engine at once. */
const BATCH = 32;

/** In a directory of its own, removed afterwards. */
async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "baton-delays-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Full blocks of transfers, built by one engine and executed by another. */
export function measureEngine(): Promise<Delays["engine"]> {
  return inDirectory(async (directory) => {
    const signers = Array.from({ length: BLOCK_TRANSACTIONS }, (_, index) => new FastSigner(`delays ${index}`));
    const alloc = Object.fromEntries(signers.map(({ address }) => [address, { balanceWei: 10n ** 21n }]));
    const genesis = { chainId: CHAIN_ID, timestamp: 1, gasLimit: 30_000_000n, baseFeePerGasWei: 10n ** 9n, alloc };
    const open = (name: string): Promise<EmbeddedEngine> =>
      EmbeddedEngine.open({ path: join(directory, name), genesis }, { nowMs: Date.now });
    const [builder, verifier] = [await open("builder"), await open("verifier")];
    const fees = { chainId: CHAIN_ID, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n, gasLimit: 21_000 };
    const taken = { startPayload: [], appendTransactions: [], getPayload: [], newPayload: [] } as Record<
      string,
      number[]
    >;
    const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
      const startMs = performance.now();
      const result = await work;
      taken[name]?.push(performance.now() - startMs);
      return result;
    };
    let parent = builder.genesisHash;
    for (let nonce = 0; nonce < BLOCKS; nonce++) {
      const raws = signers.map((signer) => signer.sign({ ...fees, nonce, to: signer.address, valueWei: 1n }));
      const attributes = { timestamp: 2 + nonce, prevRandao: ZERO, feeRecipient: `0x${"0b".repeat(20)}` as Hex };
      const rest = { withdrawals: [], gasLimit: 30_000_000n };
      const id = await timed("startPayload", builder.startPayload(parent, { ...attributes, ...rest }));
      for (let from = 0; from < raws.length; from += BATCH) {
        const batch = raws.slice(from, from + BATCH);
        await timed("appendTransactions", builder.appendTransactions(id, batch, Number.POSITIVE_INFINITY));
      }
      const payload = await timed("getPayload", builder.getPayload(id));
      const { status } = await timed("newPayload", verifier.newPayload(payload));
      if (status !== "VALID") throw new Error(`block ${nonce} is ${status}`);
      parent = payload.blockHash;
    }
    await Promise.all([builder.close(), verifier.close()]);
    return Object.fromEntries(Object.entries(taken).map(([name, times]) => [name, spread(times)]));
  });
}

/** Commitment and proofs of a full blob. */
export async function measureKzg(): Promise<Delays["kzg"]> {
  const kzg = createKzg();
  const [blob] = encodeBlocks([randomFillSync(Buffer.alloc(120_000))], 1) as [Uint8Array];
  return {
    commit: spread(await sample(20, () => kzg.commit(blob))),
    sidecar: spread(await sample(10, () => kzg.sidecar(blob, 0))),
  };
}

/** A signature with its row on disk first, and the check of one by its receiver, milliseconds. */
export function measureSignatures(): Promise<{ signMs: number[]; verifyMs: number[] }> {
  return inDirectory(async (directory) => {
    const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(7));
    const publicKey = publicKeyOf(secretKey);
    const files = { path: join(directory, "guard", "guard.mdb"), witnessPath: join(directory, "witness.mdb") };
    const guard = await LmdbSigningGuard.open(files, [publicKey]);
    const signer = new LocalSigner({ secretKey, chainId: 1, rollup: `0x${"11".repeat(20)}` }, { guard, bls: BLS });
    const signMs = await sample(50, (slot) => signer.sign("block", slot + 1, ZERO, "0/0"));
    const message = bytesToHex(new Uint8Array(32).fill(3));
    const signature = BLS.sign(message, secretKey);
    const verifyMs = await sample(30, () => BLS.verify(message, signature, publicKey));
    await guard.close();
    return { signMs, verifyMs };
  });
}

/** Calls to an L1 node of this machine over HTTP, as an agent makes them, milliseconds. */
export async function measureL1Calls(): Promise<number[]> {
  const node = await startAnvil();
  const provider = new JsonRpcProvider(node.url, undefined, { batchMaxCount: 1, cacheTimeout: -1 });
  try {
    return await sample(100, () => provider.send("eth_getBlockByNumber", ["latest", true]));
  } finally {
    provider.destroy();
    await node.stop();
  }
}
