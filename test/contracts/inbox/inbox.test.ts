import { expect } from "chai";
import fc from "fast-check";
import { EMPTY_INBOX_HASH, extendInboxHash } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent, type TestCheckpoint } from "../support/checkpoints.ts";
import { consuming, deposit } from "../support/inbox.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, unbonded, stranger, recipient } = ACCOUNTS;
const GWEI = 1_000_000_000n;
/** Slots before a checkpoint's own whose start is the cut-off, and most messages at a time. */
const LAG = 3;
const CAP = 4;

/** Requires exactly `due` messages to be consumable by a checkpoint for the slot, and one more or less not. */
async function expectDue(
  test: TestRollup,
  slot: number,
  due: number,
  parent: Parent = GENESIS,
): Promise<TestCheckpoint> {
  expect(await test.rollup.inboxCountDue(slot), `due in slot ${slot}`).to.equal(BigInt(due));
  for (const [index, wrong] of [due - 1, due + 1].entries()) {
    if (wrong < 0) continue;
    const attempt = test.tryLand(bonded, [await consuming(test, wrong, { slot, parent })], {
      timeSec: test.time(slot, index),
    });
    await reverts(attempt, "Inbox__CountNotDue", { expected: BigInt(due), actual: BigInt(wrong) });
  }
  const right = await consuming(test, due, { slot, parent });
  const [landed] = landedIn(await test.land(bonded, [right], { timeSec: test.time(slot, 10) }));
  expect(landed).to.include({ inboxCount: due });
  return right;
}

describe("inbox", () => {
  describe("deposit", () => {
    it("refuses less than the minimum", async () => {
      const test = await load();
      for (const valueWei of [0n, GWEI - 1n]) {
        await reverts(test.attempt(stranger, "deposit", [recipient.address], { valueWei }), "Inbox__DepositTooSmall", {
          minimumWei: GWEI,
          actualWei: valueWei,
        });
      }
    });

    it("refuses what is no multiple of 1 gwei", async () => {
      const test = await load();
      const valueWei = 3n * GWEI + 1n;
      await reverts(test.attempt(stranger, "deposit", [recipient.address], { valueWei }), "Inbox__NotWholeGwei", {
        amountWei: valueWei,
      });
    });

    it("extends the same rolling hash as TypeScript does", async () => {
      const test = await load();
      let rolling = EMPTY_INBOX_HASH;
      for (const [index, valueWei] of [GWEI, 7n * GWEI, 10n ** 18n].entries()) {
        const timeSec = test.time(1, index);
        const mined = await test.call(stranger, "deposit", [recipient.address], { valueWei, timeSec });
        const message = {
          index,
          depositor: addressOf(stranger),
          l2Recipient: addressOf(recipient),
          amountWei: valueWei,
          timestamp: timeSec,
        };
        rolling = extendInboxHash(rolling, [message]);
        const [event] = eventsOf(mined);
        expect(event).to.deep.include({ type: "deposited", message, hash: rolling });
        expect(await test.rollup.inboxHash(index + 1)).to.equal(rolling);
      }
      expect(await test.rollup.inboxHash(0)).to.equal(EMPTY_INBOX_HASH);
      expect(await test.rollup.inboxTotal()).to.equal(3n);
    });

    it("has no hash of messages that are not there", async () => {
      const test = await load();
      await reverts(test.rollup.inboxHash(1), "Inbox__NoSuchMessage", { count: 1n, total: 0n });
    });
  });

  describe("what a checkpoint consumes", () => {
    it("is a message from one second before the cut-off, and not one from its second", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(2, -1) });
      await deposit(test, { timeSec: test.time(2) });
      await expectDue(test, 2 + LAG, 1);
    });

    it("is nothing while all messages are too young", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(4) });
      await expectDue(test, 4 + LAG, 0);
    });

    it("is everything due, to the last message there is", async () => {
      const test = await load();
      for (const second of [0, 1, 2]) await deposit(test, { timeSec: test.time(1, second) });
      await expectDue(test, 9, 3);
    });

    it("is at most the cap, the rest with the next", async () => {
      const test = await load();
      for (let second = 0; second < CAP + 2; second++) await deposit(test, { timeSec: test.time(1, second) });
      const first = await expectDue(test, 9, CAP);
      await expectDue(test, 10, CAP + 2, first.tip);
    });

    it("does not depend on when it lands: a late one consumes as on time", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(2, -1) });
      await deposit(test, { timeSec: test.time(2) });
      const late = await consuming(test, 1, { slot: 2 + LAG });
      const [landed] = landedIn(await test.land(bonded, [late], { timeSec: test.time(3 + LAG, 20) }));
      expect(landed).to.include({ late: true, inboxCount: 1 });
    });

    it("goes on from the first in a batch of two", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(2, -1) });
      await deposit(test, { timeSec: test.time(3, -1) });
      const late = await consuming(test, 1, { slot: 2 + LAG });
      const own = await consuming(test, 2, { slot: 3 + LAG, parent: late.tip });
      const landed = landedIn(await test.land(unbonded, [late, own]));
      expect(landed.map(({ inboxCount }) => inboxCount)).to.deep.equal([1, 2]);
    });

    it("is never fewer than its parent's", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(1) });
      const first = await expectDue(test, 9, 1);
      const back = test.checkpoint({ slot: 10, parent: first.tip, header: { inboxCount: 0 } });
      await reverts(test.tryLand(bonded, [back]), "Inbox__CountNotDue", { expected: 1n, actual: 0n });
    });

    it("is bound by hash: other messages give another digest", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(1) });
      const wrong = test.checkpoint({ slot: 9, inboxHash: `0x${"11".repeat(32)}`, header: { inboxCount: 1 } });
      await reverts(test.tryLand(bonded, [wrong]), "Rollup__DigestMismatch", {
        expected: (await consuming(test, 1, { slot: 9 })).submission.digest,
        actual: wrong.submission.digest,
      });
    });

    it("is due again when the checkpoint that consumed it is removed", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(1) });
      const inboxHash = (await test.rollup.inboxHash(1)) as Hex;
      const mined = await test.land(bonded, [test.forged({ slot: 9, inboxHash, header: { inboxCount: 1 } })]);
      await test.call(stranger, "challenge", [logsIn(mined)], { timeSec: test.time(9, 20) });
      await expectDue(test, 10, 1);
    });
  });

  it("is due by the cut-off's time and the cap alone, for any history of deposits", async function () {
    this.timeout(60_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const history = fc.array(fc.integer({ min: 0, max: 8 * 72 - 1 }), { maxLength: 10 });
    // The last deposit may be in slot 7: a checkpoint for a slot before 8 would have to land before it.
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 8, max: 13 }), async (seconds, slot) => {
        await snapshot.restore();
        const times = [...new Set(seconds)].sort((a, b) => a - b).map((second) => test.time(0, second));
        for (const time of times) await deposit(test, { timeSec: time });
        const dueBefore = (of: number): number => times.filter((time) => time < test.time(of - LAG)).length;
        for (const other of [LAG, 5, slot, 99]) {
          expect(await test.rollup.inboxCountBefore(other)).to.equal(BigInt(dueBefore(other)));
        }
        await expectDue(test, slot, Math.min(CAP, dueBefore(slot)));
      }),
      { numRuns: 12 },
    );
  });
});
