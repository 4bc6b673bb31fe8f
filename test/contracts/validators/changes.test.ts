import { expect } from "chai";
import { aggregatePublicKeys } from "../../../sdk/bls/aggregate.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { encodePublicKey } from "../../../sdk/bls/points.ts";
import { publicKeyFromSolidity } from "../../../sdk/bls/solidity.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { bitmap, claiming, range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { secretKey } from "../support/keys.ts";
import type { Mined } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

// Epochs of four slots: a change in epoch 0 counts from slot 8 on.
const load = fixtureOf({ validators: 4, config: SHORT_EPOCHS });

const { deployer, bonded, unbonded, challenger } = ACCOUNTS;
const FIRST = 8;

/** Requires an epoch's set to be exactly these indices, with the sum of these seeds' keys. */
async function expectSet(test: TestRollup, epoch: number, members: number[], seeds = members): Promise<void> {
  const [bits, count, key] = await test.rollup.validatorSet(epoch);
  const sum = encodePublicKey(aggregatePublicKeys(seeds.map((seed) => publicKeyOf(secretKey(seed)))));
  expect([bits, count], `epoch ${epoch}`).to.deep.equal([bitmap(members), BigInt(members.length)]);
  expect(publicKeyFromSolidity(key as string[])).to.equal(sum);
}

