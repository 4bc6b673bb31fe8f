import { expect } from "chai";
import { buildLog, buildSettlement, type CheckpointLog } from "../../../sdk/build/log.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { range, type TestCheckpoint } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { attests, evidenceOf, skips } from "../support/evidence.ts";
import { reverts } from "../support/reverts.ts";

// Epochs of four slots: what changes in epoch 0 counts from slot 8 on.
const loadOne = fixtureOf({ validators: 1, config: SHORT_EPOCHS });
const load = fixtureOf({ validators: 4, config: SHORT_EPOCHS });
const loadSmallRing = fixtureOf({ validators: 4, config: { ringSize: 3 } });

const { deployer, bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const FIRST = 8;

/** Lands a checkpoint that nobody signed, and gives its log. */
async function landForged(test: TestRollup, slot: number, parent: TestCheckpoint | undefined, from = bonded) {
  const forged = test.forged({ slot, ...(parent && { parent: parent.tip }) });
  const [log] = logsIn(await test.land(from, [forged]));
  return { forged, log: log as CheckpointLog };
}

describe("extremes", () => {
  describe("given a single validator", () => {
    it("lands with its signature, verified or not, and is held to it", async () => {
      const test = await loadOne();
      const first = test.checkpoint({ slot: 1 });
      await test.land(unbonded, [first]);
      const second = test.checkpoint({ slot: 2, parent: first.tip });
      await test.land(bonded, [second]);
      const { log } = await landForged(test, 3, second);
      await test.call(challenger, "challenge", [[log]]);
      expect((await test.rollup.tips()).number).to.equal(2n);
    });

    it("lands nothing without it", async () => {
      const test = await loadOne();
      const unsigned = test.checkpoint({ slot: 1, signers: [] });
      await reverts(test.tryLand(bonded, [unsigned]), "Rollup__QuorumNotReached", { signed: 0n, setSize: 1n });
    });

    it("keeps it when it is slashed: without its stake, but the chain goes on", async () => {
      const test = await loadOne();
      const evidence = evidenceOf(test, 1, attests([0]), skips([0]));
      await test.call(challenger, "slash", [evidence], { timeSec: test.time(1) });
      expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.stakeWei / 2n);
      await test.land(unbonded, [test.checkpoint({ slot: FIRST })]);
      await reverts(test.attempt(deployer, "exit", [0]), "Validators__SetTooSmall", { size: 1n, minimum: 1n });
    });
  });

  it("given that all leave, the last one has to stay, and goes on alone", async () => {
    const test = await load();
    await test.connection.networkHelpers.time.increaseTo(test.time(1));
    for (const index of [0, 1, 2]) await test.call(deployer, "exit", [index]);
    await reverts(test.attempt(deployer, "exit", [3]), "Validators__SetTooSmall", { size: 1n, minimum: 1n });
    const before = test.checkpoint({ slot: FIRST - 1 });
    await test.land(unbonded, [before]);
    const alone = test.checkpoint({ slot: FIRST, parent: before.tip, signers: [3] });
    await test.land(unbonded, [alone]);
    expect(await test.rollup.proposerOf(FIRST)).to.equal(3n);
    const gone = test.checkpoint({ slot: FIRST + 1, parent: alone.tip, signers: range(4) });
    await reverts(test.tryLand(bonded, [gone]), "Rollup__SignersOutsideSet", { signers: 0b1111n, members: 0b1000n });
  });

  describe("rollback across an epoch", () => {
    it("restores the tip of the epoch before, keeps the seed, and refills each slot with its own epoch's set", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      const good = test.checkpoint({ slot: FIRST - 2 });
      await test.land(otherBonded, [good]);
      const tips = await test.rollup.tips();
      const lower = await landForged(test, FIRST - 1, good);
      const upper = await landForged(test, FIRST, lower.forged);
      const seed = await test.rollup.seedOf(3);
      const upperSet = await test.rollup.validatorSet(2);

      await test.call(challenger, "challenge", [[upper.log, lower.log]], { timeSec: test.time(FIRST, 1) });
      expect(await test.rollup.tips()).to.deep.equal(tips);
      expect(await test.rollup.seedOf(3)).to.equal(seed);
      expect(await test.rollup.validatorSet(2)).to.deep.equal(upperSet);
      expect(await test.rollup.refillSlot()).to.equal(BigInt(FIRST));

      // The set of epoch 1 is the genesis set, that of epoch 2 has one more; both land in one call, on time.
      const late = test.checkpoint({ slot: FIRST - 1, parent: good.tip, signers: [0, 1, 2] });
      const own = test.checkpoint({ slot: FIRST, parent: late.tip, signers: [0, 1, 2, 4] });
      const landed = landedIn(await test.land(unbonded, [late, own], { timeSec: test.time(FIRST, 2) }));
      expect(landed.map(({ number, late: isLate }) => [number, isLate])).to.deep.equal([
        [2, false],
        [3, false],
      ]);
      expect(await test.rollup.seedOf(3)).to.equal(seed);
    });
  });

  describe("rollback down to a settlement", () => {
    it("takes the unsettled ones, never a settled one, and the chain goes on from there", async () => {
      const test = await load();
      const settled = test.checkpoint({ slot: 1 });
      const [settledLog] = logsIn(await test.land(unbonded, [settled]));
      await test.call(stranger, "settle", buildSettlement([settledLog!]));
      const lower = await landForged(test, 2, settled);
      const upper = await landForged(test, 3, lower.forged);

      const tooDeep = [upper.log, lower.log, settledLog];
      await reverts(test.attempt(challenger, "challenge", [tooDeep]), "Challenges__AlreadySettled", {
        number: 1n,
        settled: 1n,
      });
      expect((await test.rollup.tips()).number).to.equal(3n);
      await test.call(challenger, "challenge", [tooDeep.slice(0, 2)]);
      expect((await test.rollup.tips()).number).to.equal(1n);
      expect(await test.rollup.settledTip()).to.deep.equal([1n, 1n]);

      const next = test.checkpoint({ slot: 4, parent: settled.tip });
      const [log] = logsIn(await test.land(unbonded, [next]));
      await test.call(stranger, "settle", buildSettlement([log!]));
      expect(await test.rollup.settledTip()).to.deep.equal([2n, 4n]);
    });

    it("settles good ones while a forgery above them waits for its challenge", async () => {
      const test = await load();
      const good = test.checkpoint({ slot: 1 });
      const [goodLog] = logsIn(await test.land(unbonded, [good]));
      const { log } = await landForged(test, 2, good);
      await test.call(stranger, "settle", buildSettlement([goodLog!, log]));
      expect((await test.rollup.settledTip()).number).to.equal(1n);
      await test.call(challenger, "challenge", [[log]]);
      expect((await test.rollup.tips()).number).to.equal(1n);
    });
  });

  it("goes round the ring many times with settlement and rollback, and never over an unsettled log", async function () {
    this.timeout(60_000);
    const test = await loadSmallRing();
    const { ringSize } = test.config;
    let parent: TestCheckpoint | undefined;
    let slot = 0;
    let landed = 0n;
    const next = (): TestCheckpoint =>
      test.checkpoint({ slot: ++slot, signers: range(4), ...(parent && { parent: parent.tip }) });

    for (let round = 0; round < 4; round++) {
      const logs: CheckpointLog[] = [];
      for (let i = 1; i < ringSize; i++) {
        parent = next();
        logs.push(...(await test.landEach([parent], unbonded)).map(buildLog));
      }
      // The last free place is taken by a forgery, removed, and taken by the right one.
      const place = { slot: ++slot, parent: parent!.tip };
      await test.call(bonded, "bond", [], { valueWei: test.config.bondWei });
      const [forged] = logsIn(await test.land(bonded, [test.forged(place)]));
      await test.call(challenger, "challenge", [[forged]]);
      parent = test.checkpoint(place);
      const timeSec = test.time(slot + 1);
      logs.push(...landedIn(await test.land(unbonded, [parent], { timeSec })).map(buildLog));
      landed += BigInt(ringSize);

      slot++;
      const tooMany = next();
      await reverts(test.tryLand(unbonded, [tooMany]), "Rollup__RingFull", {
        unsettled: BigInt(ringSize),
        ringSize: BigInt(ringSize),
      });
      await test.call(stranger, "settle", buildSettlement(logs));
      expect((await test.rollup.settledTip()).number).to.equal(landed);
      expect((await test.rollup.tips()).number).to.equal(landed);
    }
  });
});
