import type { Hex } from "../../types/hex.ts";
import { GuardError, type GuardRow, type OwnValidator, type ValidatorSigner } from "../guard/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

export interface DoppelgangerParts {
  validators: readonly Pick<OwnValidator, "signer" | "guard">[];
  clock: Clock;
  timetable: Timetable;
  /** How long to listen before the first signature. */
  listenSlots: number;
  log: Logger;
}

/**
 * Looks out for signatures of this agent's keys that its guard does not know: somebody else signs with them, or what
 * was signed here was lost. It listens for some slots before anything is signed, and goes on looking afterwards; who
 * was seen signs nothing more here, for two that sign are slashed.
 */
export class Doppelgangers {
  readonly #parts: DoppelgangerParts;
  readonly #guards: ReadonlyMap<Hex, OwnValidator["guard"]>;
  /** What was seen first of each validator. */
  readonly #seen = new Map<Hex, GuardRow>();
  readonly #firstSlot: number;
  readonly #untilMs: number;

  constructor(parts: DoppelgangerParts) {
    const { validators, clock, timetable, listenSlots, log } = parts;
    const nowMs = clock.nowMs();
    this.#parts = parts;
    this.#guards = new Map(validators.map(({ signer, guard }) => [signer.publicKey, guard]));
    this.#firstSlot = timetable.moment(nowMs).submissionSlot;
    this.#untilMs = listenSlots === 0 ? nowMs : nowMs + listenSlots * 1000 * timetable.parameters.slotSeconds;
    if (validators.length > 0 && listenSlots > 0) {
      log.info({ listenSlots, untilMs: this.#untilMs }, "listening for others with these validators' keys");
    }
  }

  /** Takes note of a verified signature, whoever brought it. What was signed before the start is no sign of another. */
  note(row: GuardRow): void {
    const { validator, kind, slot, sequence, digest } = row;
    const guard = this.#guards.get(validator);
    if (guard === undefined || slot < this.#firstSlot || this.#seen.has(validator)) return;
    if (guard.find(validator, kind, slot, sequence)?.digest === digest) return;
    this.#seen.set(validator, row);
    this.#parts.log.error(
      { validator: validator.slice(0, 18), kind, slot, digest },
      "another agent signs with this validator's key: this one signs nothing more for it. Stop one of the two, for " +
        "good, and start this one again only if its guard knows all that was signed",
    );
  }

  /** The same signer, which signs nothing while it listens nor once another was seen. Rejects with GuardError then. */
  gate(signer: ValidatorSigner): ValidatorSigner {
    const { publicKey } = signer;
    return {
      publicKey,
      sign: async (kind, slot, digest, sequence) => {
        const refusal = this.#refusal(publicKey);
        if (refusal !== undefined) throw refusal;
        return signer.sign(kind, slot, digest, sequence);
      },
    };
  }

  #refusal(publicKey: Hex): GuardError | undefined {
    const seen = this.#seen.get(publicKey);
    if (seen !== undefined) {
      return new GuardError("doppelganger", `another agent signed ${seen.kind} of slot ${seen.slot} with this key`);
    }
    const leftMs = this.#untilMs - this.#parts.clock.nowMs();
    if (leftMs <= 0) return undefined;
    return new GuardError("listening", `listening for others with this key for another ${Math.ceil(leftMs)} ms`);
  }
}
