import { isSkipped } from "../../../sdk/agent/chain/slots.ts";
import { type ChainState, isComplete, type Unsubmitted } from "../../../sdk/agent/chain/state.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { SignatureLedger } from "../ledger.ts";
import { Violation } from "../violation.ts";
import type { Sent, Witness } from "../witness.ts";
import { landingOf } from "./calls.ts";
import type { Deadlines } from "./deadlines.ts";
import type { L1Rules } from "./l1.ts";

/** An agent that starts again takes up its duties by then. */
const RESTART_MS = 6_000;
/** What an agent can do it has begun by then: it looks at its duties every 50 ms. */
const BEGIN_MS = 700;
/** In less than this of its build slot an agent may not begin any more. */
const LEAST_MS = 2_000;
/** From its decision to send until L1 has the transaction: blobs are proven, it is simulated, calls take their time. */
const SEND_MS = 2_500;

export interface DutyInput {
  times: Deadlines;
  l1: L1Rules;
  ledger: SignatureLedger;
  nowMs: () => number;
  /** Index of the agent that proposes for a slot; undefined while nobody can know. */
  proposerOf: (slot: number) => number | undefined;
}

/** Whoever may, does: what lets time pass is found here, and not what does wrong. */
export class DutyRules implements Witness {
  readonly #given: DutyInput;
  /** Since when each agent is up, and since when it could have done what it has not. */
  readonly #agents = new Map<SimulatedAgent, { upMs: number; ableMs: Map<string, number> }>();
  /** What each agent has begun to send, and how often it has begun to build a slot and had to leave it again. */
  readonly #sent = new Set<string>();
  readonly #built = new Map<string, { begun: number; left: number }>();

  constructor(given: DutyInput) {
    this.#given = given;
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    if (event.type === "build-started") this.#attempts(agent.index, event.slot).begun++;
    if (event.type === "discarded") this.#attempts(agent.index, event.discarded.slot).left++;
  }

  onSend({ agent, data }: Sent): void {
    for (const slot of landingOf(data).slots) this.#sent.add(`${agent}/${slot}`);
  }

  /** To be called every now and then. @throws Violation. */
  check(agents: readonly SimulatedAgent[]): void {
    const { times, l1, nowMs } = this.#given;
    for (const agent of agents) {
      const { running } = agent;
      if (running === undefined) {
        this.#agents.delete(agent);
        continue;
      }
      const held = this.#agents.get(agent) ?? { upMs: nowMs(), ableMs: new Map<string, number>() };
      this.#agents.set(agent, held);
      const { state } = running.agent.keeper;
      // What it has not read of L1 it cannot go by.
      const hasRead = 1000 * state.l1.timestamp + 2 * times.l1SlotMs >= l1.newestMs;
      const isAble = hasRead && !running.agent.node.isBehind && nowMs() >= held.upMs + RESTART_MS;
      const due = isAble ? this.#due(agent, state, held.upMs) : [];
      for (const what of held.ableMs.keys()) if (due.every(([name]) => name !== what)) held.ableMs.delete(what);
      for (const [what, rule, withinMs] of due) {
        const sinceMs = held.ableMs.get(what) ?? nowMs();
        held.ableMs.set(what, sinceMs);
        if (nowMs() >= sinceMs + withinMs) throw new Violation(rule, `${agent.name}: ${what}`);
      }
    }
  }

