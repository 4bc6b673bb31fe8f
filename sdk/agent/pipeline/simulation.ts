import { versionedHash } from "../../blob/kzg.ts";
import type { SubmitCall } from "../../build/calldata.ts";
import type { Simulator } from "../../simulate/simulator.ts";
import type { Simulate, SimulationVerdict } from "../../submit/simulation.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";

/** Calls remembered: the submission manager simulates the newest, and one it may just have replaced. */
const MAX_CALLS = 4;

/** Latest L1 prices, wei per gas. */
export type L1Prices = () => Promise<{ baseFeeWei: bigint; blobBaseFeeWei: bigint }>;

/** Answers the submission manager's last question before it sends: would this land now, on L1 as it is? */
export class SubmissionSimulation {
  readonly #simulator: Simulator;
  readonly #prices: L1Prices;
  readonly #calls = new Map<Hex, SubmitCall>();

  constructor(simulator: Simulator, prices: L1Prices) {
    this.#simulator = simulator;
    this.#prices = prices;
  }

  /** Keeps the call a request was made of; its bytes alone would have to be taken apart again. */
  remember(request: SubmitRequest, call: SubmitCall): void {
    this.#calls.set(request.content, call);
    if (this.#calls.size > MAX_CALLS) this.#calls.delete(this.#calls.keys().next().value as Hex);
  }

  readonly simulate: Simulate = async (request, { timeSec, from }): Promise<SimulationVerdict> => {
    const call = this.#calls.get(request.content);
    if (call === undefined) return { verdict: "invalid", reason: "the request was not made by this agent" };
    const prices = await this.#prices();
    const result = await this.#simulator.simulate({
      ...call,
      from,
      blobHashes: request.blobs.map((blob) => versionedHash(blob.commitment)),
      block: { timeSec, ...prices },
      priorityFeeWei: 0n,
      assumed: [],
    });
    return result.verdict === "ok"
      ? { verdict: "ok", gas: result.cost.gas }
      : { verdict: result.verdict, reason: result.error.message };
  };
}
