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
  /** The best place of an own validator among a slot's rescuers. */
  readonly #ranks = new Map<number, number>();
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

  /**
   * The place, from 0, of this agent among those who may land a slot's checkpoint when neither its proposer nor its
   * successor does: the set in an order that differs from slot to slot. Infinite if it is not known, or not in the set.
   */
  rankOf(slot: number): number {
    return this.#ranks.get(slot) ?? Number.POSITIVE_INFINITY;
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
    this.#ranks.clear();
  }

  async #learn(slot: number): Promise<void> {
    const generation = this.#generation;
    const [proposer, successor, set] = await Promise.all([
      this.#sets.proposerOf(slot),
      this.#sets.proposerOf(slot + 1),
      this.#sets.setOf(slot),
    ]);
    if (proposer === undefined || set === undefined || generation !== this.#generation) return;
    const publicKey = set.publicKeys.get(proposer);
    this.#known.set(slot, publicKey !== undefined && this.#publicKeys.has(publicKey) ? publicKey : undefined);
    const rescuers = [...set.publicKeys].filter(([index]) => index !== proposer && index !== successor);
    const ordered = rescuers.sort(([a], [b]) => a - b).map(([, key]) => key);
    const turned = ordered.map((_, i) => ordered[(i + slot) % ordered.length] as Hex);
    const rank = turned.findIndex((key) => this.#publicKeys.has(key));
    if (rank >= 0) this.#ranks.set(slot, rank);
    for (const known of [this.#known, this.#ranks]) if (known.size > MAX_SLOTS) known.delete(Math.min(...known.keys()));
  }
}
