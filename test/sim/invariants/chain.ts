import { type Base, bases, type ChainState } from "../../../sdk/agent/chain/state.ts";
import { tipsOf } from "../../../sdk/agent/chain/tips.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { SignatureLedger } from "../ledger.ts";
import { Violation } from "../violation.ts";

const ORDER = ["head", "proposed", "attested", "submitted", "settled", "finalized"] as const;

/** What must hold of every agent after every step. */
export class ChainRules {
  readonly #ledger: SignatureLedger;
  readonly #seen = new Map<SimulatedAgent, ChainState>();
  readonly #certified = new Map<number, Hex>();
  /** Slot of each agent's finalized tip, over all its lives. */
  readonly #finalized = new Map<SimulatedAgent, number>();
  /** When a slot's certificate was first held by anybody. */
  readonly certifiedMs = new Map<number, number>();

  constructor(ledger: SignatureLedger) {
    this.#ledger = ledger;
  }

  /** @throws Violation. */
  check(agents: readonly SimulatedAgent[], nowMs: number): void {
    const [double] = this.#ledger.doubles;
    if (double !== undefined) {
      const { held, other } = double;
      const what = `${held.validator} signed ${held.kind} ${held.digest} and ${other.kind} ${other.digest}`;
      throw new Violation("no validator signs twice for a slot", `slot ${held.slot}: ${what}`);
    }
    for (const agent of agents) {
      const state = agent.running?.agent.keeper.state;
      if (state === undefined || state === this.#seen.get(agent)) continue;
      this.#seen.set(agent, state);
      this.#checkTips(agent, state);
      this.#checkFinality(agent, state);
      this.#checkLinks(agent, state);
      this.#checkCertificates(agent, state, nowMs);
    }
  }

  #checkTips({ name, engine }: SimulatedAgent, state: ChainState): void {
    const tips = tipsOf(state);
    for (const [at, tip] of ORDER.entries()) {
      const above = tips[ORDER[at - 1] ?? tip];
      const { blockNumber, slot, blockHash } = tips[tip];
      const isInOrder = blockNumber <= above.blockNumber && slot <= above.slot;
      if (isInOrder && engine.isAncestor(blockHash, above.blockHash)) continue;
      throw new Violation("tips are in order on one chain", `${name}: ${tip} is block ${blockNumber} of slot ${slot}`);
    }
  }

  #checkFinality(agent: SimulatedAgent, { finalized }: ChainState): void {
    const before = this.#finalized.get(agent) ?? 0;
    if (finalized.slot < before) {
      throw new Violation("what is final stays final", `${agent.name}: from slot ${before} to ${finalized.slot}`);
    }
    this.#finalized.set(agent, finalized.slot);
  }

  #checkLinks({ name }: SimulatedAgent, state: ChainState): void {
    const found = bases(state);
    for (const [at, entry] of state.unsubmitted.entries()) {
      const base: Base | undefined = found[at];
      const first = entry.blocks[0];
      const fits = base !== undefined && base.slot < entry.slot && first?.parentHash === base.blockHash;
      if (!fits) throw new Violation("each checkpoint stands on the one before", `${name}: slot ${entry.slot}`);
    }
  }

  #checkCertificates({ name }: SimulatedAgent, state: ChainState, nowMs: number): void {
    for (const { slot, proposed } of state.unsubmitted) {
      if (proposed?.certificate === undefined) continue;
      const held = this.#certified.get(slot);
      if (held !== undefined && held !== proposed.digest) {
        const what = `slot ${slot}: ${held}, and at ${name} ${proposed.digest}`;
        throw new Violation("one certificate a slot", what);
      }
      this.#certified.set(slot, proposed.digest);
      if (!this.certifiedMs.has(slot)) this.certifiedMs.set(slot, nowMs);
    }
  }
}

/** Hashes of a chain's transactions, oldest first. @throws Violation if one is there twice. */
export function transactionsOn(agent: SimulatedAgent, tip: Hex): Set<Hex> {
  const found = new Set<Hex>();
  for (const { blockHash, blockNumber } of [...agent.engine.chainOf(tip)].reverse()) {
    for (const hash of agent.engine.transactionsOf(blockHash)) {
      if (found.has(hash)) throw new Violation("no transaction is executed twice", `${hash} in block ${blockNumber}`);
      found.add(hash);
    }
  }
  return found;
}
