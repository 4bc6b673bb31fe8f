import type { Hex } from "../../../types/hex.ts";
import type { EmbeddedReader } from "../chain-reader.ts";
import { type CandidateEngine, type ChainReader, EngineError } from "../interface.ts";

/** Everything that crosses the thread boundary. */
export type EngineApi = Omit<CandidateEngine, "genesisHash"> & Pick<EmbeddedReader, keyof ChainReader>;
export type Method = keyof EngineApi;

/** Which side of the engine answers a method; a method that is not here does not cross. */
export const METHODS: Readonly<Record<Method, "engine" | "reader">> = {
  forkchoiceUpdated: "engine",
  newPayload: "engine",
  startPayload: "engine",
  appendTransactions: "engine",
  undoTransactions: "engine",
  sealCandidate: "engine",
  keepCandidate: "engine",
  dropPayload: "engine",
  getPayload: "engine",
  close: "engine",
  getBlock: "reader",
  getAccount: "reader",
  getCode: "reader",
  getStorageAt: "reader",
  call: "reader",
  estimateGas: "reader",
  createAccessList: "reader",
  getProof: "reader",
  simulate: "reader",
  getReceipt: "reader",
  getReceipts: "reader",
  getTransaction: "reader",
  getNextBaseFee: "reader",
};

export interface Request {
  id: number;
  method: Method;
  args: unknown[];
}

/** An error as data: class and stack do not survive structured cloning, the code must. */
export interface Failure {
  code: EngineError["code"] | "internal";
  message: string;
}

export type Response = { id: number; value: unknown } | { id: number; failure: Failure };

/** The worker's first message: its code is there, and the options of its engine may come. */
export const LOADED = "loaded";

/** The worker's second message. */
export type Greeting = { genesisHash: Hex } | { failure: Failure };

export function toFailure(error: unknown): Failure {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  return { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function fromFailure({ code, message }: Failure): Error {
  return code === "internal" ? new Error(`engine worker: ${message}`) : new EngineError(code, message);
}
