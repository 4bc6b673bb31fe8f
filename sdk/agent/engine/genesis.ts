import type { Common } from "@ethereumjs/common";
import { Account } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import { assembleBlock, type BlockEnvironment } from "./chain/block.ts";
import type { SealedBlock } from "./execution/executor.ts";
import { isHex, toBytes } from "./hex.ts";
import { EngineError } from "./interface.ts";
import { StateLayer } from "./state/state-layer.ts";
import type { StateSource } from "./state/state-reader.ts";
import { collectNodes, type SealedNode } from "./state/state-store.ts";
import { SYSTEM_CONTRACTS } from "./system-contracts.ts";
import { EMPTY_ROOT_KEY, fromKey } from "./trie/node.ts";

/** An account that exists from the start. */
export interface GenesisAccount {
  balanceWei: bigint;
  nonce?: number;
  code?: Hex;
  /** 32-byte slots to 32-byte values. */
  storage?: Record<Hex, Hex>;
}

/** Everything the first block depends on: agents with the same configuration compute the same genesis hash. */
export interface GenesisConfig {
  chainId: number;
  /** Unix seconds. */
  timestamp: number;
  gasLimit: bigint;
  baseFeePerGasWei: bigint;
  /** By address. The Prague system contracts are added; naming one of them here is refused. */
  alloc: Record<Hex, GenesisAccount>;
}

/** No trie node and no code exists below genesis. */
const NOTHING: StateSource = {
  node() {
    throw new Error("genesis has no earlier state");
  },
  code() {
    throw new Error("genesis has no earlier code");
  },
};

/** Computes block 0. Throws EngineError "bad-request" if the configuration is malformed. */
export function buildGenesis(rules: Common, config: GenesisConfig): SealedBlock {
  check(config);
  const layer = new StateLayer(NOTHING, fromKey(EMPTY_ROOT_KEY));
  for (const [address, code] of Object.entries(SYSTEM_CONTRACTS)) {
    place(layer, address as Hex, { balanceWei: 0n, nonce: 1, code });
  }
  for (const [address, account] of Object.entries(config.alloc)) place(layer, address as Hex, account);

  const nodes: SealedNode[] = [];
  const { root, codes } = layer.seal(collectNodes(nodes));
  const env: BlockEnvironment = {
    parentHash: new Uint8Array(32),
    number: 0n,
    timestamp: BigInt(config.timestamp),
    prevRandao: new Uint8Array(32),
    feeRecipient: new Uint8Array(20),
    gasLimit: config.gasLimit,
    baseFeePerGas: config.baseFeePerGasWei,
    extraData: new Uint8Array(0),
  };
  const receiptTrie = fromKey(EMPTY_ROOT_KEY);
  const block = assembleBlock(rules, env, [], [], {
    stateRoot: root,
    receiptTrie,
    logsBloom: new Uint8Array(256),
    gasUsed: 0n,
  });
  return { block, receipts: [], nodes, codes };
}

function place(layer: StateLayer, address: Hex, { balanceWei, nonce, code, storage }: GenesisAccount): void {
  const key = toBytes(address);
  const account = new Account(BigInt(nonce ?? 0), balanceWei);
  if (code !== undefined && code !== "0x") account.codeHash = layer.addCode(toBytes(code));
  if (account.isEmpty() && storage === undefined) return; // would not exist in Ethereum either
  layer.setAccount(key, account);
  for (const [slot, value] of Object.entries(storage ?? {})) {
    layer.setStorage(key, toBytes(slot as Hex), withoutLeadingZeros(toBytes(value)));
  }
}

function withoutLeadingZeros(value: Uint8Array): Uint8Array {
  const first = value.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array(0) : value.subarray(first);
}

function check(config: GenesisConfig): void {
  const fail = (message: string): never => {
    throw new EngineError("bad-request", `genesis: ${message}`);
  };
  if (!Number.isSafeInteger(config.chainId) || config.chainId < 1)
    fail(`chainId must be at least 1, got ${config.chainId}`);
  if (!Number.isSafeInteger(config.timestamp) || config.timestamp < 0) {
    fail(`timestamp must be Unix seconds, got ${config.timestamp}`);
  }
  if (config.gasLimit < 5000n) fail(`gasLimit must be at least 5000, got ${config.gasLimit}`);
  if (config.baseFeePerGasWei < 7n) fail(`baseFeePerGasWei must be at least 7, got ${config.baseFeePerGasWei}`);
  for (const [address, account] of Object.entries(config.alloc)) {
    if (!isHex(address, 20)) fail(`alloc has "${address}" where a 20-byte address was expected`);
    if (address.toLowerCase() in SYSTEM_CONTRACTS) fail(`alloc names the system contract ${address}`);
    if (account.balanceWei < 0n) fail(`balance of ${address} is negative`);
    if (account.code !== undefined && !isHex(account.code)) fail(`code of ${address} is not hexadecimal`);
    for (const [slot, value] of Object.entries(account.storage ?? {})) {
      if (!isHex(slot, 32) || !isHex(value, 32)) fail(`storage of ${address} must map 32-byte slots to 32-byte values`);
    }
  }
}