describe("validator set changes", () => {
  describe("given a validator that joins in epoch 0", () => {
    it("is a member from epoch 2 on, and not before", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(3, 71) });
      for (const epoch of [0, 1]) await expectSet(test, epoch, range(4));
      for (const epoch of [2, 3, 1_000]) await expectSet(test, epoch, range(5));
      const { owner, fromEpoch, untilEpoch, publicKey } = await test.rollup.validator(4);
      expect([owner, fromEpoch, untilEpoch]).to.deep.equal([deployer.address, 2n, 0n]);
      expect(publicKeyFromSolidity(publicKey as string[])).to.equal(publicKeyOf(secretKey(4)));
    });

    it("is a member from epoch 3 on when it joins in the first second of epoch 1", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(4) });
      await expectSet(test, 2, range(4));
      await expectSet(test, 3, range(5));
    });

    it("counts in the slots of epoch 2 and for their quorum", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      const short = test.checkpoint({ slot: FIRST, signers: range(3) });
      await reverts(test.tryLand(bonded, [short]), "Rollup__QuorumNotReached", { signed: 3n, setSize: 5n });
      await test.land(unbonded, [test.checkpoint({ slot: FIRST, signers: [0, 2, 3, 4] })], {
        timeSec: test.time(FIRST, 1),
      });
    });

    it("does not count for the last slot of epoch 1, also when that lands late in epoch 2", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      const timeSec = test.time(FIRST);
      await reverts(
        test.tryLand(bonded, [test.checkpoint({ slot: FIRST - 1, signers: range(5) })], { timeSec }),
        "Rollup__SignersOutsideSet",
        { signers: bitmap(range(5)), members: bitmap(range(4)) },
      );
      const late = test.checkpoint({ slot: FIRST - 1, signers: range(3) });
      const [landed] = landedIn(await test.land(unbonded, [late], { timeSec: timeSec + 1 }));
      expect(landed).to.include({ late: true, verified: true });
    });

    it("judges both of a batch across the boundary by the set of its own epoch", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      const late = test.checkpoint({ slot: FIRST - 1, signers: range(3) });
      const own = test.checkpoint({ slot: FIRST, parent: late.tip, signers: [1, 2, 3, 4] });
      const landed = landedIn(await test.land(unbonded, [late, own]));
      expect(landed.map(({ verified }) => verified)).to.deep.equal([true, true]);
    });
  });

  describe("given a validator that leaves in epoch 0", () => {
    it("is a member to the end of epoch 1; the set is sparse then", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      await expectSet(test, 1, range(4));
      await expectSet(test, 2, [0, 2, 3]);
      const [, , untilEpoch] = await test.rollup.validator(1);
      expect(untilEpoch).to.equal(2n);
    });

    it("may sign for the last slot of epoch 1 landing in epoch 2, and for none after", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const late = test.checkpoint({ slot: FIRST - 1, signers: [0, 1, 2] });
      await test.land(unbonded, [late], { timeSec: test.time(FIRST) });
      const withLeaver = test.checkpoint({ slot: FIRST, parent: late.tip, signers: [0, 1, 2, 3] });
      await reverts(test.tryLand(bonded, [withLeaver], { timeSec: test.time(FIRST, 1) }), "Rollup__SignersOutsideSet", {
        signers: 0b1111n,
        members: 0b1101n,
      });
      const own = test.checkpoint({ slot: FIRST, parent: late.tip, signers: [0, 2, 3] });
      await test.land(unbonded, [own], { timeSec: test.time(FIRST, 2) });
    });

    it("needs all of a set of three afterwards", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const two = test.checkpoint({ slot: FIRST, signers: [0, 2] });
      await reverts(test.tryLand(bonded, [two]), "Rollup__QuorumNotReached", { signed: 2n, setSize: 3n });
    });
  });

  describe("given many changes", () => {
    it("collects those of one epoch into one set", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      await test.register(5, deployer);
      await test.call(deployer, "exit", [0]);
      await test.call(deployer, "exit", [5]);
      await expectSet(test, 1, range(4));
      await expectSet(test, 2, [1, 2, 3, 4]);
    });

    it("keeps every epoch's set as it was", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      await test.call(deployer, "exit", [0], { timeSec: test.time(5) });
      await test.register(5, deployer, { timeSec: test.time(9) });
      await test.call(deployer, "exit", [4], { timeSec: test.time(17) });
      const expected = [range(4), range(4), range(5), [1, 2, 3, 4], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 5]];
      for (const [epoch, members] of expected.entries()) await expectSet(test, epoch, members);
    });

    it("judges a challenge by the set of the accused's epoch, whatever the set is now", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      await test.call(deployer, "exit", [0]);
      const good = test.checkpoint({ slot: FIRST - 1, signers: [0, 1, 2] });
      const goodLogs = logsIn(await test.land(bonded, [good]));
      await reverts(
        test.attempt(challenger, "challenge", [goodLogs], { timeSec: test.time(FIRST, 1) }),
        "Challenges__AttestationValid",
        { number: 1n },
      );
      const bad = test.forged({ slot: FIRST, parent: good.tip, signers: [1, 2, 3, 4] });
      const badLogs = logsIn(await test.land(bonded, [bad], { timeSec: test.time(FIRST, 2) }));
      await test.call(challenger, "challenge", [badLogs], { timeSec: test.time(FIRST + 3) });
      expect((await test.rollup.tips()).number).to.equal(1n);
    });

    it("convicts the set of the next epoch signing for a slot that is not theirs", async () => {
      const test = await load();
      await test.register(4, deployer, { timeSec: test.time(1) });
      const foreign = test.checkpoint({ slot: FIRST - 1, signers: [1, 2, 4] });
      const claimed = claiming(foreign, { signers: bitmap([1, 2, 3]) });
      const logs = logsIn(await test.land(bonded, [claimed]));
      await test.call(challenger, "challenge", [logs], { timeSec: test.time(FIRST) });
      expect((await test.rollup.tips()).number).to.equal(0n);
    });
  });

  it("stores the next epoch's seed with the first landing of an epoch, also a late one of the epoch before", async () => {
    const test = await load();
    const late = test.checkpoint({ slot: FIRST - 1 });
    const mined = await test.land(bonded, [late], { timeSec: test.time(FIRST) });
    const topic = test.rollup.interface.getEvent("SeedStored").topicHash;
    const seeds = ({ receipt }: Mined) =>
      receipt.logs.filter(({ topics }) => topics[0] === topic).map(({ topics }) => Number(topics[1]));
    expect(seeds(mined)).to.deep.equal([3]);
    const second = await test.land(bonded, [test.checkpoint({ slot: FIRST, parent: late.tip })], {
      timeSec: test.time(FIRST, 1),
    });
    expect(seeds(second)).to.deep.equal([]);
  });
});
