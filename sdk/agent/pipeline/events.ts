import type { Hex } from "../../types/hex.ts";
import type { BuildTrigger } from "../chain/duties.ts";
import type { Discarded, ExecutedBlock, Landed } from "../chain/state.ts";
import { Listeners } from "../types/listeners.ts";

/** What happened to the chain here, in order; for logs, the JSON-RPC and metrics. Never read back by the pipeline. */
export type PipelineEvent =
  | { type: "head"; block: ExecutedBlock }
  | { type: "build-started"; slot: number; trigger: BuildTrigger; parentSlot: number }
  | { type: "proposed"; slot: number; digest: Hex }
  | { type: "attested"; slot: number; digest: Hex; signers: number }
  | { type: "submitted"; landed: Landed }
  | { type: "discarded"; discarded: Discarded }
  | { type: "missed-duty"; slot: number; duty: "build" | "propose" | "attest" | "publish"; reason: string };

export type PipelineListener = (event: PipelineEvent) => void;

/** Hands events to listeners; one that throws is reported and stops nobody. */
export class PipelineEvents {
  readonly #listeners: Listeners<PipelineEvent>;

  constructor(onError: (error: unknown) => void) {
    this.#listeners = new Listeners(onError);
  }

  on(listener: PipelineListener): () => void {
    return this.#listeners.add(listener);
  }

  emit(event: PipelineEvent): void {
    this.#listeners.tell(event);
  }
}
