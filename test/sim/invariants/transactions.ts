import type { PoolStatus } from "../../../sdk/agent/mempool/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import { Violation } from "../violation.ts";
import { transactionsOn } from "./chain.ts";

/** Transactions that users were shown in a block of some agent's chain: a promise that must be kept. */
export class ShownTransactions {
  /** When each was shown first. */
  readonly #shown = new Map<Hex, number>();

  note(transactions: readonly Hex[], nowMs: number): void {
    for (const hash of transactions) {
      if (!this.#shown.has(hash)) this.#shown.set(hash, nowMs);
    }
  }

  has(hash: Hex): boolean {
    return this.#shown.has(hash);
  }

  get count(): number {
    return this.#shown.size;
  }

  /**
   * At the end, all agents are on one chain, and what was shown before `untilMs` is on it, once. Here nobody makes a shown
   * transaction invalid, and whoever has one sends it to the others once a slot. @throws Violation.
   */
  checkKept(agents: readonly SimulatedAgent[], untilMs: number): void {
    for (const agent of agents) {
      const tips = agent.running?.agent.keeper.tips;
      if (tips === undefined) throw new Violation("agents recover", `${agent.name} is not up at the end`);
      const kept = transactionsOn(agent, tips.head.blockHash);
      for (const [hash, shownMs] of this.#shown) {
        if (shownMs >= untilMs || kept.has(hash)) continue;
        const holders = agents.filter((one) => isOwed(one.running?.ports.mempool.status(hash)));
        const held = holders.map(({ name }) => name).join() || "nobody";
        throw new Violation("no transaction that was shown is lost", `${hash}: not at ${agent.name}, held by ${held}`);
      }
    }
  }
}

const isOwed = (status: PoolStatus | undefined): boolean =>
  (status?.status === "runnable" || status?.status === "queued") && status.preconfirmed;
