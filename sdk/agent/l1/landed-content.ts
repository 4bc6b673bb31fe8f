import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { Landed } from "../chain/state.ts";
import type { L1Rpc } from "./contract-state.ts";
import { decodeRollupLog, type RawLog } from "./logs.ts";

/** All that L1 keeps of a landed checkpoint; the blocks themselves stood in blobs. */
export interface LandedContent {
  checkpoint: LandedCheckpoint;
  /** Versioned hashes of all blobs of its transaction, in order; the checkpoint's are a run of them. */
  blobHashes: Hex[];
  /** Of its L1 block. */
  l1TimestampSeconds: number;
}

/**
 * Reads what L1 says about a landed checkpoint; undefined if it is not there any more. Rejects with whatever the L1 node
 * answers.
 */
export async function readLandedContent(
  rpc: L1Rpc,
  rollup: Hex,
  { digest, landing }: Pick<Landed, "digest" | "landing">,
): Promise<LandedContent | undefined> {
  const { l1BlockHash: blockHash, transactionHash, number } = landing;
  const [logs, transaction, block] = (await Promise.all([
    rpc.send("eth_getLogs", [{ address: rollup, blockHash }]),
    rpc.send("eth_getTransactionByHash", [transactionHash]),
    rpc.send("eth_getBlockByHash", [blockHash, false]),
  ])) as [RawLog[] | null, { blobVersionedHashes?: Hex[] } | null, { timestamp: Hex } | null];
  const found = (logs ?? [])
    .map(decodeRollupLog)
    .find((log) => log?.kind === "landing" && log.landing.number === number && log.landing.digest === digest);
  if (found?.kind !== "landing" || !transaction || !block) return undefined;
  return {
    checkpoint: found.checkpoint,
    blobHashes: transaction.blobVersionedHashes ?? [],
    l1TimestampSeconds: Number(block.timestamp),
  };
}
