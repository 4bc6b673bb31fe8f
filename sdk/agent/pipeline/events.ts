import type { Hex } from "../../types/hex.ts";
import type { BuildTrigger } from "../chain/duties.ts";
import type { PublishRole } from "../chain/publish.ts";
import type { Discarded, ExecutedBlock, L1View, Landed } from "../chain/state.ts";
import type { GuardError, SignerError } from "../guard/interface.ts";
import { Listeners } from "../types/listeners.ts";
import type { SignatureKind } from "../types/messages.ts";
import type { MissCode } from "./missed.ts";

/** What an agent does on L1: it lands checkpoints, and runs errands beside that. */
export type L1Task = "landing" | "challenge" | "cure" | "pruning" | "poke" | "settlement" | "evidence" | "claim";

/** What an agent owes its rollup. */
export type Duty = "build" | "propose" | "attest" | "publish";

/** What happened to the chain here, in order; for logs, the JSON-RPC and metrics. Never read back by the pipeline. */
export type PipelineEvent =
  | { type: "head"; block: ExecutedBlock }
  | { type: "build-started"; slot: number; trigger: BuildTrigger; parentSlot: number }
  | { type: "proposed"; slot: number; digest: Hex }
  | { type: "attested"; slot: number; digest: Hex; signers: number }
  /** A validator of this agent has voted. */
  | { type: "voted"; slot: number; kind: "attestation" | "skip"; validator: number }
  | { type: "submitted"; landed: Landed }
  | { type: "discarded"; discarded: Discarded }
  /** L1 went back to this block. */
  | { type: "rewound"; l1: L1View }
  /** No peer served a checkpoint that is on L1: it was put together from its blobs. */
  | { type: "recovered"; slot: number }
  /** A transaction was handed to L1; `slots` are those of the checkpoints that it lands. */
  | {
      type: "sending";
      task: L1Task;
      slots: readonly number[];
      /** In which it lands them. */
      role?: PublishRole;
      outcome: "sent" | "refused" | "unanswered";
    }
  /** A signature was asked for and not given. */
  | { type: "unsigned"; slot: number; kind: SignatureKind; code: GuardError["code"] | SignerError["code"] }
  | { type: "missed-duty"; slot: number; duty: Duty; code: MissCode; reason: string };

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
