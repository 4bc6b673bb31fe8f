import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { blockProposalCodec } from "../../../sdk/agent/messages/block-proposal.ts";
import { checkpointProposalCodec } from "../../../sdk/agent/messages/checkpoint-proposal.ts";
import type { Topic } from "../../../sdk/agent/network/interface.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { Verdict } from "../../../sdk/agent/types/verdict.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { SignatureLedger, Signed } from "../ledger.ts";
import { Violation } from "../violation.ts";
import type { Witness } from "../witness.ts";
import type { Deadlines } from "./deadlines.ts";
import type { L1Rules } from "./l1.ts";

type Event<T extends PipelineEvent["type"]> = Extract<PipelineEvent, { type: T }>;

/** A call to the engine is there by then. */
const CALL_MS = 200;

/** Why a checkpoint that a quorum has attested may be left. */
const AGAINST_CERTIFIED = new Set(["dead", "parent-discarded", "l1-differs", "removed-on-l1"]);

export interface BuildingInput {
  times: Deadlines;
  l1: L1Rules;
  ledger: SignatureLedger;
  nowMs: () => number;
  /** Whether a slot's proposer keeps its blocks back until what they stand on is certified. */
  isSilent: (slot: number) => boolean;
}

/** What an agent builds, takes into its chain and discards is what the rules let it. */
export class BuildingRules implements Witness {
  readonly #times: Deadlines;
  readonly #l1: L1Rules;
  readonly #nowMs: () => number;
  readonly #ledger: SignatureLedger;
  readonly #isSilent: (slot: number) => boolean;
  readonly #certified = new Map<SimulatedAgent, Set<number>>();
  /** When each agent discarded a block that it has not taken in again. */
  readonly #gone = new Map<string, number>();
  /** What each agent saw the first attempt of a slot stand on. */
  readonly #firstParents = new Map<string, Hex>();

  constructor({ times, l1, ledger, nowMs, isSilent }: BuildingInput) {
    this.#times = times;
    this.#l1 = l1;
    this.#ledger = ledger;
    this.#nowMs = nowMs;
    this.#isSilent = isSilent;
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    if (event.type === "build-started") this.#onBuild(agent, event);
    if (event.type === "head") this.#onBlock(agent, event);
    if (event.type === "discarded") this.#onDiscard(agent, event);
    if (event.type === "proposed") this.#onProposed(agent, event);
    if (event.type === "attested") this.#certifiedAt(agent).add(event.slot);
    if (event.type === "missed-duty" && event.duty === "propose") {
      throw new Violation("nobody asks for a second signature", `${agent.name}, slot ${event.slot}: ${event.reason}`);
    }
  }

  /** @param parentHash Of the block that it begins to fill. */
  onFill({ name }: SimulatedAgent, parentHash: Hex): void {
    const goneMs = this.#gone.get(`${name}/${parentHash}`);
    if (goneMs === undefined || this.#nowMs() < goneMs + CALL_MS) return;
    throw new Violation("nobody builds on what is gone", `${name}, on ${parentHash}`);
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
    if (!this.#isInTime(slot)) {
      throw new Violation("what is accepted is accepted in its time", `${agent.name}: ${topic}, slot ${slot}`);
    }
    if (!this.#isSilent(slot) || this.#isDecided(slot - 1)) return;
    throw new Violation("a silent proposer shows nothing early", `${agent.name} got ${topic} of slot ${slot}`);
  }

  /** Also what a peer served, which comes without a verdict; what is certified is taken in at any time. */
  #onProposed({ name, running }: SimulatedAgent, { slot, digest }: Event<"proposed">): void {
    const held = running?.agent.keeper.state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
    const due = this.#l1.messages.filter(({ timestamp }) => 1000 * timestamp < this.#times.cutOff(slot)).length;
    const count = held?.proposal.header.inboxCount ?? due;
    if (count !== due) {
      throw new Violation("what is due of the inbox is consumed", `${name}: ${count} of ${due}, slot ${slot}`);
    }
    if (this.#isInTime(slot) || this.#ledger.isQuorum(this.#ledger.attestations(slot, digest), slot)) return;
    throw new Violation("what is accepted is accepted in its time", `${name}: served, slot ${slot}`);
  }

  /** Its own clock may be off, and so may the author's. */
  #isInTime(slot: number): boolean {
    const slackMs = 2 * this.#times.disparityMs;
    const nowMs = this.#nowMs();
    return nowMs >= this.#times.start(slot - 1) - slackMs && nowMs <= this.#times.proposal(slot) + slackMs;
  }

  /** Whether a slot is certified, skipped or dead. */
  #isDecided(slot: number): boolean {
    const isVoted = this.#ledger.isCertified(slot) || this.#ledger.isQuorum(this.#ledger.skips(slot), slot);
    return slot < 1 || isVoted || this.#l1.newestMs >= this.#times.dead(slot);
  }

