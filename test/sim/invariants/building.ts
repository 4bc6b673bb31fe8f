import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { blockProposalCodec } from "../../../sdk/agent/messages/block-proposal.ts";
import { checkpointProposalCodec } from "../../../sdk/agent/messages/checkpoint-proposal.ts";
import type { Topic } from "../../../sdk/agent/network/interface.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { Verdict } from "../../../sdk/agent/types/verdict.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { Signed } from "../ledger.ts";
import { Violation } from "../violation.ts";
import type { Witness } from "../witness.ts";
import type { Deadlines } from "./deadlines.ts";
import type { L1Rules } from "./l1.ts";

type Event<T extends PipelineEvent["type"]> = Extract<PipelineEvent, { type: T }>;

/** Why a checkpoint that a quorum has attested may be left. */
const AGAINST_CERTIFIED = new Set(["dead", "parent-discarded", "l1-differs", "removed-on-l1"]);

/** What an agent builds, takes into its chain and discards is what the rules let it. */
export class BuildingRules implements Witness {
  readonly #times: Deadlines;
  readonly #l1: L1Rules;
  readonly #nowMs: () => number;
  readonly #isSpent: (agent: SimulatedAgent, slot: number) => boolean;
  readonly #certified = new Map<SimulatedAgent, Set<number>>();

  constructor(
    times: Deadlines,
    l1: L1Rules,
    { nowMs, isSpent }: { nowMs: () => number; isSpent: (agent: SimulatedAgent, slot: number) => boolean },
  ) {
    this.#times = times;
    this.#l1 = l1;
    this.#nowMs = nowMs;
    this.#isSpent = isSpent;
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    if (event.type === "build-started") this.#onBuild(agent, event);
    if (event.type === "head") this.#onBlock(agent, event);
    if (event.type === "discarded") this.#onDiscard(agent, event);
    if (event.type === "attested") this.#certifiedAt(agent).add(event.slot);
    if (event.type === "missed-duty" && event.duty === "propose") {
      throw new Violation("nobody asks for a second signature", `${agent.name}, slot ${event.slot}: ${event.reason}`);
    }
  }

  onSigning(agent: SimulatedAgent, { kind, slot }: Signed): void {
    if (kind !== "block" && kind !== "proposal") return;
    const fromMs = this.#times.start(slot - 1) - this.#times.disparityMs;
    const toMs = this.#times.proposal(slot) + this.#times.disparityMs;
    const nowMs = this.#nowMs();
    if (nowMs < fromMs || nowMs > toMs) {
      throw new Violation("what is proposed is proposed in its time", `${agent.name}: ${kind} of slot ${slot}`);
    }
  }

  onVerdict(agent: SimulatedAgent, topic: Topic, data: Uint8Array, { verdict }: Verdict): void {
    if (verdict !== "accept" || (topic !== "blocks" && topic !== "checkpoints")) return;
    const decoded = topic === "blocks" ? blockProposalCodec.decode(data) : checkpointProposalCodec.decode(data);
    if (!decoded.ok) return;
    const { value } = decoded;
    const slot = "header" in value ? value.header.slot : value.slot;
    // Its own clock may be off, and so may the author's.
    const slackMs = 2 * this.#times.disparityMs;
    const nowMs = this.#nowMs();
    if (nowMs >= this.#times.start(slot - 1) - slackMs && nowMs <= this.#times.proposal(slot) + slackMs) return;
    throw new Violation("what is accepted is accepted in its time", `${agent.name}: ${topic}, slot ${slot}`);
  }

  #onBuild(agent: SimulatedAgent, { slot, parentSlot }: Event<"build-started">): void {
    const state = agent.running?.agent.keeper.state;
    if (state === undefined) return;
    if (this.#isSpent(agent, slot)) throw new Violation("a slot that was proposed is spent", `${agent.name}: ${slot}`);
    const below = state.unsubmitted.filter((entry) => entry.slot <= parentSlot);
    this.#checkDepth(agent, state, below.length + 1, `builds slot ${slot}`);
  }

  #onBlock(agent: SimulatedAgent, { block }: Event<"head">): void {
    const { slot, hash } = block;
    if (!agent.engine.has(hash)) {
      throw new Violation("every block of the chain was executed here", `${agent.name}: slot ${slot}, ${hash}`);
    }
    const state = agent.running?.agent.keeper.state;
    const at = state?.unsubmitted.findIndex((entry) => entry.slot === slot) ?? -1;
    if (state === undefined || at < 0 || block.index > 0) return;
    this.#checkDepth(agent, state, at + 1, `takes in slot ${slot}`);
  }

  #checkDepth({ name }: SimulatedAgent, state: ChainState, depth: number, what: string): void {
    if (depth <= this.#times.depthOf(state)) return;
    throw new Violation("nobody goes deeper than the limit", `${name} ${what} at ${depth}`);
  }

  #onDiscard(agent: SimulatedAgent, { discarded: { slot, reason } }: Event<"discarded">): void {
    if (reason === "dead" && this.#l1.newestMs < this.#times.dead(slot)) {
      throw new Violation("a slot is dead by L1's time alone", `${agent.name}: slot ${slot}`);
    }
    if (this.#certifiedAt(agent).has(slot) && !AGAINST_CERTIFIED.has(reason)) {
      throw new Violation("nobody leaves what is certified", `${agent.name}: slot ${slot}, ${reason}`);
    }
  }

  #certifiedAt(agent: SimulatedAgent): Set<number> {
    const held = this.#certified.get(agent) ?? new Set<number>();
    this.#certified.set(agent, held);
    return held;
  }
}
