import type { Hex } from "../../types/hex.ts";
import type { ValidatorSets } from "./interface.ts";

/** Slots remembered; far more than are ever asked about at once. */
const MAX_SLOTS = 256;

/** Which slots this agent's validators propose for: learned ahead of time, answered at once. */
export class OwnSlots {
  readonly #sets: ValidatorSets;
  /** Of the agent's validators; without any, no slot is its own. */
  readonly #publicKeys: ReadonlySet<Hex>;
  /** Public key of the own proposer by slot; undefined where it is somebody else. */
  readonly #known = new Map<number, Hex | undefined>();
  #generation = 0;

  constructor(sets: ValidatorSets, publicKeys: readonly Hex[]) {
    this.#sets = sets;
    this.#publicKeys = new Set(publicKeys);
  }

  has(slot: number): boolean {
    return this.ownerOf(slot) !== undefined;
  }

  /** Public key of the validator of this agent that proposes for a slot; undefined if none is known to. */
  ownerOf(slot: number): Hex | undefined {
    return this.#known.get(slot);
  }

  async refresh(slots: number[]): Promise<void> {
    if (this.#publicKeys.size === 0) return;
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
    const publicKey = set.publicKeys.get(proposer);
    this.#known.set(slot, publicKey !== undefined && this.#publicKeys.has(publicKey) ? publicKey : undefined);
    if (this.#known.size > MAX_SLOTS) this.#known.delete(Math.min(...this.#known.keys()));
  }
}
