import type { Hex } from "../../types/hex.ts";
import { GuardError, SignerError, type ValidatorSigner } from "../guard/interface.ts";
import type { ValidatorSet } from "../sets/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { Vote } from "../types/messages.ts";
import type { PipelineEvents } from "./events.ts";

export interface OwnVotesParts {
  /** Of this agent's validators; none in an agent that only follows. */
  signers: readonly ValidatorSigner[];
  /** Takes a vote that was signed. */
  take: (vote: Vote, set: ValidatorSet) => Promise<void>;
  events: Pick<PipelineEvents, "emit">;
  log: Logger;
}

/**
 * What this agent's validators vote: once each in a slot. Signing takes as long as it takes, and holds up nothing: a
 * signer may be far away. One that cannot be had is asked again, as long as the caller asks.
 */
export class OwnVotes {
  readonly #parts: OwnVotesParts;
  /** Slots by validator and slot: voted, on its way, or never; the guard on disk is what counts. Bounded by `prune`. */
  readonly #begun = new Map<string, number>();
  readonly #onTheirWay = new Set<Promise<void>>();

  constructor(parts: OwnVotesParts) {
    this.#parts = parts;
  }

  /** Whether some validator has not voted in the slot yet. */
  isOpen(slot: number): boolean {
    return this.#parts.signers.some(({ publicKey }) => !this.#begun.has(keyOf(slot, publicKey)));
  }

  /** Has every validator of the slot's set that has not voted yet do so. Does not wait. */
  begin(kind: Vote["kind"], slot: number, digest: Hex, set: ValidatorSet): void {
    for (const signer of this.#parts.signers) {
      const key = keyOf(slot, signer.publicKey);
      if (this.#begun.has(key)) continue;
      this.#begun.set(key, slot);
      const validatorIndex = indexOf(set, signer.publicKey);
      if (validatorIndex === undefined) continue;
      const voting = this.#vote(signer, { kind, slot, digest, validatorIndex }, set).finally(() =>
        this.#onTheirWay.delete(voting),
      );
      this.#onTheirWay.add(voting);
    }
  }

  /** Resolves when what is on its way has come. */
  async settled(): Promise<void> {
    while (this.#onTheirWay.size > 0) await Promise.all(this.#onTheirWay);
  }

  /** Forgets slots below `slot`. */
  prune(slot: number): void {
    for (const [key, begun] of this.#begun) if (begun < slot) this.#begun.delete(key);
  }

  async #vote(signer: ValidatorSigner, unsigned: Omit<Vote, "signature">, set: ValidatorSet): Promise<void> {
    const { take, events, log } = this.#parts;
    const { kind, slot, digest, validatorIndex } = unsigned;
    try {
      const signature = await signer.sign(kind, slot, digest);
      events.emit({ type: "voted", slot, kind, validator: validatorIndex });
      await take({ ...unsigned, signature }, set);
    } catch (error) {
      const fields = { kind, slot, digest, validator: validatorIndex };
      if (error instanceof SignerError && error.code === "unavailable") {
        this.#begun.delete(keyOf(slot, signer.publicKey));
        log.warn({ ...fields, reason: error.message }, "the remote signer cannot be had, trying on");
      } else if (error instanceof GuardError || error instanceof SignerError) {
        log.warn({ ...fields, code: error.code, reason: error.message }, "this validator does not vote");
      } else log.error({ ...fields, error: String(error) }, "voting failed");
    }
  }
}

const keyOf = (slot: number, publicKey: Hex): string => `${slot}/${publicKey}`;

/** The index a public key has in a set. */
function indexOf(set: ValidatorSet, publicKey: Hex): number | undefined {
  return [...set.publicKeys].find(([, key]) => key === publicKey)?.[0];
}
