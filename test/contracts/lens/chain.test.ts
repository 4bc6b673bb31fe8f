import { expect } from "chai";
import { ZeroHash } from "ethers";
import { buildLog, buildSettlement, type CheckpointLog } from "../../../sdk/build/log.ts";
import {
  getInboxStatus,
  getLensRollup,
  getLogStatus,
  getOverview,
  getUnsettledHashes,
} from "../../../sdk/lens/chain.ts";
import type { LensRef } from "../../../sdk/lens/view.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, settlementOf, type TestRollup } from "../fixture.ts";
import { range, type TestCheckpoint } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { consuming, deposit } from "../support/inbox.ts";
import { deployLens } from "../support/lens.ts";

const load = fixtureOf({ config: SHORT_EPOCHS });

const { bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const SLOT = 5;
/** Challenge window, seconds: one epoch of four slots. */
const WINDOW = 4 * 72;

/** The overview must be what the rollup's own views and its latest block say. */
async function expectTruth(test: TestRollup, lens: LensRef): Promise<void> {
  const overview = await getOverview(lens);
  const { rollup, connection, config } = test;
  const block = await connection.ethers.provider.getBlock("latest");
  const tips = await rollup.tips();
  const settled = await rollup.settledTip();
  const slot = Math.max(0, Math.floor((overview.time - config.genesisTime) / config.slotSeconds));
  expect(overview.l1Block - block!.number, "the latest block, or the one after it").to.be.within(0, 1);
  expect(overview.time).to.be.at.least(block!.timestamp);
  expect(overview).to.deep.include({
    slot,
    epoch: Math.floor(slot / config.epochSlots),
    submittedNumber: Number(tips.number),
    submittedSlot: Number(tips.slot),
    inboxCount: Number(tips.inboxCount),
    digest: `0x${tips.digest.toString(16).padStart(40, "0")}`,
    settledNumber: Number(settled.number),
    settledSlot: Number(settled.slot),
    provenNumber: Number(await rollup.provenNumber()),
    refillSlot: Number(await rollup.refillSlot()),
  });
}

async function landOne(test: TestRollup, checkpoint: TestCheckpoint, from = bonded, second = 0, slots = 0) {
  const timeSec = test.time(checkpoint.submission.header.slot + slots, second);
  const [landed] = landedIn(await test.land(from, [checkpoint], { timeSec }));
  return landed!;
}

describe("lens: the chain", () => {
  it("reads the rollup it was made for", async () => {
    const test = await load();
    expect(await getLensRollup(await deployLens(test))).to.equal(test.address);
  });

  it("shows every tip, before genesis, after landings, a rollback and a settlement", async () => {
    const test = await load();
    const lens = await deployLens(test);
    await expectTruth(test, lens);
    const [first, second] = test.chain([SLOT, SLOT + 1]) as [TestCheckpoint, TestCheckpoint];
    const mined = await test.land(unbonded, [first]);
    await expectTruth(test, lens);
    await test.call(stranger, "settle", settlementOf(mined));
    await test.land(bonded, [second]);
    await expectTruth(test, lens);
    const forged = test.forged({ slot: SLOT + 2, parent: second.tip });
    await test.call(challenger, "challenge", [logsIn(await test.land(otherBonded, [forged]))]);
    await expectTruth(test, lens);
    expect((await getOverview(lens)).refillSlot).to.equal(SLOT + 2);
  });

  it("lists exactly the unsettled log hashes of any range", async () => {
    const test = await load();
    const lens = await deployLens(test);
    expect(await getUnsettledHashes(lens, 1, 10), "nothing has landed").to.deep.equal([]);
    const chain = test.chain(range(5).map((i) => SLOT + i));
    const [early, ...rest] = chain;
    await test.call(stranger, "settle", settlementOf(await test.land(unbonded, [early!])));
    await test.landEach(rest);
    for (const from of range(8)) {
      for (const count of range(9)) {
        const numbers = range(count).map((i) => from + i);
        const hashes = numbers.map(async (number) => ({ number, logHash: await test.rollup.logHash(number) }));
        const expected = (await Promise.all(hashes)).filter(({ logHash }) => logHash !== ZeroHash);
        expect(await getUnsettledHashes(lens, from, count), `${count} from ${from}`).to.deep.equal(expected);
      }
    }
  });

  describe("status of a log", () => {
    it("is challengeable exactly while a challenge finds its window open", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const landed = await landOne(test, test.checkpoint({ slot: SLOT }), bonded, 7);
      const log = buildLog(landed);
      const until = landed.timeSec + WINDOW;
      for (const timeSec of [until - 1, until]) {
        const status = await getLogStatus(lens, log, timeSec);
        expect(status).to.include({ landed: true, verified: false, challengeableUntil: until });
        const { error } = await test.attempt(challenger, "challenge", [[log]], { timeSec });
        expect(error?.name === "Challenges__AttestationValid").to.equal(status.challengeable);
      }
    });

    it("has no challenge window when it was verified", async () => {
      const test = await load();
      const log = buildLog(await landOne(test, test.checkpoint({ slot: SLOT }), unbonded));
      expect(await getLogStatus(await deployLens(test), log, test.time(SLOT, 1))).to.include({
        verified: true,
        challengeableUntil: 0,
        challengeable: false,
      });
    });

    for (const [name, from, late] of [
      ["on time, verified", unbonded, false],
      ["on time, unverified", bonded, false],
      ["late, verified", unbonded, true],
      ["late, unverified", bonded, true],
    ] as const) {
      it(`settles from the second it names on: ${name}`, async () => {
        const test = await load();
        const lens = await deployLens(test);
        const landed = await landOne(test, test.checkpoint({ slot: SLOT }), from, 9, late ? 1 : 0);
        const log = buildLog(landed);
        const { settleableFrom, settled } = await getLogStatus(lens, log, 0);
        expect(settled).to.equal(false);
        const settle = (timeSec: number) => test.attempt(stranger, "settle", buildSettlement([log]), { timeSec });
        if (settleableFrom > landed.timeSec) expect((await settle(settleableFrom - 1)).succeeded).to.equal(false);
        expect((await settle(settleableFrom)).succeeded).to.equal(true);
        expect(await getLogStatus(lens, log, settleableFrom)).to.include({ landed: false, settled: true });
      });
    }

    it("says of another log, and of one that was removed, that it is not the one that landed", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const timeSec = test.time(SLOT, 30);
      const [log] = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })])) as [CheckpointLog];
      expect(await getLogStatus(lens, log, timeSec)).to.include({ landed: true, challengeable: true });
      const other = { ...log, coinbase: test.address };
      expect(await getLogStatus(lens, other, timeSec)).to.include({ landed: false, challengeable: false });
      await test.call(challenger, "challenge", [[log]]);
      expect(await getLogStatus(lens, log, timeSec)).to.include({ landed: false, challengeable: false });
    });

    it("has nothing to prove where no verifier is set", async () => {
      const test = await load();
      const log = buildLog(await landOne(test, test.checkpoint({ slot: SLOT })));
      const status = await getLogStatus(await deployLens(test), log, test.time(SLOT + 1_000));
      expect(status).to.include({ proven: true, pruneDue: false, prunableFrom: 0 });
    });
  });

  describe("inbox", () => {
    it("names the count and the hash that a landing must have, message by message", async function () {
      this.timeout(60_000);
      const test = await load();
      const lens = await deployLens(test);
      for (const second of range(6)) await deposit(test, { timeSec: test.time(1, second) });
      await deposit(test, { timeSec: test.time(2, 1) });
      // The first slot meets no message, the next two the first six, at most four at a time, the last one all.
      let parent: TestCheckpoint["tip"] | undefined;
      const seen: [number, number, number][] = [];
      for (const slot of [4, 5, 6, 7]) {
        const { total, backlog, due, consumed, inboxCount, inboxHash } = await getInboxStatus(lens, slot);
        seen.push([backlog, due, inboxCount]);
        expect([total, consumed]).to.deep.equal([7, 7 - backlog]);
        const header = { inboxCount };
        const checkpoint = test.checkpoint({ slot, header, inboxHash, ...(parent && { parent }) });
        expect(await landOne(test, checkpoint)).to.include({ inboxCount });
        parent = checkpoint.tip;
      }
      expect(seen).to.deep.equal([
        [7, 0, 0],
        [7, 6, 4],
        [3, 3, 7],
        [0, 0, 7],
      ]);
    });

    it("mixes refunds into the hash from the epoch they are in force in", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const message = await deposit(test, { timeSec: test.time(1) });
      const windowEpochs = test.config.refundWindowEpochs;
      const timeSec = test.time(1 + windowEpochs * test.config.epochSlots);
      const { index, l2Recipient, amountWei, timestamp } = message;
      await test.call(stranger, "requestRefund", [index, l2Recipient, amountWei, timestamp], { timeSec });
      const slot = (windowEpochs + 2) * test.config.epochSlots;
      expect((await getInboxStatus(lens, slot - 1)).inboxHash).to.equal(await test.rollup.inboxHash(1));
      const { inboxCount, inboxHash } = await getInboxStatus(lens, slot);
      expect(inboxHash).not.to.equal(await test.rollup.inboxHash(1));
      const expected = await consuming(test, 1, { slot });
      expect(test.checkpoint({ slot, header: { inboxCount }, inboxHash })).to.deep.equal(expected);
      await landOne(test, expected);
    });

    it("shows no message as due to a slot before the tip's cut-off", async () => {
      const test = await load();
      const lens = await deployLens(test);
      await deposit(test, { timeSec: test.time(1, 1) });
      await landOne(test, await consuming(test, 1, { slot: SLOT }));
      expect(await getInboxStatus(lens, 4)).to.deep.equal({
        total: 1,
        consumed: 1,
        backlog: 0,
        due: 0,
        inboxCount: 0,
        inboxHash: ZeroHash,
      });
    });
  });
});
