import type { Hex } from "../types/hex.ts";
import type { Market, SubmitRequest } from "./types.ts";

/** What L1 as it is now would do with a request. */
export type SimulationVerdict =
  | {
      verdict: "ok";
      /** What the transaction would use. */
      gas: bigint;
      /** What to send it with, where the simulation knows better than `gas` plus the policy's margin. */
      gasLimit?: bigint;
    }
  | { verdict: "notYet" | "duplicate" | "stale" | "invalid"; reason: string };

/** The L1 block that is simulated, and who sends. */
export interface SimulatedSending {
  /** Unix seconds. */
  timeSec: number;
  market: Market;
  from: Hex;
}

/**
 * Asked right before each sending, on the latest block and without state overrides of the parent. Throws only when
 * the node cannot be asked.
 */
export type Simulate<Request extends SubmitRequest = SubmitRequest> = (
  request: Request,
  at: SimulatedSending,
) => Promise<SimulationVerdict>;
