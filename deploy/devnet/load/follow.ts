import type { Hex } from "../../../sdk/types/hex.ts";
import { rpcAny } from "../rpc.ts";
import type { InclusionTracker } from "./tracker.ts";

interface RpcBlock {
  number: Hex;
  hash: Hex;
  parentHash: Hex;
  transactions: Hex[];
}

/** Brings the tracker up to the head and the safe block of the first node that answers, counted from `first`. */
export async function follow(tracker: InclusionTracker, urls: string[], first: number): Promise<void> {
  const ask = <Result>(method: string, params: unknown[]) => rpcAny<Result>(urls, first, method, params);
  const branch: RpcBlock[] = [];
  let block = await ask<RpcBlock | null>("eth_getBlockByNumber", ["latest", false]);
  const safe = await ask<RpcBlock | null>("eth_getBlockByNumber", ["safe", false]);
  const safeNumber = safe === null ? 0 : Number(safe.number);
  // Back to the last block already held; not below the one on L1 unless it was never seen.
  while (block !== null && Number(block.number) > 0 && tracker.hashAt(Number(block.number)) !== block.hash) {
    branch.push(block);
    if (tracker.isLanded(Number(block.number) - 1)) break;
    block = await ask<RpcBlock | null>("eth_getBlockByHash", [block.parentHash, false]);
  }
  for (const { number, hash, parentHash, transactions } of branch.reverse()) {
    tracker.onBlock({ number: Number(number), hash, parentHash, transactions });
  }
  tracker.onSafe(safeNumber);
}
