import { Violation } from "../violation.ts";
import type { Sent, Witness } from "../witness.ts";
import { landingOf } from "./calls.ts";
import type { Deadlines } from "./deadlines.ts";
import type { L1Rules } from "./l1.ts";

/** From what an agent knows to what it has sent: an L1 block is seen, blobs are proven, the call takes its time. */
const REACTION_MS = 1_500;

export interface SendingInput {
  times: Deadlines;
  l1: L1Rules;
  nowMs: () => number;
  /** Index of the agent that proposes for a slot; undefined while nobody can know. */
  proposerOf: (slot: number) => number | undefined;
  /** Whether an agent holds a slot's certificate, and did `REACTION_MS` ago. */
  certifiedMs: ReadonlyMap<number, number>;
  /** Whether another transaction of the sender's carries a slot already. */
  isOnItsWay: (sent: Sent, slot: number) => boolean;
}

/** Whoever sends a checkpoint to L1 has the right to: its proposer, its successor, everyone, each in its time. */
export class SendingRules implements Witness {
  readonly #given: SendingInput;

  constructor(given: SendingInput) {
    this.#given = given;
  }

  onSend(sent: Sent): void {
    const { slots, deadlineMs } = landingOf(sent.data);
    if (slots.length === 0) return;
    for (const slot of slots) this.#checkRole(sent.agent, slot);
    this.#checkDeadline(sent.agent, slots, deadlineMs);
    this.#checkBatch(sent, slots);
  }

  #checkRole(agent: number, slot: number): void {
    const { times, l1, nowMs, proposerOf } = this.#given;
    const proposer = proposerOf(slot);
    if (proposer === undefined) return;
    const slackMs = times.disparityMs;
    const atMs = nowMs();
    const isSeen = l1.newestMs >= times.lastOnTime(slot);
    const untilMs = isSeen ? times.lastOnTime(slot) + REACTION_MS : times.start(slot + 1) + slackMs;
    const isOwn = agent === proposer && atMs >= times.start(slot) - times.l1SlotMs - slackMs && atMs <= untilMs;
    const isSuccessor = agent === proposerOf(slot + 1) && atMs >= times.start(slot + 1) - slackMs;
    // Sent within the L1 slot before, it is in the first block that credits anyone.
    const isOpen = atMs >= times.open(slot) - times.l1SlotMs - slackMs;
    if (isOwn || ((isSuccessor || isOpen) && atMs <= times.closes(slot))) return;
    throw new Violation("a checkpoint is landed by whose turn it is", `agent-${agent} sends slot ${slot}`);
  }

  /** Slipping over the slot's end must cost its proposer nothing. */
  #checkDeadline(agent: number, [slot]: readonly number[], deadlineMs: number): void {
    const { times, nowMs } = this.#given;
    if (slot === undefined || nowMs() >= times.start(slot + 1) - times.disparityMs) return;
    if (deadlineMs < times.start(slot + 1)) return;
    throw new Violation("what a proposer sends ends with its slot", `agent-${agent} sends slot ${slot}`);
  }

  /**
   * Its own certified checkpoint goes with the one it rescues, unless an L1 reorg has parted them: it is on its way
   * already, or the account's next transaction is an older one that the reorg gave back. A batch would take that one's
   * nonce, while the later one that carries the late checkpoint may still be mined.
   */
  #checkBatch(sent: Sent, slots: readonly number[]): void {
    const { certifiedMs, nowMs, proposerOf, times, isOnItsWay } = this.#given;
    const { agent, from, nonce, latestNonces } = sent;
    const [slot] = slots as [number];
    if (nonce > (latestNonces.get(from) ?? 0)) return;
    if (slots.length > 1 || proposerOf(slot + 1) !== agent || nowMs() < times.start(slot + 1)) return;
    if ((certifiedMs.get(slot + 1) ?? Number.POSITIVE_INFINITY) + REACTION_MS > nowMs()) return;
    if (isOnItsWay(sent, slot + 1)) return;
    throw new Violation("a rescue takes its own checkpoint along", `agent-${agent} sends slot ${slot} alone`);
  }
}