  /** What an agent can do now and has not done; the rule that it then breaks, and after how long. */
  #due(agent: SimulatedAgent, state: ChainState, upMs: number): [what: string, rule: string, withinMs: number][] {
    return [
      ...this.#toBuild(agent, state, upMs).map((slot): [string, string, number] => [
        `slot ${slot} is to be built`,
        "who may build builds",
        BEGIN_MS,
      ]),
      ...this.#toRescue(agent, state).map((slot): [string, string, number] => [
        `slot ${slot} is to be rescued`,
        "a successor rescues",
        SEND_MS,
      ]),
      ...state.unsubmitted
        .filter((entry) => this.#isDead(state, entry))
        .map(({ slot }): [string, string, number] => [`slot ${slot} is held`, "what is dead is left", 0]),
      ...state.unsubmitted
        .filter(({ slot }) => isSkipped(state, slot))
        .map(({ slot }): [string, string, number] => [`slot ${slot} is held`, "what is skipped is left", 0]),
      ...state.unsubmitted
        .filter((entry) => this.#isHopeless(entry))
        .map(({ slot }): [string, string, number] => [
          `slot ${slot} is held`,
          "what nobody certified is left",
          BEGIN_MS,
        ]),
    ];
  }

  /** The slot of this build slot, if it is this agent's, its parent is there and the depth allows it. */
  #toBuild({ index, publicKeys }: SimulatedAgent, state: ChainState, upMs: number): number[] {
    const { times, ledger, nowMs, proposerOf } = this.#given;
    const slot = times.slotAt(nowMs()) + 1;
    const leftMs = times.start(slot) - nowMs();
    if (slot < 1 || proposerOf(slot) !== index || upMs > times.start(slot - 1) || leftMs < LEAST_MS) return [];
    const { begun, left } = this.#attempts(index, slot);
    if (begun > Math.min(left, 1) || publicKeys.some((key) => ledger.hasProposed(key, slot))) return [];
    if (isSkipped(state, slot) || state.submitted.slot >= slot) return [];
    const top = state.unsubmitted.at(-1);
    const parentSlot = top === undefined || isComplete(top) ? (top?.slot ?? state.submitted.slot) : undefined;
    if (parentSlot === undefined || !this.#isPassable(state, parentSlot, slot)) return [];
    return state.unsubmitted.length + 1 <= times.depthOf(state) ? [slot] : [];
  }

  /** Nothing stands between, or nothing that anybody must wait for; what is built past that stands on what is certified. */
  #isPassable({ unsubmitted }: ChainState, parentSlot: number, slot: number): boolean {
    if (parentSlot === slot - 1) return true;
    const { times, ledger, nowMs } = this.#given;
    for (let passed = parentSlot + 1; passed < slot; passed++) if (ledger.isCertified(passed)) return false;
    const top = unsubmitted.at(-1);
    const isSafe = top === undefined || top.proposed?.certificate !== undefined;
    return isSafe && nowMs() >= times.proposal(slot - 1) + 2 * times.disparityMs;
  }

  #attempts(agent: number, slot: number): { begun: number; left: number } {
    const key = `${agent}/${slot}`;
    const held = this.#built.get(key) ?? { begun: 0, left: 0 };
    this.#built.set(key, held);
    return held;
  }

  /** The oldest checkpoint, if this agent is its successor and its slot is over. */
  #toRescue({ index }: SimulatedAgent, state: ChainState): number[] {
    const { times, nowMs, proposerOf } = this.#given;
    const [oldest] = state.unsubmitted;
    if (oldest?.proposed?.certificate === undefined || proposerOf(oldest.slot + 1) !== index) return [];
    const { slot } = oldest;
    const isLate = 1000 * state.l1.timestamp >= times.lastOnTime(slot) && nowMs() >= times.start(slot + 1);
    // It waits for its own certificate until the first late block is near.
    const isTime = nowMs() >= times.start(slot + 1) + times.l1SlotMs / 2 && nowMs() < times.open(slot);
    return isLate && isTime && !this.#sent.has(`${index}/${slot}`) ? [slot] : [];
  }

  #isDead(state: ChainState, { slot }: Unsubmitted): boolean {
    return 1000 * state.l1.timestamp >= this.#given.times.dead(slot);
  }

  #isHopeless({ slot, proposed }: Unsubmitted): boolean {
    const { times, nowMs } = this.#given;
    return proposed?.certificate === undefined && nowMs() >= times.uncertified(slot) + times.disparityMs;
  }
}
