import { expect } from "chai";
import {
  type DepositMessage,
  EMPTY_INBOX_HASH,
  extendRefundsHash,
  NO_REFUNDS_HASH,
} from "../../../sdk/digest/inbox.ts";
import { getRefund, getRefundsHash } from "../../../sdk/get/inbox.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit, force, forgedConsuming } from "../support/inbox.ts";
import { addressOf, type Mined, TIP_WEI } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ config: { ...SHORT_EPOCHS, refundWindowEpochs: 2 } });

const { bonded, otherBonded, stranger, challenger, recipient } = ACCOUNTS;
/** Slots. */
const EPOCH = 4;
/** Two epochs of four slots of 72 seconds. */
const WINDOW = 2 * EPOCH * 72;
const HANDOFF = 48;
const GWEI = 1_000_000_000n;

const argumentsOf = ({ index, l2Recipient, amountWei, timestamp }: DepositMessage) =>
  [index, l2Recipient, amountWei, timestamp] as const;

const request = (test: TestRollup, message: DepositMessage, timeSec: number, from = stranger): Promise<Mined> =>
  test.attempt(from, "requestRefund", argumentsOf(message), { timeSec });
/** @param epoch Of the checkpoint that is said to have consumed it in vain. */
const refund = (
  test: TestRollup,
  message: DepositMessage,
  timeSec?: number,
  epoch = 0,
  from = stranger,
): Promise<Mined> =>
  test.attempt(from, "refund", [...argumentsOf(message), epoch], timeSec === undefined ? {} : { timeSec });

async function succeeds(attempt: Promise<Mined>): Promise<Mined> {
  const mined = await attempt;
  expect(mined.error?.message ?? mined.succeeded).to.equal(true);
  return mined;
}

/** A deposit of slot 1 that is asked back in slot 12, the first of epoch 3: it is void from epoch 5, slot 20, on. */
async function requested(test: TestRollup): Promise<DepositMessage> {
  const message = await deposit(test, { timeSec: test.time(1) });
  await succeeds(request(test, message, test.time(12)));
  return message;
}
const VOID_EPOCH = 5;
const VOID_SLOT = VOID_EPOCH * EPOCH;

