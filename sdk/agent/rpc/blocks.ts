import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import type { BlockRef } from "../engine/interface.ts";
import { EngineError } from "../engine/interface.ts";
import { RPC_CODES, RpcError } from "./errors.ts";
import type { NodeView } from "./interface.ts";
import type { RpcContext } from "./method.ts";
import type { BlockSelector } from "./schema.ts";

/**
 * The block a caller means. `pending` is the head while there is nothing newer than a block to show. `safe` is submitted
 * to L1, and certified here or verified on L1: it may move back. `finalized` never moves back.
 */
export async function resolveBlock(
  context: Pick<RpcContext, "chain" | "node">,
  selector: BlockSelector | null | undefined,
): Promise<BlockRef> {
  if (selector === null || selector === undefined || selector === "latest" || selector === "pending") return "latest";
  if (selector === "earliest") return 0;
  if (selector === "safe") return safeBlock(context.node);
  if (selector === "finalized") return context.node.tips().finalized.blockHash;
  if (typeof selector === "number") return selector;
  if (selector.requireCanonical) await requireCanonical(context, selector.blockHash);
  return selector.blockHash;
}

/** The block, or undefined if it is not known. */
export async function findBlock(
  context: Pick<RpcContext, "chain" | "node">,
  selector: BlockSelector | null | undefined,
): Promise<ExecutionPayload | undefined> {
  const reference = await resolveBlock(context, selector);
  return unlessUnknown(context.chain.getBlock(reference));
}

/** The block; throws RpcError -32001 if it is not known. */
export async function requireBlock(
  context: Pick<RpcContext, "chain" | "node">,
  selector: BlockSelector | null | undefined,
): Promise<ExecutionPayload> {
  const block = await findBlock(context, selector);
  if (block !== undefined) return block;
  throw new RpcError(RPC_CODES.notFound, `block not found: ${JSON.stringify(selector ?? "latest")}`);
}

/** Undefined in place of the engine's "unknown-block". */
export async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EngineError && error.code === "unknown-block") return undefined;
    throw error;
  }
}

function safeBlock(node: NodeView): Hex {
  const { submitted, settled } = node.tips();
  if (submitted.slot === 0) return submitted.blockHash;
  const record = node.checkpoint(submitted.slot);
  const isVouchedFor = record?.certificate !== undefined || record?.landing?.verified === true;
  return isVouchedFor ? submitted.blockHash : settled.blockHash;
}

async function requireCanonical({ chain }: Pick<RpcContext, "chain">, blockHash: Hex): Promise<void> {
  const block = await unlessUnknown(chain.getBlock(blockHash));
  const canonical = block && (await unlessUnknown(chain.getBlock(block.blockNumber)));
  if (canonical?.blockHash === blockHash) return;
  throw new RpcError(RPC_CODES.notFound, `block ${blockHash} is not in the canonical chain`);
}
