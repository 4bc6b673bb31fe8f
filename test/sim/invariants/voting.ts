import { isSkipped } from "../../../sdk/agent/chain/slots.ts";
import type { ChainState, Unsubmitted } from "../../../sdk/agent/chain/state.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { SignatureLedger, Signed } from "../ledger.ts";
import { Violation } from "../violation.ts";
import type { Witness } from "../witness.ts";
import type { Deadlines } from "./deadlines.ts";
import type { L1Rules } from "./l1.ts";

/** An agent that starts again takes up its duties by then. */
const RESTART_MS = 6_000;

/** What can be attested is, by then: it is looked at every 50 ms, and a signer's disk takes its time. */
const VOTE_MS = 1_000;

/** Who votes may, and who may does: attestations and votes to skip, as the agent that gives them sees the chain. */
export class VotingRules implements Witness {
  readonly #times: Deadlines;
  readonly #l1: L1Rules;
  readonly #ledger: SignatureLedger;
  readonly #nowMs: () => number;
  /** Since when an agent could have attested what it has not, by digest, and since when it is up. */
  readonly #open = new Map<SimulatedAgent, { upSinceMs: number; digests: Map<string, number> }>();

  constructor(times: Deadlines, l1: L1Rules, ledger: SignatureLedger, nowMs: () => number) {
    this.#times = times;
    this.#l1 = l1;
    this.#ledger = ledger;
    this.#nowMs = nowMs;
  }

  onSigning(agent: SimulatedAgent, asked: Signed): void {
    const state = agent.running?.agent.keeper.state;
    if (state === undefined) return;
    if (asked.kind === "attestation") this.#onAttestation(agent, state, asked);
    if (asked.kind === "skip") this.#onSkip(agent, state, asked.slot);
  }

  /** Looks whether anybody keeps back an attestation; to be called every now and then. @throws Violation. */
  checkGiven(agents: readonly SimulatedAgent[]): void {
    const nowMs = this.#nowMs();
    for (const agent of agents) {
      const { running } = agent;
      if (running === undefined) this.#open.delete(agent);
      if (running === undefined) continue;
      const before = this.#open.get(agent) ?? { upSinceMs: nowMs, digests: new Map<string, number>() };
      const { state } = running.agent.keeper;
      // What it has not read of L1 it cannot go by.
      const hasRead = 1000 * state.l1.timestamp + 2 * this.#times.l1SlotMs >= this.#l1.newestMs;
      const isAble = hasRead && !running.agent.node.isBehind && nowMs >= before.upSinceMs + RESTART_MS;
      const open = isAble ? state.unsubmitted.filter((entry) => this.#isOpen(agent, state, entry)) : [];
      const digests = new Map<string, number>();
      for (const { slot, proposed } of open) {
        const digest = proposed?.digest ?? "";
        const sinceMs = before.digests.get(digest) ?? nowMs;
        if (nowMs >= sinceMs + VOTE_MS)
          throw new Violation("what can be attested is attested", `${agent.name}: slot ${slot}`);
        digests.set(digest, sinceMs);
      }
      this.#open.set(agent, { upSinceMs: before.upSinceMs, digests });
    }
  }

  #onAttestation(agent: SimulatedAgent, state: ChainState, { slot, digest }: Signed): void {
    const entry = state.unsubmitted.find((one) => one.slot === slot);
    const reason =
      entry?.proposed?.digest !== digest ? "it is not the proposal held" : this.#whyNot(agent, state, entry);
    if (reason !== undefined) {
      throw new Violation("what is attested is attestable", `${agent.name}, slot ${slot}: ${reason}`);
    }
  }

  #onSkip(agent: SimulatedAgent, state: ChainState, slot: number): void {
    const entry = state.unsubmitted.find((one) => one.slot === slot);
    const nowMs = this.#nowMs() + this.#times.disparityMs;
    const isUnproposed = entry?.proposed === undefined && nowMs >= this.#times.proposal(slot);
    const isSilent = entry === undefined && nowMs >= this.#times.liveness(slot);
    if (isUnproposed || isSilent) return;
    throw new Violation("a slot is skipped for cause", `${agent.name}, slot ${slot}`);
  }

  /** It could be attested, has time, and its validators have not voted. */
  #isOpen(agent: SimulatedAgent, state: ChainState, entry: Unsubmitted): boolean {
    const leftMs = this.#times.attestation(entry.slot) - this.#nowMs();
    if (entry.proposed === undefined || leftMs < this.#times.disparityMs) return false;
    // That a quorum signed to skip a slot is nothing the agent can know whom the votes did not reach.
    const parentSlot = state.unsubmitted[state.unsubmitted.indexOf(entry) - 1]?.slot ?? state.submitted.slot;
    for (let gap = parentSlot + 1; gap < entry.slot; gap++) {
      if (1000 * state.l1.timestamp < this.#times.dead(gap) && !isSkipped(state, gap)) return false;
    }
    return agent.publicKeys.some((key) => this.#ledger.mayVote(key, entry.slot)) && !this.#whyNot(agent, state, entry);
  }

  /** Why it is not attestable; undefined if it is. */
  #whyNot(agent: SimulatedAgent, state: ChainState, entry: Unsubmitted): string | undefined {
    const { slot, blocks } = entry;
    if (this.#nowMs() > this.#times.attestation(slot) + this.#times.disparityMs) return "its deadline is over";
    const last = blocks.at(-1);
    if (last === undefined || !last.last || !agent.engine.has(last.hash)) return "it was not executed to its end";
    if (entry.proposed?.proposal.header.lastBlockHash !== last.hash) return "its last block is another";
    const depth = state.unsubmitted.indexOf(entry) + 1;
    if (depth > this.#times.depthOf(state)) return "it goes deeper than the limit";
    const below = state.unsubmitted[depth - 2];
    if (below !== undefined && !this.#isCertified(below)) return "its parent has no certificate";
    for (let gap = (below?.slot ?? state.submitted.slot) + 1; gap < slot; gap++) {
      const isDead = this.#l1.newestMs >= this.#times.dead(gap);
      if (!isDead && !this.#ledger.isQuorum(this.#ledger.skips(gap), gap))
        return `slot ${gap} is neither skipped nor dead`;
    }
    return undefined;
  }

  #isCertified({ slot, proposed }: Unsubmitted): boolean {
    return (
      proposed?.certificate !== undefined &&
      this.#ledger.isQuorum(this.#ledger.attestations(slot, proposed.digest), slot)
    );
  }
}