  /** The slot before one that is built is passed over only when its proposal can no longer come, or it is skipped. */
  #checkPatience({ name }: SimulatedAgent, slot: number, parentSlot: number): void {
    const passed = slot - 1;
    if (parentSlot >= passed || this.#nowMs() >= this.#times.proposal(passed) - 2 * this.#times.disparityMs) return;
    if (this.#ledger.isQuorum(this.#ledger.skips(passed), passed)) return;
    throw new Violation("nobody is passed over before its time", `${name}: slot ${slot} stands on slot ${parentSlot}`);
  }

  #onBuild(agent: SimulatedAgent, { slot, parentSlot }: Event<"build-started">): void {
    const state = agent.running?.agent.keeper.state;
    if (state === undefined) return;
    const isSpent = agent.publicKeys.some((key) => this.#ledger.hasProposed(key, slot));
    if (isSpent) throw new Violation("a slot that was proposed is spent", `${agent.name}: ${slot}`);
    this.#checkPatience(agent, slot, parentSlot);
    const below = state.unsubmitted.filter((entry) => entry.slot <= parentSlot);
    this.#checkDepth(agent, state, below.length + 1, `builds slot ${slot}`);
  }

  #onBlock(agent: SimulatedAgent, { block }: Event<"head">): void {
    const { slot, hash } = block;
    this.#gone.delete(`${agent.name}/${hash}`);
    if (!agent.engine.has(hash)) {
      throw new Violation("every block of the chain was executed here", `${agent.name}: slot ${slot}, ${hash}`);
    }
    const state = agent.running?.agent.keeper.state;
    const at = state?.unsubmitted.findIndex((entry) => entry.slot === slot) ?? -1;
    if (state === undefined || at < 0 || block.index > 0) return;
    this.#checkDepth(agent, state, at + 1, `takes in slot ${slot}`);
    if (!this.#ledger.isCertified(slot)) {
      this.#checkPatience(agent, slot, state.unsubmitted[at - 1]?.slot ?? state.submitted.slot);
    }
    const key = `${agent.index}/${slot}`;
    const first = this.#firstParents.get(key);
    if (block.attempt === 1 && first === block.parentHash) {
      throw new Violation("a second attempt names another parent", `${agent.name}: slot ${slot}`);
    }
    if (block.attempt === 0) this.#firstParents.set(key, block.parentHash);
  }

  #checkDepth({ name }: SimulatedAgent, state: ChainState, depth: number, what: string): void {
    if (depth <= this.#times.depthOf(state)) return;
    throw new Violation("nobody goes deeper than the limit", `${name} ${what} at ${depth}`);
  }

  #onDiscard(agent: SimulatedAgent, { discarded: { slot, reason, blocks } }: Event<"discarded">): void {
    for (const { hash } of blocks) this.#gone.set(`${agent.name}/${hash}`, this.#nowMs());
    if (reason === "dead" && this.#l1.newestMs < this.#times.dead(slot)) {
      throw new Violation("a slot is dead by L1's time alone", `${agent.name}: slot ${slot}`);
    }
    if (reason === "uncertified" && this.#nowMs() < this.#times.uncertified(slot) - this.#times.disparityMs) {
      throw new Violation("what may still be certified is kept", `${agent.name}: slot ${slot}`);
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
