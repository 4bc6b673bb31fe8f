import { expect } from "chai";
import { buildSettlement, type CheckpointLog } from "../../../sdk/build/log.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { addressOf, type Mined } from "../support/l1.ts";
import { proofOf, provenFixtureOf } from "../support/proving.ts";
import { landAll, type Told, toldIn } from "../support/settling.ts";

const { stranger, recipient, challenger } = ACCOUNTS;
/** Slots of the storage layout: the whole words are compared, whatever they hold. */
const WORDS = { context: 1, pool: 4 };

/** Coinbase of the checkpoint with this number; that of number 1 landed number 4 too. */
function coinbaseOf(number: number): Hex {
  return `0x${"c0".repeat(19)}0${number === 4 ? 1 : number}`;
}

/** What settling leaves behind. */
async function stateOf(test: TestRollup, count: number) {
  const { provider } = test.connection.ethers;
  const accounts = [...range(count).map((index) => coinbaseOf(index + 1)), addressOf(recipient), addressOf(challenger)];
  return {
    context: await provider.getStorage(test.address, WORDS.context),
    pool: await provider.getStorage(test.address, WORDS.pool),
    credits: await Promise.all(accounts.map((account) => test.rollup.creditOf(account))),
  };
}

function settleAt(test: TestRollup, logs: readonly CheckpointLog[], timeSec: number): Promise<Mined> {
  return test.call(stranger, "settle", buildSettlement(logs), { timeSec });
}

/** A row of `count` in two runs, cut at each place, and in as many runs as it has checkpoints. */
function cutsOf(count: number): number[][] {
  const places = range(count - 1).map((index) => index + 1);
  return [...places.map((place) => [place]), places];
}

describe("one history in runs cut anywhere", () => {
  const T = 1_000n;
  const load = fixtureOf({
    poolWei: 5n * T,
    config: { ...SHORT_EPOCHS, rewardWei: T, governor: addressOf(ACCOUNTS.otherBonded) },
  });

  /** Plain ones of two budgets, a shared one among them, one that the pool is short for, and one late at the tip. */
  async function history(test: TestRollup): Promise<CheckpointLog[]> {
    await test.call(ACCOUNTS.otherBonded, "setReward", [T + 1n], { timeSec: test.time(4) });
    await test.call(stranger, "fund", [], { valueWei: 5n * T, timeSec: test.time(9) });
    const sharing = { onTimeRecipient: addressOf(challenger), onTimeCapBps: 100 };
    return landAll(
      test,
      [10, 11, 12, 13, 14, 16].map((slot, index) => ({
        slot,
        header: { coinbase: coinbaseOf(index + 1), ...(slot === 11 && sharing) },
        options: { timeSec: slot === 16 ? test.time(slot + 1, 24) : test.time(slot) },
      })),
    );
  }

  it("pays the same, and leaves the same behind", async function () {
    this.timeout(60_000);
    const test = await load();
    const logs = await history(test);
    const timeSec = test.time(30);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const told = toldIn(eventsOf(await settleAt(test, logs, timeSec)));
    const left = await stateOf(test, logs.length);
    expect(told.map(({ missingWei = 0n }) => missingWei)).to.deep.equal([0n, 0n, 0n, 0n, 3n, 0n]);

    for (const cuts of cutsOf(logs.length)) {
      await snapshot.restore();
      const parts: Told[] = [];
      for (const [index, from] of [0, ...cuts].entries()) {
        const mined = await settleAt(test, logs.slice(from, cuts[index]), timeSec);
        parts.push(...toldIn(eventsOf(mined)));
      }
      expect(parts, `cut before ${cuts}`).to.deep.equal(told);
      expect(await stateOf(test, logs.length), `cut before ${cuts}`).to.deep.equal(left);
    }
  });
});

describe("a row of plain checkpoints where a verifier is set", () => {
  // A prover's share keeps the checkpoints from being settled as a row.
  const rewardWei = 9_999n;
  const loadRow = provenFixtureOf({ config: { rewardWei, proverBps: 0 } });
  const loadSingly = provenFixtureOf({ config: { rewardWei, proverBps: 1 } });
  const COUNT = 6;

  async function landRow(test: TestRollup): Promise<CheckpointLog[]> {
    const coinbases = range(COUNT).map((index) => coinbaseOf(index + 1));
    return landAll(
      test,
      coinbases.map((coinbase, index) => ({ slot: 5 + 2 * index, header: { coinbase } })),
    );
  }

  async function settled(load: () => Promise<TestRollup>) {
    const test = await load();
    const logs = await landRow(test);
    await test.call(stranger, "prove", proofOf(logs[0]!, logs.at(-1)!));
    const mined = await settleAt(test, logs, test.time(60));
    return { told: toldIn(eventsOf(mined)), left: await stateOf(test, COUNT), gas: mined.gasUsed };
  }

  it("pays and leaves the same as where the prover has a share that rounds to nothing, for less", async () => {
    const [row, singly] = [await settled(loadRow), await settled(loadSingly)];
    expect(row.told).to.deep.equal(singly.told);
    expect(row.left).to.deep.equal(singly.left);
    expect(row.told.map(({ proposerWei }) => proposerWei)).to.deep.equal(range(COUNT).map(() => rewardWei));
    // Else nothing was compared.
    expect(row.gas).to.be.below(singly.gas - 300 * COUNT);
  });

  it("settles as far as it is proven", async () => {
    const test = await loadRow();
    const logs = await landRow(test);
    await test.call(stranger, "prove", proofOf(logs[0]!, logs[COUNT - 3]!));
    const mined = await settleAt(test, logs, test.time(60));
    expect(toldIn(eventsOf(mined)).map(({ number }) => number)).to.deep.equal(range(COUNT - 2).map((i) => i + 1));
    expect((await test.rollup.settledTip()).number).to.equal(BigInt(COUNT - 2));
  });
});
