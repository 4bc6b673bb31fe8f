import {
  BrowserProvider,
  HDNodeWallet,
  type JsonRpcApiProvider,
  JsonRpcProvider,
  Mnemonic,
  type Provider,
} from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { Hex } from "../../../sdk/types/hex.ts";
import { startAnvil } from "../../support/processes.ts";

/** An L1 node that makes a block only when it is told to, with accounts that own ether. */
export interface TestL1 {
  provider: JsonRpcApiProvider;
  blobWrapperVersion: 0 | 1;
  /** False where blob transactions are taken only if they are mined on arrival. */
  poolsBlobs: boolean;
  setMinesOnArrival(on: boolean): Promise<void>;
  /** Makes a block one L1 slot (12 s) after the last, and gives its time. */
  mine(): Promise<number>;
  /** Seconds since the epoch of the latest block. */
  time(): Promise<number>;
  drop(hash: Hex): Promise<void>;
  setNextBaseFee(wei: bigint): Promise<void>;
  setCode(address: Hex, code: Hex): Promise<void>;
  /** Replaces the last blocks by empty ones; undefined where the node cannot. */
  reorg: ((depth: number) => Promise<void>) | undefined;
  close(): Promise<void>;
}

export const L1_SLOT_SECONDS = 12;
const MNEMONIC = "test test test test test test test test test test test junk";

/** One of the node's rich accounts; each test takes another. */
export function account(index: number, provider: Provider): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), `m/44'/60'/0'/0/${index}`).connect(provider);
}

function common(provider: JsonRpcApiProvider, prefix: "hardhat" | "anvil") {
  const time = async (): Promise<number> => (await provider.getBlock("latest"))?.timestamp ?? 0;
  return {
    provider,
    time,
    async mine() {
      const next = (await time()) + L1_SLOT_SECONDS;
      await provider.send("evm_mine", [`0x${next.toString(16)}`]);
      return next;
    },
    setMinesOnArrival: (on: boolean) => provider.send("evm_setAutomine", [on]).then(() => undefined),
    drop: (hash: Hex) => provider.send(`${prefix}_dropTransaction`, [hash]).then(() => undefined),
    setNextBaseFee: (wei: bigint) =>
      provider.send(`${prefix}_setNextBlockBaseFeePerGas`, [`0x${wei.toString(16)}`]).then(() => undefined),
    setCode: (address: Hex, code: Hex) => provider.send(`${prefix}_setCode`, [address, code]).then(() => undefined),
  };
}

const HARDHAT = {
  type: "edr-simulated",
  chainType: "l1",
  hardfork: "prague",
  mining: { auto: false, interval: 0, mempool: { order: "priority" } },
} as const;

export async function hardhatL1(): Promise<TestL1> {
  const hre = await createHardhatRuntimeEnvironment({ networks: { l1: HARDHAT } });
  const connection = await hre.network.create("l1");
  const provider = new BrowserProvider(connection.provider, undefined, { cacheTimeout: -1 });
  return {
    ...common(provider, "hardhat"),
    blobWrapperVersion: 0,
    poolsBlobs: false,
    reorg: undefined,
    async close() {
      provider.destroy();
      await connection.close();
    },
  };
}

/** The same behind HTTP, for programs that run in a process of their own. */
export async function hardhatServerL1(): Promise<TestL1 & { url: string }> {
  const hre = await createHardhatRuntimeEnvironment({ networks: { l1: HARDHAT } });
  const server = await hre.network.createServer("l1", "127.0.0.1", 0);
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, staticNetwork: true, batchMaxCount: 1 });
  return {
    ...common(provider, "hardhat"),
    url,
    blobWrapperVersion: 0,
    poolsBlobs: false,
    reorg: undefined,
    async close() {
      provider.destroy();
      await server.close();
    },
  };
}

export async function anvilL1(hardfork: "prague" | "osaka"): Promise<TestL1> {
  const node = await startAnvil(["--no-mining", "--accounts", "20", "--hardfork", hardfork]);
  const provider = new JsonRpcProvider(node.url, undefined, {
    cacheTimeout: -1,
    staticNetwork: true,
    batchMaxCount: 1,
  });
  return {
    ...common(provider, "anvil"),
    blobWrapperVersion: hardfork === "osaka" ? 1 : 0,
    poolsBlobs: true,
    reorg: (depth) => provider.send("anvil_reorg", [depth, []]).then(() => undefined),
    async close() {
      provider.destroy();
      await node.stop();
    },
  };
}

/** What becomes of one call: never sent, or sent and its answer lost. */
export type Fault = "down" | "answer-lost";

/** The provider, except that `faults` may say of a method that its connection breaks. */
export function faulty(provider: Provider, faults: (method: string) => Fault | undefined): Provider {
  return new Proxy(provider, {
    get(target, property) {
      const value = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const method = property === "send" ? String(args[0]) : String(property);
        const fault = faults(method);
        if (fault === "down") throw new Error("connect ECONNREFUSED");
        const result: unknown = await value.apply(target, args);
        if (fault === "answer-lost") throw new Error("socket hang up");
        return result;
      };
    },
  });
}
