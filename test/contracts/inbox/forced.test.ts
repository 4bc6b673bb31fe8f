import { expect } from "chai";
import { EMPTY_INBOX_HASH, extendInboxHash, type InboxMessage } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn } from "../fixture.ts";
import { consuming, deposit, force, forgedConsuming } from "../support/inbox.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();
const loadWithout = fixtureOf({ config: { maxForced: 0 } });

const { bonded, otherBonded, stranger } = ACCOUNTS;
/** As configured: slots to the cut-off, most bytes, and most that wait. */
const LAG = 3;
const MOST_BYTES = 1_024;
const MOST = 3;
const ofBytes = (length: number): Hex => `0x${"c0".repeat(length)}`;

describe("forced transactions", () => {
  it("have at least one byte and at most as many as the constant says", async () => {
    const test = await load();
    for (const length of [0, MOST_BYTES + 1]) {
      await reverts(test.attempt(stranger, "force", [ofBytes(length)]), "Inbox__ForcedLengthOutOfRange", {
        length: BigInt(length),
        maximum: BigInt(MOST_BYTES),
      });
    }
    for (const length of [1, MOST_BYTES]) await force(test, { transaction: ofBytes(length) });
    expect(await test.rollup.inboxTotal()).to.equal(2n);
  });

  it("stand in one order with deposits, under the same rolling hash as TypeScript's", async () => {
    const test = await load();
    let rolling = EMPTY_INBOX_HASH;
    const transactions: (Hex | undefined)[] = [undefined, "0x01", undefined, "0x02f8", ofBytes(MOST_BYTES)];
    for (const [index, transaction] of transactions.entries()) {
      const timestamp = test.time(1, index);
      const mined = transaction
        ? await test.call(stranger, "force", [transaction], { timeSec: timestamp })
        : await test.call(stranger, "deposit", [stranger.address], { timeSec: timestamp, valueWei: 10n ** 9n });
      const sender = addressOf(stranger);
      const message: InboxMessage = transaction
        ? { index, timestamp, transaction }
        : { index, timestamp, depositor: sender, l2Recipient: sender, amountWei: 10n ** 9n };
      rolling = extendInboxHash(rolling, [message]);
      const body = transaction ? { type: "forced", message, sender, hash: rolling } : { message, hash: rolling };
      expect(eventsOf(mined)[0]).to.deep.include(body);
      expect(await test.rollup.inboxHash(index + 1)).to.equal(rolling);
    }
  });

  it("bring no ether: what is bridged stays", async () => {
    const test = await load();
    await deposit(test, { valueWei: 5n * 10n ** 9n });
    await force(test);
    expect(await test.rollup.bridgedWei()).to.equal(5n * 10n ** 9n);
  });

  describe("what a checkpoint consumes of them", () => {
    it("is one from a second before the cut-off, and not one from its second, in any mixture", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(2, -2) });
      await force(test, { timeSec: test.time(2, -1) });
      await force(test, { timeSec: test.time(2) });
      await deposit(test, { timeSec: test.time(2, 1) });
      const slot = 2 + LAG;
      for (const [second, wrong] of [0, 1, 3, 4].entries()) {
        const attempt = test.tryLand(bonded, [await consuming(test, wrong, { slot })], {
          timeSec: test.time(slot, second),
        });
        await reverts(attempt, "Inbox__CountNotDue", { expected: 2n, actual: BigInt(wrong) });
      }
      const right = await consuming(test, 2, { slot });
      const [landed] = landedIn(await test.land(bonded, [right], { timeSec: test.time(slot, 10) }));
      expect(landed?.inboxCount).to.equal(2);
    });

    it("cannot be had by passing one over: a hash without it gives another digest", async () => {
      const test = await load();
      const first = await deposit(test, { timeSec: test.time(1) });
      await force(test, { timeSec: test.time(1, 1) });
      const passedOver = extendInboxHash(EMPTY_INBOX_HASH, [first]);
      const skipping = test.checkpoint({ slot: 9, inboxHash: passedOver, header: { inboxCount: 2 } });
      await reverts(test.tryLand(bonded, [skipping]), "Rollup__DigestMismatch", {
        expected: (await consuming(test, 2, { slot: 9 })).submission.digest,
        actual: skipping.submission.digest,
      });
    });
  });

  describe("that wait", () => {
    it("are at most as many as the constant says, however many deposits are between them", async () => {
      const test = await load();
      await deposit(test);
      for (let i = 0; i < MOST; i++) {
        await force(test);
        await deposit(test);
      }
      await reverts(test.attempt(stranger, "force", ["0x01"]), "Inbox__ForcedFull", { maximum: 3n, oldestIndex: 1n });
    });

    it("make room one by one, each when a landed checkpoint has consumed it", async () => {
      const test = await load();
      await force(test, { timeSec: test.time(1) });
      await force(test, { timeSec: test.time(1, 1) });
      await force(test, { timeSec: test.time(2) });
      // Due, but not consumed, is not enough.
      await reverts(test.attempt(stranger, "force", ["0x01"], { timeSec: test.time(4) }), "Inbox__ForcedFull", {
        maximum: 3n,
        oldestIndex: 0n,
      });
      await test.land(bonded, [await consuming(test, 2, { slot: 5 })]);
      await force(test);
      await force(test);
      await reverts(test.attempt(stranger, "force", ["0x01"]), "Inbox__ForcedFull", { maximum: 3n, oldestIndex: 2n });
    });

    it("are again those that a removed checkpoint had consumed", async () => {
      const test = await load();
      for (const second of [0, 1, 2]) await force(test, { timeSec: test.time(1, second) });
      const landed = await test.land(bonded, [await forgedConsuming(test, 3, { slot: 5 })]);
      await force(test);
      await test.call(stranger, "challenge", [logsIn(landed)]);
      await reverts(test.attempt(stranger, "force", ["0x01"]), "Inbox__ForcedFull", { maximum: 3n, oldestIndex: 1n });
      await test.land(otherBonded, [await consuming(test, 3, { slot: 6 })]);
      await force(test);
      await force(test);
    });

    it("are none where none are taken", async () => {
      const test = await loadWithout();
      await deposit(test);
      await reverts(test.attempt(stranger, "force", ["0x01"]), "Inbox__ForcedFull", { maximum: 0n, oldestIndex: 1n });
    });
  });
});
