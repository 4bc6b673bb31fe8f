import type { Hex } from "../types/hex.ts";
import type { SubmitRequest } from "./types.ts";

/** What L1 as it is now would do with a request; `gas` is what the transaction would use. */
export type SimulationVerdict =
  | { verdict: "ok"; gas: bigint }
  | { verdict: "notYet" | "duplicate" | "stale" | "invalid"; reason: string };

/**
 * Asked right before each sending, on the latest block and without state overrides, for an L1 block at `timeSec`.
 * Throws only when the node cannot be asked.
 */
export type Simulate = (request: SubmitRequest, at: { timeSec: number; from: Hex }) => Promise<SimulationVerdict>;
