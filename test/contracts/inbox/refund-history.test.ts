import { expect } from "chai";
import fc from "fast-check";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import type { DepositMessage } from "../../../sdk/digest/inbox.ts";
import { ACCOUNTS, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit, forgedConsuming } from "../support/inbox.ts";

const WINDOW_EPOCHS = 2;
const load = fixtureOf({
  config: { ...SHORT_EPOCHS, refundWindowEpochs: WINDOW_EPOCHS, ringSize: 64, maxMessages: 1, maxForced: 1 },
});

const { bonded, unbonded, challenger, stranger } = ACCOUNTS;
const GWEI = 1_000_000_000n;
const EPOCH_SLOTS = 4;
const SLOT_SECONDS = 72;
const HANDOFF = 48;

type Step =
  | { kind: "wait"; seconds: number }
  | { kind: "deposit" }
  | { kind: "challenge" }
  | { kind: "land"; late: boolean; forged: boolean }
  | { kind: "request" | "refund"; which: number };

const which = fc.nat(7);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  // A second, to the handoff window's end, a slot, an epoch.
  fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 47, 72, 288) }),
  fc.constant({ kind: "deposit" as const }),
  fc.constant({ kind: "challenge" as const }),
  fc.record({ kind: fc.constant("land" as const), late: fc.boolean(), forged: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("request" as const, "refund" as const), which }),
);

interface Landed {
  slot: number;
  tip: Parent;
  log: CheckpointLog;
  forged: boolean;
}

/** Who has each deposit, by the rules, beside the contract: L2, the depositor, or nobody yet. */
class Fates {
  readonly #test: TestRollup;
  readonly #messages: DepositMessage[] = [];
  readonly #fromEpoch = new Map<number, number>();
  readonly #refunded = new Set<number>();
  readonly #chain: Landed[] = [];
  #now: number;

  constructor(test: TestRollup) {
    this.#test = test;
    this.#now = test.time(1);
  }

  async take(step: Step): Promise<void> {
    if (step.kind === "wait") this.#now += step.seconds;
    else if (step.kind === "deposit") this.#messages.push(await deposit(this.#test, this.#next()));
    else if (step.kind === "challenge") await this.#challenge();
    else if (step.kind === "land") await this.#land(step);
    else if (step.kind === "request") await this.#request(this.#messages[step.which % 4]);
    else await this.#refund(this.#messages[step.which % 4]);
    await this.#expectConserved();
  }

