import { isError, type Provider } from "ethers";
import type { Signed } from "./transaction.ts";

/** `unanswered`: it may be in the pool or not, and the next look at the pool tells. */
export type BroadcastResult =
  | { result: "accepted" }
  | { result: "refused"; reason: string }
  | { result: "unanswered"; reason: string };

/** A node that already holds these bytes has accepted them. */
const ALREADY_HELD = /already known|already imported|known transaction|already exists/i;

/** The words a JSON-RPC node answered with; undefined if what came was not a node's answer. */
function nodeAnswer(error: unknown): string | undefined {
  const nested = error as {
    error?: { message?: unknown };
    info?: { error?: { message?: unknown } };
    code?: unknown;
    message?: unknown;
  };
  const message = nested.info?.error?.message ?? nested.error?.message;
  if (typeof message === "string") return message;
  // ethers names the answers it knows and keeps no other trace of them in some paths.
  if (
    isError(error, "NONCE_EXPIRED") ||
    isError(error, "REPLACEMENT_UNDERPRICED") ||
    isError(error, "INSUFFICIENT_FUNDS")
  ) {
    return error.shortMessage;
  }
  // In-process providers (EIP-1193) throw the node's error itself, with a numeric code.
  return typeof nested.code === "number" && typeof nested.message === "string" ? nested.message : undefined;
}

/** Whether what a node answered is that it has these bytes already. */
export function isAlreadyHeld(error: unknown): boolean {
  return ALREADY_HELD.test(nodeAnswer(error) ?? "");
}

/** Sends once. Never throws: a lost answer is a result too, because the transaction may be live. */
export async function broadcast(provider: Provider, signed: Signed): Promise<BroadcastResult> {
  try {
    await provider.broadcastTransaction(signed.raw);
    return { result: "accepted" };
  } catch (error) {
    const answer = nodeAnswer(error);
    if (answer === undefined) return { result: "unanswered", reason: String((error as Error).message ?? error) };
    return isAlreadyHeld(error) ? { result: "accepted" } : { result: "refused", reason: answer };
  }
}
