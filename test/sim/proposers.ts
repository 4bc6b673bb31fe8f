import { GetError } from "../../sdk/get/error.ts";
import { getProposer } from "../../sdk/get/validators.ts";
import type { SimulatedL1 } from "./l1/chain.ts";
import { SimulatedL1Provider } from "./l1/provider.ts";

/** Which agent proposes for which slot, as the contract says; each is asked for when it can be known. */
export class Proposers {
  readonly #l1: SimulatedL1;
  readonly #validatorsOf: readonly (readonly number[])[];
  readonly #agents = new Map<number, number>();

  constructor(l1: SimulatedL1, validatorsOf: readonly (readonly number[])[]) {
    this.#l1 = l1;
    this.#validatorsOf = validatorsOf;
  }

  /** Index of the agent; undefined while the slot's epoch has no seed. */
  of(slot: number): number | undefined {
    return this.#agents.get(slot);
  }

  /** Asks for those of the slots up to one, as far as they are fixed. */
  async learn(upToSlot: number): Promise<void> {
    for (let slot = this.#agents.size + 1; slot <= upToSlot; slot++) {
      const agent = await this.#ask(slot);
      if (agent === undefined) return;
      this.#agents.set(slot, agent);
    }
  }

  async #ask(slot: number): Promise<number | undefined> {
    const { deployment } = this.#l1;
    const provider = new SimulatedL1Provider(deployment.chainId, (method, params) => this.#l1.request(method, params));
    try {
      const validator = await getProposer({ provider, rollup: deployment.rollup }, slot);
      return this.#validatorsOf.findIndex((validators) => validators.includes(validator));
    } catch (error) {
      if (error instanceof GetError && error.code === "reverted") return undefined;
      throw error;
    } finally {
      provider.destroy();
    }
  }
}
