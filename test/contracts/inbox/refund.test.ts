import { expect } from "chai";
import {
  type DepositMessage,
  EMPTY_INBOX_HASH,
  extendRefundsHash,
  NO_REFUNDS_HASH,
} from "../../../sdk/digest/inbox.ts";
import { getRefundsHash, isRefunded } from "../../../sdk/get/inbox.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit, force, forgedConsuming } from "../support/inbox.ts";
import { addressOf, TIP_WEI } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ config: { ...SHORT_EPOCHS, refundWindowEpochs: 2 } });

const { bonded, otherBonded, stranger, challenger, recipient } = ACCOUNTS;
/** Two epochs of four slots of 72 seconds. */
const WINDOW = 2 * 4 * 72;
const GWEI = 1_000_000_000n;

const argumentsOf = ({ index, l2Recipient, amountWei, timestamp }: DepositMessage) =>
  [index, l2Recipient, amountWei, timestamp] as const;

const refund = (test: TestRollup, message: DepositMessage, timeSec: number, from = stranger) =>
  test.attempt(from, "refund", argumentsOf(message), { timeSec });

describe("refund", () => {
  it("is possible from the second the window is over", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1, 7) });
    const refundableAt = message.timestamp + WINDOW;
    await reverts(refund(test, message, refundableAt - 1), "Inbox__RefundTooEarly", {
      index: 0n,
      refundableAt: BigInt(refundableAt),
      time: BigInt(refundableAt - 1),
    });
    expect((await refund(test, message, refundableAt)).succeeded).to.equal(true);
  });

  it("credits the depositor, who then claims; takes the amount off what is bridged; tells of itself", async () => {
    const test = await load();
    const { provider } = test.connection.ethers;
    const kept = await deposit(test, { valueWei: 3n * GWEI });
    const message = await deposit(test, { valueWei: 5n * GWEI });
    const mined = await refund(test, message, message.timestamp + WINDOW);
    const refundsHash = extendRefundsHash(NO_REFUNDS_HASH, 1);
    expect(eventsOf(mined)[0]).to.deep.include({
      type: "refunded",
      index: 1,
      depositor: addressOf(stranger),
      amountWei: 5n * GWEI,
      refundsHash,
    });
    const ref = { provider, rollup: test.address };
    expect(await getRefundsHash(ref)).to.equal(refundsHash);
    expect([await isRefunded(ref, kept.index), await isRefunded(ref, 1)]).to.deep.equal([false, true]);
    expect(await test.rollup.bridgedWei()).to.equal(3n * GWEI);
    expect(await test.rollup.creditOf(stranger.address)).to.equal(5n * GWEI);
    const before = await provider.getBalance(stranger.address);
    const { gasUsed } = await test.call(stranger, "claim", []);
    const spent = BigInt(gasUsed) * (GWEI + TIP_WEI);
    expect((await provider.getBalance(stranger.address)) - before + spent).to.equal(5n * GWEI);
  });

  it("is made once", async () => {
    const test = await load();
    const message = await deposit(test);
    await refund(test, message, message.timestamp + WINDOW);
    await reverts(refund(test, message, message.timestamp + WINDOW + 1), "Inbox__AlreadyRefunded", { index: 0n });
    expect(await test.rollup.creditOf(stranger.address)).to.equal(GWEI);
  });

  it("refuses another sender, recipient, amount, time or index, a forced transaction, and no message", async () => {
    const test = await load();
    const message = await deposit(test);
    await deposit(test, { valueWei: 2n * GWEI });
    await force(test);
    const hashes = await Promise.all([1, 2, 3].map((count) => test.rollup.inboxHash(count)));
    const wrong: [DepositMessage, from?: typeof stranger][] = [
      [message, challenger],
      [message, recipient],
      [{ ...message, l2Recipient: addressOf(stranger) }],
      [{ ...message, amountWei: 2n * GWEI }],
      [{ ...message, timestamp: message.timestamp - 1 }],
      [{ ...message, index: 1 }],
      [{ ...message, index: 2 }],
      [{ ...message, index: 3 }],
    ];
    for (const [position, [claim, from]] of wrong.entries()) {
      const { error } = await refund(test, claim, message.timestamp + 2 * WINDOW + position, from);
      expect(error?.name, `case ${position}`).to.equal("Inbox__DepositMismatch");
      expect(error?.args).to.include({
        index: BigInt(claim.index),
        expected: hashes[claim.index] ?? EMPTY_INBOX_HASH,
      });
    }
  });

  it("refuses with both hashes what is not the deposit", async () => {
    const test = await load();
    const message = await deposit(test);
    const claim = { ...message, index: 7 };
    const { error } = await refund(test, claim, message.timestamp + WINDOW);
    if (error?.name !== "Inbox__DepositMismatch") throw new Error(`expected a mismatch, got ${error?.name}`);
    const { actual } = error.args;
    await reverts(refund(test, claim, message.timestamp + WINDOW + 1), "Inbox__DepositMismatch", {
      index: 7n,
      expected: EMPTY_INBOX_HASH,
      actual,
    });
  });

  it("refuses a deposit that the submitted tip has consumed, and takes the next", async () => {
    const test = await load();
    const consumed = await deposit(test, { timeSec: test.time(1) });
    const waiting = await deposit(test, { timeSec: test.time(3) });
    await test.land(bonded, [await consuming(test, 1, { slot: 5 })]);
    const time = waiting.timestamp + WINDOW;
    await reverts(refund(test, consumed, time), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    expect((await refund(test, waiting, time + 1)).succeeded).to.equal(true);
  });

  it("takes a deposit whose checkpoint was removed", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    const slot = 1 + WINDOW / 72;
    const landed = await test.land(bonded, [await forgedConsuming(test, 1, { slot })]);
    await reverts(refund(test, message, test.time(slot, 1)), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await test.call(challenger, "challenge", [logsIn(landed)], { timeSec: test.time(slot, 2) });
    expect((await refund(test, message, test.time(slot, 3))).succeeded).to.equal(true);
  });

  describe("and the digest", () => {
    it("makes what was signed before it void, and lets the chain go on with what is signed after it", async () => {
      const test = await load();
      const message = await deposit(test, { timeSec: test.time(1) });
      await force(test, { timeSec: test.time(1, 1) });
      const slot = 12;
      const before = await consuming(test, 2, { slot });
      await refund(test, message, test.time(slot));
      const after = await consuming(test, 2, { slot });
      expect(after.submission.digest).not.to.equal(before.submission.digest);
      await reverts(test.tryLand(bonded, [before], { timeSec: test.time(slot, 1) }), "Rollup__DigestMismatch", {
        expected: after.submission.digest,
        actual: before.submission.digest,
      });
      const [landed] = landedIn(await test.land(bonded, [after], { timeSec: test.time(slot, 2) }));
      expect(landed?.inboxCount).to.equal(2);
    });

    it("is as if there were none for a checkpoint that consumes nothing", async () => {
      const test = await load();
      const message = await deposit(test, { timeSec: test.time(1) });
      const slot = 12;
      await refund(test, message, test.time(slot));
      const young = await deposit(test, { timeSec: test.time(slot, 1) });
      const first = await consuming(test, 1, { slot });
      await test.land(bonded, [first], { timeSec: test.time(slot, 2) });
      const quiet = test.checkpoint({ slot: slot + 1, parent: first.tip });
      const [landed] = landedIn(await test.land(bonded, [quiet]));
      expect(landed?.inboxCount).to.equal(young.index);
    });

    it("goes on for every later message, of all refunds in their order", async () => {
      const test = await load();
      const [first, second, third] = [
        await deposit(test, { timeSec: test.time(1) }),
        await deposit(test, { timeSec: test.time(1, 1) }),
        await deposit(test, { timeSec: test.time(1, 2) }),
      ];
      const slot = 12;
      for (const [second_, message] of [third, first].entries()) await refund(test, message, test.time(slot, second_));
      const hash = [third, first].reduce((rolling, { index }) => extendRefundsHash(rolling, index), NO_REFUNDS_HASH);
      expect(await test.rollup.refundsHash()).to.equal(hash);
      const all = await consuming(test, 3, { slot });
      await test.land(otherBonded, [all], { timeSec: test.time(slot, 10) });
      await reverts(refund(test, second, test.time(slot, 11)), "Inbox__AlreadyConsumed", { index: 1n, consumed: 3n });
      await deposit(test, { timeSec: test.time(slot, 12) });
      const later = await consuming(test, 4, { slot: slot + 4, parent: all.tip });
      const [landed] = landedIn(await test.land(bonded, [later]));
      expect(landed?.inboxCount).to.equal(4);
    });
  });
});
