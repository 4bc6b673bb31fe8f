import type { Hex } from "../../types/hex.ts";
import type { ValidatorSets } from "./interface.ts";

/** Slots remembered; far more than are ever asked about at once. */
const MAX_SLOTS = 256;

/** Which slots one validator proposes for: learned ahead of time, answered at once. */
export class OwnSlots {
  readonly #sets: ValidatorSets;
  /** Undefined in an agent without a validator: no slot is its own. */
  readonly #publicKey: Hex | undefined;
  readonly #known = new Map<number, boolean>();
  #generation = 0;

  constructor(sets: ValidatorSets, publicKey: Hex | undefined) {
    this.#sets = sets;
    this.#publicKey = publicKey;
  }

  has(slot: number): boolean {
    return this.#known.get(slot) ?? false;
  }

  async refresh(slots: number[]): Promise<void> {
    if (this.#publicKey === undefined) return;
    for (const slot of slots) if (!this.#known.has(slot)) await this.#learn(slot);
  }

  /** L1 went back: which slots are whose may have changed. */
  forget(): void {
    this.#sets.forget();
    this.#generation++;
    this.#known.clear();
  }

  async #learn(slot: number): Promise<void> {
    const generation = this.#generation;
    const [proposer, set] = await Promise.all([this.#sets.proposerOf(slot), this.#sets.setOf(slot)]);
    if (proposer === undefined || set === undefined || generation !== this.#generation) return;
    this.#known.set(slot, set.publicKeys.get(proposer) === this.#publicKey);
    if (this.#known.size > MAX_SLOTS) this.#known.delete(Math.min(...this.#known.keys()));
  }
}
