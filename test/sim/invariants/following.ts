import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import { type FaultPlan, isWithin, type Window } from "../faults/plan.ts";
import type { SimulatedL1 } from "../l1/chain.ts";
import { Violation } from "../violation.ts";
import type { L1Rules, OnL1 } from "./l1.ts";

const RULE = "agents follow L1";
/** An agent that nothing keeps from it reads an L1 block by then. */
const READING_MS = 10_000;
/** What a fault may still be felt after it is over. */
const RECOVERY_MS = 36_000;

/** What an agent takes to be on L1, in the L1 block it has read up to, is what that block holds. */
export class FollowingRules {
  readonly #l1: SimulatedL1;
  readonly #rules: L1Rules;
  readonly #disturbing: readonly Window[];
  /** When L1's blocks were made, from the newest that everybody should have read. */
  readonly #made: { atMs: number; stampMs: number }[] = [];

  constructor(l1: SimulatedL1, rules: L1Rules, { links, partitions, crashes, blackouts, outages, ills }: FaultPlan) {
    this.#l1 = l1;
    this.#rules = rules;
    // Of two nodes on two chains an agent cannot tell which is right; any other illness of one costs it nothing.
    const forks = ills.filter(({ ill }) => ill === "forks");
    this.#disturbing = [...links, ...partitions, ...crashes, ...blackouts, ...outages, ...forks].map(
      ({ fromMs, toMs }) => ({
        fromMs,
        toMs: toMs + RECOVERY_MS,
      }),
    );
  }

  /** To be called after each change of L1. @throws Violation. */
  async check(agents: readonly SimulatedAgent[], nowMs: number): Promise<void> {
    this.#made.push({ atMs: nowMs, stampMs: this.#rules.newestMs });
    while ((this.#made[1]?.atMs ?? nowMs) <= nowMs - READING_MS) this.#made.shift();
    const [due] = this.#made as [{ atMs: number; stampMs: number }];
    for (const agent of agents) {
      const { l1 } = agent.running?.agent.keeper.state ?? {};
      if (l1 === undefined || l1.blockNumber === 0) continue;
      const number = `0x${l1.blockNumber.toString(16)}`;
      const block = await this.#l1.read<{ hash: Hex } | null>("eth_getBlockByNumber", [number, false]);
      if (block?.hash === l1.blockHash) this.#checkTips(agent, l1.blockNumber);
      const isLate = due.atMs <= nowMs - READING_MS && 1000 * l1.timestamp < due.stampMs;
      if (isLate && l1.timestamp > 0 && !isWithin(this.#disturbing, nowMs)) {
        throw new Violation(RULE, `${agent.name} has read up to block ${l1.blockNumber} only`);
      }
    }
  }

  #checkTips({ name, running }: SimulatedAgent, read: number): void {
    const { landed } = this.#rules;
    const state = running?.agent.keeper.state;
    if (state === undefined) return;
    const expected = landed.findLast(({ blockNumber }) => blockNumber <= read);
    const { submitted, unsettled, settled } = state;
    // What the next block holds is taken over before the block itself.
    if (submitted.slot < (expected?.slot ?? 0)) {
      throw new Violation(
        RULE,
        `${name} takes slot ${submitted.slot} for the newest, block ${read} holds slot ${expected?.slot}`,
      );
    }
    const bySlot = new Map<number, OnL1>(landed.map((one) => [one.slot, one]));
    for (const { slot, blockHash } of [submitted, settled, ...unsettled.map(({ base }) => base)]) {
      if (slot === 0 || bySlot.get(slot)?.lastBlockHash === blockHash) continue;
      throw new Violation(
        RULE,
        `${name} takes slot ${slot} to end with ${blockHash}, L1 has ${bySlot.get(slot)?.lastBlockHash}`,
      );
    }
    for (const { base, landing } of unsettled) {
      const { blockNumber } = bySlot.get(base.slot) as OnL1;
      if (landing.l1BlockNumber === blockNumber || blockNumber > read) continue;
      throw new Violation(
        RULE,
        `${name} takes slot ${base.slot} to be in block ${landing.l1BlockNumber}, it is in ${blockNumber}`,
      );
    }
  }
}
