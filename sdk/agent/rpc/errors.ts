import type { ZodError } from "zod";
import { EngineError } from "../engine/interface.ts";
import { MempoolError } from "../mempool/interface.ts";

/** JSON-RPC 2.0's own codes, and those Ethereum clients share. */
export const RPC_CODES = {
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** The request is well-formed and was refused. */
  server: -32000,
  /** EIP-1898: the block is not known. */
  notFound: -32001,
  responseTooLarge: -32003,
  limit: -32005,
  /** EIP-4444: it was known, and is kept no longer. */
  pruned: 4444,
  /** The call reverted; `data` is what it reverted with. */
  reverted: 3,
  /** EIP-7966: accepted, not included in time; `data` is the hash. */
  syncTimeout: 4,
  /** EIP-7966: not ready to run for a missing nonce; `data` is the expected one. */
  nonceGap: 6,
} as const;

/** An answer to the caller: its message is shown as it is. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.data = data;
  }
}

/** What the caller is told of a failure; undefined if it is ours and its detail is not for the caller. */
export function toRpcError(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof MempoolError) {
    const code = error.code === "malformed" ? RPC_CODES.invalidParams : RPC_CODES.server;
    return new RpcError(code, error.message, { reason: error.code });
  }
  if (!(error instanceof EngineError)) return undefined;
  if (error.code === "unknown-block") return new RpcError(RPC_CODES.notFound, `block not found: ${error.message}`);
  if (error.code === "pruned") return new RpcError(RPC_CODES.pruned, error.message);
  if (error.code === "bad-request") return new RpcError(RPC_CODES.invalidParams, error.message);
  if (error.code === "unsupported") return new RpcError(RPC_CODES.unknownMethod, error.message);
  if (error.code === "overloaded") return new RpcError(RPC_CODES.limit, `node is busy: ${error.message}`);
  return undefined;
}

/** Names the parameter at fault by its position, and what was expected there. */
export function invalidParams(error: ZodError): RpcError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return new RpcError(RPC_CODES.invalidParams, `invalid params${path}: ${issue?.message ?? "malformed"}`);
}
