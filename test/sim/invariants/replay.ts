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
  /** Blocks that were looked at: what L1 holds though it was given up comes again, as it was. */
  judged: Set<Hex>;
}

/** What was shown and discarded comes first in the next block, in the old order; what is in the chain is not offered. */
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

  /** Checkpoints that go together come one after the other, from below; what went before them was due after them. */
  #onDiscard(owed: Owed, gone: readonly Hex[]): void {
    const isSame = owed.brought.atMs === this.#nowMs();
    const before = isSame ? owed.hashes.slice(0, owed.brought.count) : [];
    const after = owed.hashes.slice(before.length).filter((hash) => !gone.includes(hash));
    owed.hashes = [...before, ...gone, ...after];
    owed.brought = { count: before.length + gone.length, atMs: this.#nowMs() };
  }

  #onBlock(agent: SimulatedAgent, owed: Owed, { hash, slot }: { hash: Hex; slot: number }): void {
    const all = agent.engine.transactionsOf(hash);
    const forced = forcedIn(agent, hash);
    // What L1 forces upon a block comes before everything, whoever was shown it.
    const transactions = all.filter((one) => !forced.has(nameOf(one)));
    owed.hashes = owed.hashes.filter((one) => !forced.has(nameOf(one)));
    const isNew = !owed.judged.has(hash);
    owed.judged.add(hash);
    const wrong =
      isNew &&
      owed.building.has(slot) &&
      transactions.find((one, i) => i < owed.hashes.length && one !== owed.hashes[i]);
    if (wrong) {
      const what = `${agent.name}, slot ${slot}: ${wrong} stands where ${owed.hashes[transactions.indexOf(wrong)]} should`;
      throw new Violation("what was shown is replayed first, in order", what);
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
    const fresh = {
      life,
      hashes: [],
      brought: { count: 0, atMs: 0 },
      building: new Set<number>(),
      judged: new Set<Hex>(),
    };
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
