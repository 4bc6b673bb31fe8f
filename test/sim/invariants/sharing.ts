import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import { type FaultPlan, isWithin, type Window } from "../faults/plan.ts";
import { Violation } from "../violation.ts";
import type { Deadlines } from "./deadlines.ts";

/** Gossip, or whoever is asked after it, brings what somebody holds by then. */
const SHARED_MS = 3_000;
/** What a fault may still be felt after it is over: who starts again reads L1 first. */
const RECOVERY_MS = 6_000;
/** The same of a network that was parted: peers are asked again within a second. */
const HEALED_MS = 2_000;

/** What a quorum attested is soon held by everybody who can be reached, whatever they missed. */
export class SharingRules {
  readonly #times: Deadlines;
  readonly #disturbing: readonly Window[];
  /** Since when an agent lacks what another one holds. */
  readonly #sinceMs = new Map<string, number>();

  constructor(times: Deadlines, plan: FaultPlan) {
    const { links, partitions, crashes, blackouts, outages, ills, villain } = plan;
    const after = (windows: readonly Window[], ms: number): Window[] =>
      windows.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + ms }));
    this.#times = times;
    this.#disturbing = [
      ...after([...links, ...partitions], HEALED_MS),
      ...after([...crashes, ...blackouts, ...outages, ...ills, ...(villain ? [villain] : [])], RECOVERY_MS),
    ];
  }

  /** To be called every now and then. @throws Violation. */
  check(agents: readonly SimulatedAgent[], nowMs: number): void {
    if (isWithin(this.#disturbing, nowMs)) this.#sinceMs.clear();
    const states = agents.flatMap(({ name, running }) =>
      running === undefined || running.agent.node.isBehind ? [] : [{ name, state: running.agent.keeper.state }],
    );
    const certified = new Map(states.flatMap(({ state }) => certifiedIn(state)));
    const lacking = states.flatMap(({ name, state }) =>
      [...certified]
        .filter(([digest, slot]) => !this.#has(state, slot, digest))
        .map(([, slot]) => `slot ${slot} at ${name}`),
    );
    for (const what of this.#sinceMs.keys()) if (!lacking.includes(what)) this.#sinceMs.delete(what);
    for (const what of lacking) {
      const sinceMs = this.#sinceMs.get(what) ?? nowMs;
      this.#sinceMs.set(what, sinceMs);
      if (nowMs >= sinceMs + SHARED_MS) throw new Violation("what is certified is everywhere", `not ${what}`);
    }
  }

  #has(state: ChainState, slot: number, digest: Hex): boolean {
    const isOver = state.submitted.slot >= slot || 1000 * state.l1.timestamp >= this.#times.dead(slot);
    return isOver || certifiedIn(state).some(([held]) => held === digest);
  }
}

const certifiedIn = ({ unsubmitted }: ChainState): [digest: Hex, slot: number][] =>
  unsubmitted.flatMap(({ slot, proposed }) => (proposed?.certificate === undefined ? [] : [[proposed.digest, slot]]));