  /** After this every deposit is on L2 or with its depositor, none with both. */
  async finish(): Promise<void> {
    this.#now += 2 * EPOCH_SLOTS * SLOT_SECONDS;
    do {
      this.#now += EPOCH_SLOTS * SLOT_SECONDS;
      await this.#land({ kind: "land", late: false, forged: false });
    } while (this.#chain.at(-1)!.tip.inboxCount < this.#messages.length);
    for (const message of this.#messages) {
      if (!this.#refunded.has(message.index)) await this.#refund(message);
      expect(this.#isOnL2(message.index), `deposit ${message.index}`).not.to.equal(this.#refunded.has(message.index));
    }
    await this.#expectConserved();
  }

  get #slot(): number {
    return Math.floor((this.#now - this.#test.time(0)) / SLOT_SECONDS);
  }

  #epoch = (slot: number): number => Math.floor(slot / EPOCH_SLOTS);

  #next(): { timeSec: number } {
    this.#now += 1;
    return { timeSec: this.#now };
  }

  /** Consumed by a checkpoint that stands, and before a refund was in force in its epoch. */
  #isOnL2(index: number): boolean {
    const consumer = this.#chain.find(({ tip }) => tip.inboxCount > index);
    return consumer !== undefined && this.#epoch(consumer.slot) < (this.#fromEpoch.get(index) ?? Infinity);
  }

  async #land({ late, forged }: Extract<Step, { kind: "land" }>): Promise<void> {
    const options = this.#next();
    const slot = late ? this.#slot - 1 : this.#slot;
    const last = this.#chain.at(-1);
    if (slot <= (last?.slot ?? 0) || (late && this.#now - this.#test.time(this.#slot) >= HANDOFF)) return;
    const due = Number(await this.#test.rollup.inboxCountDue(slot));
    const built = { slot, parent: last?.tip ?? GENESIS };
    if (!forged) {
      const checkpoint = await consuming(this.#test, due, built);
      const [log] = logsIn(await this.#test.land(unbonded, [checkpoint], options));
      this.#chain.push({ slot, tip: checkpoint.tip, log: log!, forged });
      return;
    }
    const { active } = await this.#test.rollup.bondOf(bonded.address);
    if (!active) await this.#test.call(bonded, "bond", [], { valueWei: this.#test.config.bondWei, ...options });
    const checkpoint = await forgedConsuming(this.#test, due, built);
    const timeSec = active ? options.timeSec : this.#next().timeSec;
    const mined = await this.#test.tryLand(bonded, [checkpoint], { timeSec });
    if (!mined.succeeded) return;
    this.#chain.push({ slot, tip: checkpoint.tip, log: logsIn(mined)[0]!, forged });
  }

  async #challenge(): Promise<void> {
    const accused = this.#chain.at(-1);
    if (!accused?.forged) return;
    const { succeeded } = await this.#test.attempt(challenger, "challenge", [[accused.log]], this.#next());
    if (succeeded) this.#chain.pop();
  }

  async #request(message: DepositMessage | undefined): Promise<void> {
    if (!message) return;
    const { index, timestamp } = message;
    const options = this.#next();
    const { succeeded } = await this.#test.attempt(stranger, "requestRefund", argumentsOf(message), options);
    const isOver = this.#now >= timestamp + WINDOW_EPOCHS * EPOCH_SLOTS * SLOT_SECONDS;
    const waits = index >= (this.#chain.at(-1)?.tip.inboxCount ?? 0);
    expect(succeeded, `request of ${index}`).to.equal(isOver && waits && !this.#fromEpoch.has(index));
    if (succeeded) this.#fromEpoch.set(index, this.#epoch(this.#slot) + 2);
  }

  /** Names every epoch there is, as a cheat would. */
  async #refund(message: DepositMessage | undefined): Promise<void> {
    if (!message) return;
    const { index } = message;
    const fromEpoch = this.#fromEpoch.get(index);
    const isInForce =
      fromEpoch !== undefined && this.#now >= this.#test.time(fromEpoch * EPOCH_SLOTS, HANDOFF) && !this.#isOnL2(index);
    const isOwed = isInForce && !this.#refunded.has(index);
    const contract = this.#test.rollup.connect(await this.#test.connection.ethers.getSigner(stranger.address));
    await this.#test.connection.networkHelpers.time.increaseTo(this.#next().timeSec);
    let paidBy: number | undefined;
    for (let epoch = 0; epoch <= this.#epoch(this.#slot) && paidBy === undefined; epoch++) {
      const pays = await contract.refund.staticCall(...argumentsOf(message), epoch).then(
        () => true,
        () => false,
      );
      if (pays) paidBy = epoch;
    }
    expect(paidBy !== undefined, `refund of ${index}`).to.equal(isOwed);
    if (paidBy === undefined) return;
    await this.#test.call(stranger, "refund", [...argumentsOf(message), paidBy], this.#next());
    this.#refunded.add(index);
  }

  async #expectConserved(): Promise<void> {
    const paidWei = BigInt(this.#refunded.size) * GWEI;
    const onL2 = this.#messages.filter(({ index }) => this.#isOnL2(index));
    const both = onL2.filter(({ index }) => this.#refunded.has(index));
    expect(both, "on L2 and with the depositor").to.deep.equal([]);
    const bridgedWei = await this.#test.rollup.bridgedWei();
    expect(bridgedWei).to.equal(BigInt(this.#messages.length) * GWEI - paidWei);
    expect(bridgedWei >= BigInt(onL2.length) * GWEI, "what L2 gave out is covered").to.equal(true);
    expect(await this.#test.rollup.creditOf(stranger.address)).to.equal(paidWei);
  }
}

const argumentsOf = ({ index, l2Recipient, amountWei, timestamp }: DepositMessage) =>
  [index, l2Recipient, amountWei, timestamp] as const;

describe("refunds, in any history of deposits, landings, challenges and waiting", () => {
  // Real blobs and signatures, some 30 ms a landing; many histories, because a deposit paid twice would be somebody else's.
  it("leave every deposit on L2 or with its depositor, at any time never with both, at the end with one", async function () {
    this.timeout(120_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const run = async (steps: readonly Step[]) => {
      await snapshot.restore();
      const fates = new Fates(test);
      for (const step of [{ kind: "deposit" } as const, ...steps]) await fates.take(step);
      await fates.finish();
    };
    await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 30 }), run), { numRuns: 8 });
  });

  it("hold across an epoch's start, where landings of two epochs meet", async function () {
    this.timeout(120_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const land = fc.record({ kind: fc.constant("land" as const), late: fc.boolean(), forged: fc.boolean() });
    const busy: fc.Arbitrary<Step> = fc.oneof(
      { weight: 3, arbitrary: land },
      { weight: 2, arbitrary: fc.constant({ kind: "challenge" as const }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.constantFrom(1, 20, 40) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("refund" as const), which }) },
    );
    // Four deposits of slot 1, asked back in slot 10: in force from epoch 4, slot 16; begun in slot 15 or 16.
    const begin: Step[] = [
      ...[0, 1, 2, 3].map(() => ({ kind: "deposit" as const })),
      { kind: "wait", seconds: 9 * SLOT_SECONDS },
      ...[0, 1, 2, 3].map((each) => ({ kind: "request" as const, which: each })),
    ];
    const run = async (slots: number, steps: readonly Step[]) => {
      await snapshot.restore();
      const fates = new Fates(test);
      for (const step of [...begin, { kind: "wait" as const, seconds: slots * SLOT_SECONDS }, ...steps]) {
        await fates.take(step);
      }
      await fates.finish();
    };
    const histories = fc.asyncProperty(fc.constantFrom(5, 6), fc.array(busy, { minLength: 6, maxLength: 20 }), run);
    await fc.assert(histories, { numRuns: 12 });
  });
});
