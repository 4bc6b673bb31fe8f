import { expect } from "chai";
import { ACCOUNTS, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { range, type TestCheckpoint } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit } from "../support/inbox.ts";

const load = fixtureOf({ config: SHORT_EPOCHS });

const { deployer, unbonded } = ACCOUNTS;
/** First slot of epoch 2, from which on counts what is changed in epoch 0. */
const FIRST = 8;
const LAST_SECOND = 71;
const LATE_SECONDS = [0, 47];

/** All that a next checkpoint depends on, and what its parent's log says of itself but for its landing. */
async function stateAfter(test: TestRollup, checkpoint: TestCheckpoint, timeSec: number, slot: number) {
  const [log] = logsIn(await test.land(unbonded, [checkpoint], { timeSec }));
  const { rollup } = test;
  const epoch = Math.floor(slot / test.config.epochSlots);
  const { digest, signers, parent } = log!.details;
  return {
    tips: await rollup.tips(),
    settled: await rollup.settledTip(),
    refillSlot: await rollup.refillSlot(),
    sets: [await rollup.validatorSet(epoch - 1), await rollup.validatorSet(epoch)],
    pool: await rollup.pool(),
    inbox: [await rollup.inboxTotal(), await rollup.inboxCountDue(slot), await rollup.refundsHash(epoch)],
    log: { digest, signers, parent, outboxRoot: log!.outboxRoot, coinbase: log!.coinbase },
  };
}

/** Lands a checkpoint in its last second, and late; and on each its child, which has to land as well. */
async function landsAlike(test: TestRollup, slot: number, checkpoint: TestCheckpoint, child: TestCheckpoint) {
  const snapshot = await test.connection.networkHelpers.takeSnapshot();
  const outcome = async (timeSec: number) => {
    await snapshot.restore();
    const after = await stateAfter(test, checkpoint, timeSec, slot + 1);
    return [after, await stateAfter(test, child, test.time(slot + 1, 50), slot + 1)];
  };
  const onTime = await outcome(test.time(slot, LAST_SECOND));
  for (const second of LATE_SECONDS) {
    expect(await outcome(test.time(slot + 1, second)), `${second} s late`).to.deep.equal(onTime);
  }
}

describe("a checkpoint that lands late leaves the state that it would have on time (E9)", () => {
  it("across the change of an epoch", async () => {
    const test = await load();
    const last = test.checkpoint({ slot: FIRST - 1 });
    await landsAlike(test, FIRST - 1, last, test.checkpoint({ slot: FIRST, parent: last.tip }));
  });

  it("across a change of the validator set", async () => {
    const test = await load();
    await test.register(4, deployer, { timeSec: test.time(1) });
    await test.call(deployer, "exit", [0]);
    const last = test.checkpoint({ slot: FIRST - 1, signers: range(4) });
    const child = test.checkpoint({ slot: FIRST, parent: last.tip, signers: [1, 2, 3, 4] });
    await landsAlike(test, FIRST - 1, last, child);
  });

  it("where another message is due in the next slot", async () => {
    const test = await load();
    const slot = 5;
    const { inboxLagSlots } = test.config;
    await deposit(test, { timeSec: test.time(slot - inboxLagSlots, -1) });
    await deposit(test, { timeSec: test.time(slot - inboxLagSlots) });
    const first = await consuming(test, 1, { slot });
    const child = await consuming(test, 2, { slot: slot + 1, parent: first.tip });
    await landsAlike(test, slot, first, child);
  });
});
