import { expect } from "chai";
import type { DepositMessage } from "../../../sdk/digest/inbox.ts";
import { ACCOUNTS, logsIn, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit } from "../support/inbox.ts";
import { provenFixtureOf } from "../support/proving.ts";
import { reverts } from "../support/reverts.ts";

/** Epochs of four slots: what lands in epoch e can be pruned from slot 4 (e + 2) on. */
const load = provenFixtureOf({ config: { ...SHORT_EPOCHS, refundWindowEpochs: 3 } });

const { unbonded, stranger } = ACCOUNTS;
const GWEI = 1_000_000_000n;

const argumentsOf = ({ index, l2Recipient, amountWei, timestamp }: DepositMessage) =>
  [index, l2Recipient, amountWei, timestamp] as const;

/** Asked for in slot 16, in epoch 4: in force from epoch 6, slot 24, on. */
const request = (test: TestRollup, message: DepositMessage) =>
  test.call(stranger, "requestRefund", argumentsOf(message), { timeSec: test.time(16) });
const VOID_EPOCH = 6;
const VOID_SLOT = 24;

const refund = (test: TestRollup, message: DepositMessage, epoch: number, timeSec?: number) =>
  test.attempt(stranger, "refund", [...argumentsOf(message), epoch], timeSec === undefined ? {} : { timeSec });

/** Lands a checkpoint that consumes the deposit, and answers how to prune it. */
async function consumedIn(test: TestRollup, slot: number) {
  const [log] = logsIn(await test.land(unbonded, [await consuming(test, 1, { slot })]));
  return (pruneSlot: number) => test.call(stranger, "prune", [log], { timeSec: test.time(pruneSlot) });
}

/** Whatever epoch a cheat names. */
async function isNotPaid(test: TestRollup, message: DepositMessage): Promise<void> {
  for (const epoch of range(12)) {
    expect((await refund(test, message, epoch)).succeeded, `by epoch ${epoch}`).to.equal(false);
  }
}

describe("a refund, when the checkpoint that consumed the deposit is pruned", () => {
  it("was paid because that consumed it in vain: is not paid again, also when the next one does", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    await request(test, message);
    const prune = await consumedIn(test, VOID_SLOT);
    expect((await refund(test, message, VOID_EPOCH, test.time(VOID_SLOT + 1))).succeeded).to.equal(true);
    // So that there is something to take.
    await deposit(test, { timeSec: test.time(31) });
    await prune(32);
    await isNotPaid(test, message);
    await consumedIn(test, 33);
    await isNotPaid(test, message);
    expect(await test.rollup.creditOf(stranger.address)).to.equal(GWEI);
  });

  it("is paid though that had credited it on L2, since the next one gives nothing for it", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    await request(test, message);
    const prune = await consumedIn(test, VOID_SLOT - 4);
    const credited = refund(test, message, VOID_EPOCH, test.time(VOID_SLOT + 1));
    await reverts(credited, "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await prune(28);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    expect((await refund(test, message, 0)).succeeded).to.equal(true);
    await consumedIn(test, 29);
    await isNotPaid(test, message);
    expect(await test.rollup.bridgedWei()).to.equal(0n);
    // Or after the next one, by whose epoch it was in force.
    await snapshot.restore();
    await consumedIn(test, 29);
    expect((await refund(test, message, 7)).succeeded).to.equal(true);
  });

  it("can be asked for then, and is not paid if one credits it before that is in force", async () => {
    const test = await load();
    const message = await deposit(test, { timeSec: test.time(1) });
    const prune = await consumedIn(test, 5);
    const early = test.attempt(stranger, "requestRefund", argumentsOf(message), { timeSec: test.time(15) });
    await reverts(early, "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await prune(15);
    await request(test, message);
    await consumedIn(test, 17);
    const attempt = refund(test, message, VOID_EPOCH, test.time(VOID_SLOT + 1));
    await reverts(attempt, "Inbox__AlreadyConsumed", { index: 0n, consumed: 1n });
    await isNotPaid(test, message);
    expect(await test.rollup.bridgedWei()).to.equal(GWEI);
  });
});
