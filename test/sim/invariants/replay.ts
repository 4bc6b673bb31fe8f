import type { ExecutedBlock } from "../../../sdk/agent/chain/state.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { Life } from "../life.ts";
import { Violation } from "../violation.ts";
import type { Witness } from "../witness.ts";

/** What one life of an agent owes to users. */
interface Owed {
  life: Life;
  /** Shown, discarded and not in a block again, in the order in which they are due. */
  hashes: Hex[];
  /** How many of them the discard under way has brought, and when it was. */
  brought: { count: number; atMs: number };
  /** Slots it builds. */
  building: Set<number>;
  /** What was due since a block was begun on this parent: one list more with each discard. */
  begun: Map<Hex, (readonly Hex[])[]>;
}

/**
 * What was shown and discarded comes first in the next block that is begun, in the old order; what is in the chain is not
 * offered. A block is judged by what was due while it was filled: one that was signed may wait until what stands in its
 * place is discarded, and what that brings back comes with the next.
 */
export class ReplayRules implements Witness {
  readonly #owed = new Map<SimulatedAgent, Owed>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    const owed = this.#of(agent);
    if (owed === undefined) return;
    if (event.type === "build-started") owed.building.add(event.slot);
    if (event.type === "discarded") {
      this.#onDiscard(
        owed,
        event.discarded.blocks.flatMap(({ hash }) => agent.engine.transactionsOf(hash)),
      );
    }
    if (event.type === "head") this.#onBlock(agent, owed, event.block);
  }

  onFill(agent: SimulatedAgent, parentHash: Hex): void {
    const owed = this.#of(agent);
    owed?.begun.set(parentHash, [owed.hashes]);
  }

  /** Checkpoints that go together come one after the other, from below; what went before them was due after them. */
  #onDiscard(owed: Owed, gone: readonly Hex[]): void {
    const isSame = owed.brought.atMs === this.#nowMs();
    const before = isSame ? owed.hashes.slice(0, owed.brought.count) : [];
    const after = owed.hashes.slice(before.length).filter((hash) => !gone.includes(hash));
    owed.hashes = [...before, ...gone, ...after];
    owed.brought = { count: before.length + gone.length, atMs: this.#nowMs() };
    for (const due of owed.begun.values()) due.push(owed.hashes);
  }

  #onBlock(agent: SimulatedAgent, owed: Owed, { hash, parentHash, slot }: ExecutedBlock): void {
    const all = agent.engine.transactionsOf(hash);
    const forced = forcedIn(agent, hash);
    // What L1 forces upon a block comes before everything, whoever was shown it.
    const transactions = all.filter((one) => !forced.has(nameOf(one)));
    owed.hashes = owed.hashes.filter((one) => !forced.has(nameOf(one)));
    if (owed.building.has(slot)) {
      const open = new Set(owed.hashes);
      const due = (owed.begun.get(parentHash) ?? [owed.hashes]).map((hashes) => hashes.filter((one) => open.has(one)));
      owed.begun.delete(parentHash);
      if (!due.some((hashes) => transactions.every((one, i) => i >= hashes.length || one === hashes[i]))) {
        const at = transactions.findIndex((one, i) => one !== owed.hashes[i]);
        const what = `${agent.name}, slot ${slot}: ${transactions[at]} stands where ${owed.hashes[at]} should`;
        throw new Violation("what was shown is replayed first, in order", what);
      }
    }
    owed.hashes = owed.hashes.filter((one) => !transactions.includes(one));
    owed.brought = { count: 0, atMs: 0 };
    const pool = agent.running?.ports.mempool;
    const offered = all.find((one) => pool?.status(one)?.status !== "included");
    if (offered === undefined) return;
    throw new Violation("what is in the chain is not offered again", `${agent.name}, slot ${slot}: ${offered}`);
  }

  /** Of its present life: a pool is memory, and begins empty. */
  #of(agent: SimulatedAgent): Owed | undefined {
    const life = agent.running?.life;
    if (life === undefined) return undefined;
    const held = this.#owed.get(agent);
    if (held?.life === life) return held;
    const fresh = { life, hashes: [], brought: { count: 0, atMs: 0 }, building: new Set<number>(), begun: new Map() };
    this.#owed.set(agent, fresh);
    return fresh;
  }
}

/** Names of the transactions that a block's inbox messages force upon it. */
function forcedIn(agent: SimulatedAgent, hash: Hex): ReadonlySet<string> {
  const [block] = agent.engine.chainOf(hash);
  return new Set(
    block?.withdrawals.filter(({ amountGwei }) => amountGwei === 0n).map(({ address }) => address.slice(2)),
  );
}

/** The last 20 bytes of its hash. */
const nameOf = (hash: Hex): string => hash.slice(-40);