describe("requestRefund", () => {
  it("is possible from the second the window is over, and once", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1, 7) });
    const refundableAt = message.timestamp + WINDOW;
    await reverts(request(test, message, refundableAt - 1), "Inbox__RefundTooEarly", {
      index: 0n,
      refundableAt: BigInt(refundableAt),
      time: BigInt(refundableAt - 1),
    });
    await succeeds(request(test, message, refundableAt));
    await reverts(request(test, message, refundableAt + 1), "Inbox__RefundRequested", { index: 0n, fromEpoch: 4n });
  });

  it("tells from which epoch on, and which refunds are in force in each", async () => {
    const test = await load();
    const ref = { provider: test.connection.ethers.provider, rollup: test.address };
    const [first, second, third] = [await deposit(test), await deposit(test), await deposit(test)];
    const hashes: string[] = [NO_REFUNDS_HASH];
    for (const [message, slot, fromEpoch] of [
      [third, 12, 5],
      [first, 15, 5],
      [second, 16, 6],
    ] as const) {
      const refundsHash = extendRefundsHash(hashes.at(-1) as typeof NO_REFUNDS_HASH, message.index);
      const [event] = eventsOf(await succeeds(request(test, message, test.time(slot, 71))));
      expect(event).to.deep.include({
        type: "refund-requested",
        index: message.index,
        depositor: addressOf(stranger),
        amountWei: GWEI,
        fromEpoch,
        refundsHash,
      });
      expect(await getRefund(ref, message.index)).to.deep.equal({ fromEpoch, paid: false });
      hashes.push(refundsHash);
    }
    const inForce = await Promise.all([0, 3, 4, 5, 6, 7].map((epoch) => getRefundsHash(ref, epoch)));
    expect(inForce).to.deep.equal([hashes[0], hashes[0], hashes[0], hashes[2], hashes[3], hashes[3]]);
    expect(await getRefund(ref, 3)).to.equal(undefined);
    expect(await test.rollup.bridgedWei(), "nothing is paid yet").to.equal(3n * GWEI);
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
      for (const [offset, ask] of [request, refund].entries()) {
        const timeSec = message.timestamp + 2 * WINDOW + 2 * position + offset;
        const { error } = await (ask === refund
          ? refund(test, claim, timeSec, 0, from)
          : request(test, claim, timeSec, from));
        expect(error?.name, `case ${position}`).to.equal("Inbox__DepositMismatch");
        expect(error?.args).to.include({
          index: BigInt(claim.index),
          expected: hashes[claim.index] ?? EMPTY_INBOX_HASH,
        });
      }
    }
  });

  it("refuses with both hashes what is not the deposit", async () => {
    const test = await load();
    const message = await deposit(test);
    const claim = { ...message, index: 7 };
    const { error } = await request(test, claim, message.timestamp + WINDOW);
    if (error?.name !== "Inbox__DepositMismatch") throw new Error(`expected a mismatch, got ${error?.name}`);
    const { actual } = error.args;
    await reverts(request(test, claim, message.timestamp + WINDOW + 1), "Inbox__DepositMismatch", {
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
    await reverts(request(test, consumed, time), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await succeeds(request(test, waiting, time + 1));
  });

  it("takes a deposit whose checkpoint was removed", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    const slot = 1 + WINDOW / 72;
    const landed = await test.land(bonded, [await forgedConsuming(test, 1, { slot })]);
    await reverts(request(test, message, test.time(slot, 1)), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await test.call(challenger, "challenge", [logsIn(landed)], { timeSec: test.time(slot, 2) });
    await succeeds(request(test, message, test.time(slot, 3)));
  });

  it("makes nothing void that is signed or can be signed in its epoch or the next: only slots after those", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    await force(test, { timeSec: test.time(1, 1) });
    const slots = range(3 * EPOCH).map((index) => 12 + index);
    const digests = () =>
      Promise.all(slots.map(async (slot) => (await consuming(test, 2, { slot })).submission.digest));
    const before = await digests();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    for (const second of [0, EPOCH * 72 - 1]) {
      await succeeds(request(test, message, test.time(12, second)));
      const after = await digests();
      const changed = slots.filter((_, position) => after[position] !== before[position]);
      expect(changed, `asked for in second ${second}`).to.deep.equal([20, 21, 22, 23]);
      await snapshot.restore();
    }
  });

  it("lets land what was signed before it, and what is signed without it", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    const [now, next, last] = await Promise.all([15, 16, 19].map((slot) => consuming(test, 1, { slot })));
    const other = await consuming(test, 1, { slot: VOID_SLOT });
    await succeeds(request(test, message, test.time(15)));
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    for (const [signed, slot] of [
      [now, 15],
      [now, 16],
      [next, 16],
      [last, 19],
      [last, 20],
    ] as const) {
      const timeSec = test.time(slot, 10);
      expect(landedIn(await test.land(bonded, [signed!], { timeSec }))[0]?.inboxCount).to.equal(1);
      await snapshot.restore();
    }
    const right = await consuming(test, 1, { slot: VOID_SLOT });
    await reverts(test.tryLand(bonded, [other]), "Rollup__DigestMismatch", {
      expected: right.submission.digest,
      actual: other.submission.digest,
    });
    await test.land(bonded, [right], { timeSec: test.time(VOID_SLOT, 1) });
  });

  it("is as if it were not for a checkpoint that consumes nothing", async () => {
    const test = await load();
    await requested(test);
    const first = await consuming(test, 1, { slot: VOID_SLOT });
    await test.land(bonded, [first]);
    const quiet = test.checkpoint({ slot: VOID_SLOT + 1, parent: first.tip });
    expect(landedIn(await test.land(bonded, [quiet]))).to.have.length(1);
  });
});

