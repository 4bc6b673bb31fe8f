import type { Block, Provider, TransactionReceipt } from "ethers";
import { GetError } from "../get/error.ts";
import type { Hex } from "../types/hex.ts";
import { nextBaseFee } from "./fees.ts";
import type { JournalState } from "./journal/state.ts";
import type { Market, MinedReceipt, NetworkView } from "./types.ts";

/** Tells which of a transaction's checkpoints the receipt shows as landed: a reverted inner call lands none. */
export type LandedCheckpoints = (receipt: TransactionReceipt, checkpoints: Hex[]) => Hex[];

/** The two prices that a node may fail to give without costing the slot. */
export interface KnownPrices {
  priorityFeeWei: bigint;
  blobBaseFeeWei: bigint;
}

/** Providers over JSON-RPC have `send`; for others the prices are those of `getFeeData` and of the policy. */
type MaybeRpc = Provider & { send?: (method: string, params: unknown[]) => Promise<unknown> };

async function priceOf(read: () => Promise<unknown>, known: bigint): Promise<bigint> {
  try {
    const value = await read();
    return typeof value === "string" || typeof value === "bigint" ? BigInt(value) : known;
  } catch {
    return known;
  }
}

async function readMarket(provider: MaybeRpc, block: Block, known: KnownPrices): Promise<Market> {
  const tip = provider.send
    ? () => provider.send?.("eth_maxPriorityFeePerGas", []) ?? Promise.resolve(undefined)
    : async () => (await provider.getFeeData()).maxPriorityFeePerGas;
  const blobFee = async (): Promise<unknown> => provider.send?.("eth_blobBaseFee", []);
  const [priorityFeeWei, blobBaseFeeWei] = await Promise.all([
    priceOf(tip, known.priorityFeeWei),
    priceOf(blobFee, known.blobBaseFeeWei),
  ]);
  const nextBaseFeeWei = nextBaseFee(block.baseFeePerGas ?? 0n, block.gasUsed, block.gasLimit);
  return { nextBaseFeeWei, priorityFeeWei, blobBaseFeeWei };
}

/** L1's prices for the next block. @throws what the provider throws when the block cannot be read. */
export async function readPrices(provider: Provider, known: KnownPrices): Promise<Market> {
  return readMarket(provider, await latestBlock(provider), known);
}

async function latestBlock(provider: Provider): Promise<Block> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new GetError("no-block", "expected a latest block, the L1 node has none");
  return block;
}

function toMined(receipt: TransactionReceipt, checkpoints: Hex[], landed: LandedCheckpoints): MinedReceipt {
  const done = receipt.status === 1 ? landed(receipt, checkpoints) : [];
  return {
    hash: receipt.hash as Hex,
    blockNumber: receipt.blockNumber,
    blockHash: receipt.blockHash as Hex,
    success: receipt.status === 1 && checkpoints.every((c) => done.includes(c)),
    gasUsed: Number(receipt.gasUsed),
    gasPriceWei: receipt.gasPrice,
    blobGasPriceWei: receipt.blobGasPrice ?? undefined,
  };
}

/**
 * Reads L1 for one step. At most two calls for each transaction of the nonces that are not closed.
 * @throws whatever the provider throws when the block, the nonces or a receipt cannot be read. Prices never throw:
 * a failing call leaves the last known one.
 */
export async function readNetwork(
  provider: Provider,
  account: Hex,
  state: JournalState,
  known: KnownPrices,
  landed: LandedCheckpoints,
): Promise<NetworkView> {
  // Nonces first: when one of ours is spent, the receipt that spent it exists by the time it is asked for.
  const [latestNonce, pendingNonce] = await Promise.all([
    provider.getTransactionCount(account, "latest"),
    provider.getTransactionCount(account, "pending"),
  ]);
  const block = await latestBlock(provider);
  const attempts = state.records.filter((r) => r.closed === undefined).flatMap((r) => r.attempts);
  const receipts = new Map<Hex, MinedReceipt>();
  const pooled = new Set<Hex>();
  const [market] = await Promise.all([
    readMarket(provider, block, known),
    ...attempts.map(async ({ hash, checkpoints }) => {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt !== null) {
        receipts.set(hash, toMined(receipt, checkpoints, landed));
        return;
      }
      const transaction = await provider.getTransaction(hash);
      if (transaction !== null && transaction.blockHash === null) pooled.add(hash);
    }),
  ]);
  return {
    blockNumber: block.number,
    blockTimeSec: block.timestamp,
    blockBaseFeeWei: block.baseFeePerGas ?? 0n,
    market,
    latestNonce,
    pendingNonce,
    pooled,
    receipts,
  };
}
