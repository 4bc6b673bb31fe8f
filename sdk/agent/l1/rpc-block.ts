import type { Hex } from "../../types/hex.ts";
import type { L1View } from "../chain/state.ts";
import { L1AnswerError } from "./endpoints/interface.ts";

/** What the agent uses of an L1 block as a node answers it. */
export interface RpcBlock {
  number: Hex;
  hash: Hex;
  parentHash: Hex;
  timestamp: Hex;
  logsBloom: Hex;
}

/** @param answer To a question for the block `tag`. @throws L1AnswerError unless all of it is there. */
export function toRpcBlock(tag: string, answer: unknown): RpcBlock | undefined {
  const block = answer as RpcBlock | null;
  if (block === null) return undefined;
  const { number, hash, parentHash, timestamp, logsBloom } = block;
  if ([number, hash, parentHash, timestamp, logsBloom].every((field) => typeof field === "string")) return block;
  throw new L1AnswerError(`block ${tag}: expected number, hash, parent, time and bloom, got ${JSON.stringify(block)}`);
}

export const viewOf = (block: RpcBlock): L1View => ({
  blockNumber: Number(block.number),
  blockHash: block.hash,
  timestamp: Number(block.timestamp),
});
