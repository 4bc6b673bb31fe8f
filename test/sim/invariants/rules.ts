import type { SimulatedAgent } from "../agent.ts";
import { Proposers } from "../proposers.ts";
import { publicKeyAt } from "../setting.ts";
import { Violation } from "../violation.ts";
import type { Sent } from "../witness.ts";
import type { World } from "../world.ts";
import { BuildingRules } from "./building.ts";
import { CarryingRules } from "./carrying.ts";
import { ChainRules } from "./chain.ts";
import { Deadlines } from "./deadlines.ts";
import { DutyRules } from "./duties.ts";
import { checkEvidence } from "./evidence.ts";
import { FlashblockRules } from "./flashblocks.ts";
import { FollowingRules } from "./following.ts";
import { checkHandoff } from "./handoff.ts";
import { checkInbox } from "./inbox.ts";
import { L1Rules, type Landing } from "./l1.ts";
import { checkLiveness } from "./liveness.ts";
import { checkOutbox } from "./outbox.ts";
import { ReorgRules } from "./reorgs.ts";
import { ReplayRules } from "./replay.ts";
import { SendingRules } from "./sending.ts";
import { SharingRules } from "./sharing.ts";
import { VotingRules } from "./voting.ts";

/** Slots ahead of the present whose proposers matter. */
const LOOKAHEAD_SLOTS = 2;

/** How often it is looked at what agents leave undone. */
const LOOK_MS = 250;

/** All that must always hold, and when it is looked at. */
export class Rules {
  readonly #world: World;
  readonly #slots: number;
  readonly #proposers: Proposers;
  readonly #l1: L1Rules;
  readonly #chain: ChainRules;
  readonly #voting: VotingRules;
  readonly #duties: DutyRules;
  readonly #sharing: SharingRules;
  readonly #following: FollowingRules;
  readonly #reorgs: ReorgRules;
  readonly #honest: readonly SimulatedAgent[];
  #nextLookMs: number;
  /** Withdrawals that L1 would pay at the end. */
  withdrawalsPaid = 0;

  /** @param slots Those that count. */
  constructor(world: World, slots: number) {
    const { l1, ledger, loop, plan, setting, startOf, witnesses } = world;
    const keys = setting.validatorsOf.flat().map((_, index) => publicKeyAt(index));
    const times = new Deadlines(setting.parameters, startOf);
    const nowMs = (): number => loop.nowMs();
    this.#world = world;
    this.#slots = slots;
    this.#proposers = new Proposers(l1, setting.validatorsOf);
    const { villain } = world;
    this.#l1 = new L1Rules(l1, ledger, keys, {
      validators: new Set(villain && [villain.validator]),
      accounts: new Set(villain?.accounts),
    });
    this.#honest = world.agents.filter(({ index }) => !world.isVillain(index));
    this.#chain = new ChainRules(ledger);
    this.#voting = new VotingRules(times, this.#l1, ledger, nowMs);
    this.#following = new FollowingRules(l1, this.#l1, plan);
    this.#reorgs = new ReorgRules(times, plan);
    this.#sharing = new SharingRules(times, plan);
    const { certifiedMs } = this.#chain;
    const proposerOf = (slot: number): number | undefined => this.#proposers.of(slot);
    const carrying = new CarryingRules();
    const isOnItsWay = (sent: Sent, slot: number): boolean => carrying.otherPlaceOf(sent, slot) !== undefined;
    this.#duties = new DutyRules({ times, l1: this.#l1, ledger, nowMs, proposerOf });
    this.#nextLookMs = nowMs();
    witnesses.add(
      new BuildingRules({
        times,
        l1: this.#l1,
        ledger,
        nowMs,
        isSilent: (slot) => setting.silent?.(proposerOf(slot) ?? -1) ?? false,
      }),
      this.#duties,
      this.#voting,
      new ReplayRules(nowMs),
      new FlashblockRules(),
      carrying,
      new SendingRules({ times, l1: this.#l1, nowMs, proposerOf, certifiedMs, isOnItsWay }),
    );
  }

  /** The canonical checkpoints, oldest first. */
  get landed(): readonly Landing[] {
    return this.#l1.landed;
  }

  /** @throws Violation. */
  afterStep(): void {
    const { loop, witnesses } = this.#world;
    if (witnesses.failure !== undefined) throw witnesses.failure;
    this.#chain.check(this.#honest, loop.nowMs());
    if (loop.nowMs() < this.#nextLookMs) return;
    this.#nextLookMs = loop.nowMs() + LOOK_MS;
    this.#duties.check(this.#honest);
    this.#sharing.check(this.#honest, loop.nowMs());
    this.#voting.checkGiven(this.#honest);
  }

  /** To be called after each change of L1. @throws Violation. */
  async afterL1(): Promise<void> {
    const { loop, setting, genesisSec } = this.#world;
    const nowMs = loop.nowMs();
    await this.#l1.check();
    await this.#proposers.learn(
      Math.floor((nowMs / 1000 - genesisSec) / setting.parameters.slotSeconds) + LOOKAHEAD_SLOTS,
    );
    this.#reorgs.note(this.landed, nowMs);
    await this.#following.check(this.#honest, nowMs);
  }

  /** @throws Violation. */
  async atEnd(): Promise<void> {
    const { loop, plan, startOf, shown, villain } = this.#world;
    await this.#proposers.learn(this.#slots);
    const proposerOf = (slot: number): number => this.#proposers.of(slot) ?? -1;
    const { landed } = this;
    const { certifiedMs } = this.#chain;
    checkLiveness({ slots: this.#slots, plan, landed, certifiedMs, startOf, proposerOf });
    checkHandoff({ certifiedMs, plan, landed, startOf, untilSlot: this.#slots });
    this.#reorgs.checkEnd(loop.nowMs());
    this.#checkSubmitted();
    await this.#checkBridge();
    checkEvidence({ villain, plan, slashed: this.#l1.slashed, startOf, untilSlot: this.#slots });
    shown.checkKept(this.#honest, startOf(this.#slots - 1));
  }

  /** What goes from one chain to the other, by the blocks that are on L1. */
  async #checkBridge(): Promise<void> {
    const { execution, l1 } = this.#world;
    const { landed, messages, settled } = this.#l1;
    const newest = landed.at(-1);
    const blocks = newest === undefined ? [] : [...execution.chainOf(newest.lastBlockHash)].reverse();
    checkInbox(messages, blocks);
    const checkpoints = landed.map(({ checkpoint }) => checkpoint);
    this.withdrawalsPaid = await checkOutbox({ execution, l1, blocks, landed: checkpoints, settled });
  }

  /** All follow L1: what it holds newest is every agent's submitted tip. */
  #checkSubmitted(): void {
    const newest = this.landed.at(-1);
    for (const { name, running } of this.#honest) {
      const submitted = running?.agent.keeper.tips.submitted;
      if (submitted?.slot === newest?.slot && submitted?.blockHash === newest?.lastBlockHash) continue;
      throw new Violation("agents follow L1", `${name} is at slot ${submitted?.slot}, L1 at slot ${newest?.slot}`);
    }
  }
}