describe("refund", () => {
  it("is paid from the first second in which no earlier checkpoint can land, once", async () => {
    const test = await load();
    const message = await requested(test);
    const from = test.time(VOID_SLOT, HANDOFF);
    // The last that could consume it lands a second before.
    const late = await consuming(test, 1, { slot: VOID_SLOT - 1 });
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    await reverts(refund(test, message, from - 1), "Inbox__RefundTooEarly", {
      index: 0n,
      refundableAt: BigInt(from),
      time: BigInt(from - 1),
    });
    await succeeds(refund(test, message, from));
    await reverts(refund(test, message), "Inbox__AlreadyRefunded", { index: 0n });
    expect(await test.rollup.creditOf(stranger.address)).to.equal(GWEI);
    await snapshot.restore();
    await test.land(bonded, [late], { timeSec: from - 1 });
    await reverts(refund(test, message, from), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
  });

  it("credits the depositor, who then claims; takes the amount off what is bridged; tells of itself", async () => {
    const test = await load();
    const { provider } = test.connection.ethers;
    await deposit(test, { valueWei: 3n * GWEI });
    const message = await deposit(test, { valueWei: 5n * GWEI });
    await succeeds(request(test, message, message.timestamp + WINDOW));
    const mined = await succeeds(refund(test, message, message.timestamp + 3 * WINDOW));
    expect(eventsOf(mined)[0]).to.deep.include({
      type: "refunded",
      index: 1,
      depositor: addressOf(stranger),
      amountWei: 5n * GWEI,
    });
    expect(await getRefund({ provider, rollup: test.address }, 1)).to.deep.include({ paid: true });
    expect(await test.rollup.bridgedWei()).to.equal(3n * GWEI);
    expect(await test.rollup.creditOf(stranger.address)).to.equal(5n * GWEI);
    const before = await provider.getBalance(stranger.address);
    const { gasUsed } = await test.call(stranger, "claim", []);
    const spent = BigInt(gasUsed) * (GWEI + TIP_WEI);
    expect((await provider.getBalance(stranger.address)) - before + spent).to.equal(5n * GWEI);
  });

  it("is not paid unless it was asked for", async () => {
    const test = await load();
    const message = await deposit(test);
    await reverts(refund(test, message, test.time(100)), "Inbox__RefundNotRequested", { index: 0n });
  });

  it("is not paid for what was consumed before it was in force, whatever epoch is named", async () => {
    const test = await load();
    const message = await requested(test);
    await deposit(test, { timeSec: test.time(15) });
    const first = await consuming(test, 1, { slot: 17 });
    await test.land(bonded, [first]);
    await test.land(otherBonded, [await consuming(test, 2, { slot: VOID_SLOT, parent: first.tip })]);
    for (const epoch of range(8)) {
      const attempt = refund(test, message, test.time(30, epoch), epoch);
      await reverts(attempt, "Inbox__AlreadyConsumed", { index: 0n, consumed: 2n });
    }
  });

  it("is paid at any later time for what was consumed in vain, by the epoch of the checkpoint that did", async () => {
    const test = await load();
    const message = await requested(test);
    const first = await consuming(test, 1, { slot: VOID_SLOT + 5 });
    await test.land(bonded, [first]);
    await deposit(test, { timeSec: test.time(VOID_SLOT + 5, 1) });
    const later = await consuming(test, 2, { slot: VOID_SLOT + 9, parent: first.tip });
    await test.land(otherBonded, [later]);
    // The later one's parent had consumed it, and in the epochs between nothing was.
    for (const [second, epoch] of [VOID_EPOCH - 1, VOID_EPOCH, VOID_EPOCH + 2, VOID_EPOCH + 3].entries()) {
      const attempt = refund(test, message, test.time(1_000, second), epoch);
      await reverts(attempt, "Inbox__AlreadyConsumed", { index: 0n, consumed: 2n });
    }
    await succeeds(refund(test, message, test.time(1_001), VOID_EPOCH + 1));
    await reverts(refund(test, message, undefined, VOID_EPOCH + 1), "Inbox__AlreadyRefunded", { index: 0n });
  });

  it("is paid for what was consumed too early, and by a challenge is not any more", async () => {
    const test = await load();
    const message = await requested(test);
    const landed = await test.land(bonded, [await forgedConsuming(test, 1, { slot: VOID_SLOT - 1 })]);
    const timeSec = test.time(VOID_SLOT, HANDOFF);
    await reverts(refund(test, message, timeSec), "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await test.call(challenger, "challenge", [logsIn(landed)]);
    await succeeds(refund(test, message));
  });

  it("is paid when one that passed it over stands where one was removed that did not reach back to it", async () => {
    const test = await load();
    const message = await requested(test);
    await deposit(test, { timeSec: test.time(16, 10) });
    const below = await forgedConsuming(test, 1, { slot: VOID_SLOT - 1 });
    const above = await forgedConsuming(test, 2, { slot: VOID_SLOT, parent: below.tip });
    const [first] = logsIn(await test.land(bonded, [below]));
    const [second] = logsIn(await test.land(bonded, [above]));
    await test.call(challenger, "challenge", [[second, first]]);
    await test.land(otherBonded, [await consuming(test, 2, { slot: VOID_SLOT + 1 })]);
    await succeeds(refund(test, message, undefined, VOID_EPOCH));
  });

  it("is not fooled by a checkpoint in force that was removed, when a late one of the epoch before then consumes it", async () => {
    const test = await load();
    const message = await requested(test);
    await deposit(test, { timeSec: test.time(13) });
    const late = await consuming(test, 2, { slot: VOID_SLOT - 1 });
    const landed = await test.land(bonded, [await forgedConsuming(test, 2, { slot: VOID_SLOT })]);
    await test.call(challenger, "challenge", [logsIn(landed)]);
    await test.land(otherBonded, [late], { timeSec: test.time(VOID_SLOT, HANDOFF - 1) });
    const attempt = refund(test, message, test.time(VOID_SLOT, HANDOFF), VOID_EPOCH);
    await reverts(attempt, "Inbox__AlreadyConsumed", { index: 0n, consumed: 2n });
  });
});
