import { expect } from "chai";
import { id } from "ethers";
import { buildLogHead, buildSettlement, type CheckpointLog, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { bytesToHex, type Hex, hexToBytes } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn } from "../fixture.ts";
import type { Parent } from "../support/checkpoints.ts";
import { addressOf, mine } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";
import { landAll } from "../support/settling.ts";

const load = fixtureOf();

const { bonded, unbonded, stranger, challenger } = ACCOUNTS;
const SLOT = 5;
const EPOCH = 32;
const HANDOFF = 48;

describe("settle", () => {
  describe("given verified checkpoints, landed on time", () => {
    it("settles them at once, in order", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1 }, { slot: SLOT + 4 }]);
      const mined = await test.call(stranger, "settle", buildSettlement(heads));
      const [settled] = eventsOf(mined).filter(({ type }) => type === "settled");
      const slots = settled?.type === "settled" ? settled.payouts.map(({ number, slot }) => [number, slot]) : [];
      expect(slots).to.deep.equal([SLOT, SLOT + 1, SLOT + 4].map((slot, index) => [index + 1, slot]));
      expect(await test.rollup.settledTip()).to.deep.equal([3n, BigInt(SLOT + 4)]);
      for (const number of [1, 2, 3]) expect(await test.rollup.logHash(number)).to.equal(EMPTY_INBOX_HASH);
    });

    it("settles as many as are given", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1 }]);
      await test.call(stranger, "settle", buildSettlement(heads.slice(0, 1)));
      expect(await test.rollup.settledTip()).to.deep.equal([1n, BigInt(SLOT)]);
    });

    it("skips those settled already", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1 }]);
      const first = await test.call(stranger, "settle", buildSettlement(heads.slice(0, 1)));
      const second = await test.call(stranger, "settle", buildSettlement(heads));
      expect(await test.rollup.settledTip()).to.deep.equal([2n, BigInt(SLOT + 1)]);
      const told = [first, second].flatMap((mined) => eventsOf(mined).filter(({ type }) => type === "settled"));
      for (const [index, event] of told.entries()) expect(event).to.include({ first: index + 1, last: index + 1 });
      expect(told).to.have.length(2);
    });

    it("settles none beyond those it is given, though they lie behind them in the call", async () => {
      const test = await load();
      const logs = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1 }, { slot: SLOT + 2 }, { slot: SLOT + 3 }]);
      await test.call(stranger, "settle", buildSettlement(logs.slice(0, 1)));
      const words = hexToBytes(test.rollup.interface.encodeFunctionData("settle", buildSettlement(logs)) as Hex);
      // Behind the selector and two offsets: how many heads there are.
      words[4 + 3 * 32 - 1] = 2;
      const { succeeded } = await mine(test.connection, { from: stranger, to: test.address, data: bytesToHex(words) });
      expect(succeeded).to.equal(true);
      expect(await test.rollup.settledTip()).to.deep.equal([2n, BigInt(SLOT + 1)]);
    });

    it("refuses when nothing is left to settle", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT }]);
      await test.call(stranger, "settle", buildSettlement(heads));
      await reverts(test.attempt(stranger, "settle", buildSettlement(heads)), "Settlement__NothingToSettle", {
        settled: 1n,
      });
      await reverts(test.attempt(stranger, "settle", buildSettlement([])), "Settlement__NothingToSettle", {
        settled: 1n,
      });
    });

    it("refuses another order, and a gap", async () => {
      const test = await load();
      const logs = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1 }, { slot: SLOT + 2 }]);
      const [one, two, three] = logs as [CheckpointLog, CheckpointLog, CheckpointLog];
      await reverts(test.attempt(stranger, "settle", buildSettlement([two, one])), "Settlement__OutOfOrder", {
        expected: 1n,
        actual: 2n,
      });
      await reverts(test.attempt(stranger, "settle", buildSettlement([one, three])), "Settlement__OutOfOrder", {
        expected: 2n,
        actual: 3n,
      });
      await reverts(test.attempt(stranger, "settle", buildSettlement([one, one])), "Settlement__OutOfOrder", {
        expected: 2n,
        actual: 1n,
      });
    });

    it("refuses a head with any word changed, naming both hashes", async () => {
      const test = await load();
      const [head] = (await landAll(test, [{ slot: SLOT }])) as [CheckpointLog];
      const expected = (await test.rollup.logHash(1)) as Hex;
      for (const given of [
        { ...head, facts: head.facts | (1n << 152n) },
        { ...head, coinbase: addressOf(stranger) },
        { ...head, outboxRoot: id("root") as Hex },
        { ...head, details: { ...head.details, digest: id("digest") as Hex } },
      ]) {
        const actual = hashLog(buildLogHead(given));
        await reverts(test.attempt(stranger, "settle", buildSettlement([given])), "Settlement__LogMismatch", {
          number: 1n,
          expected,
          actual,
        });
      }
    });

    it("knows no number above the tip, also one that was removed", async () => {
      const test = await load();
      const mined = await test.land(bonded, [test.forged({ slot: SLOT })]);
      const [head] = logsIn(mined) as [CheckpointLog];
      await test.call(challenger, "challenge", [logsIn(mined)]);
      await reverts(
        test.attempt(stranger, "settle", buildSettlement([head]), { timeSec: test.time(SLOT + EPOCH) }),
        "Settlement__LogMismatch",
        {
          number: 1n,
          expected: EMPTY_INBOX_HASH,
          actual: hashLog(buildLogHead(head)),
        },
      );
    });
  });

  describe("given a checkpoint that was not verified", () => {
    it("settles it when its challenge window is over, to the second", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT, from: bonded }]);
      const until = test.time(SLOT + EPOCH);
      const early = test.attempt(stranger, "settle", buildSettlement(heads), { timeSec: until - 1 });
      await reverts(early, "Settlement__NothingToSettle", { settled: 0n });
      await test.call(stranger, "settle", buildSettlement(heads), { timeSec: until });
      expect(await test.rollup.settledTip()).to.deep.equal([1n, BigInt(SLOT)]);
    });

    it("holds back verified ones above it", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1, from: bonded }, { slot: SLOT + 2 }]);
      await test.call(stranger, "settle", buildSettlement(heads));
      expect(await test.rollup.settledTip()).to.deep.equal([1n, BigInt(SLOT)]);
    });
  });

  describe("given a checkpoint that landed late", () => {
    it("settles it when no child of the next slot can land any more, to the second", async () => {
      const test = await load();
      const heads = await landAll(test, [{ slot: SLOT, options: { timeSec: test.time(SLOT + 1) } }]);
      const fixed = test.time(SLOT + 2, HANDOFF);
      const early = test.attempt(stranger, "settle", buildSettlement(heads), { timeSec: fixed - 1 });
      await reverts(early, "Settlement__NothingToSettle", { settled: 0n });
      await test.call(stranger, "settle", buildSettlement(heads), { timeSec: fixed });
      expect(await test.rollup.settledTip()).to.deep.equal([1n, BigInt(SLOT)]);
    });

    it("asks for its child, if it has one", async () => {
      const test = await load();
      const heads = await landAll(test, [
        { slot: SLOT, options: { timeSec: test.time(SLOT + 1) } },
        { slot: SLOT + 4 },
      ]);
      const alone = test.attempt(stranger, "settle", buildSettlement(heads.slice(0, 1)));
      await reverts(alone, "Settlement__NothingToSettle", { settled: 0n });
      await test.call(stranger, "settle", buildSettlement(heads));
      expect((await test.rollup.settledTip()).number).to.equal(2n);
    });

    it("waits while its child of the next slot can still be challenged", async () => {
      const test = await load();
      const heads = await landAll(test, [
        { slot: SLOT, options: { timeSec: test.time(SLOT + 1) } },
        { slot: SLOT + 1, from: bonded, options: { timeSec: test.time(SLOT + 1, 12) } },
      ]);
      const final = test.time(SLOT + 1 + EPOCH, 12);
      const early = test.attempt(stranger, "settle", buildSettlement(heads), { timeSec: final - 1 });
      await reverts(early, "Settlement__NothingToSettle", { settled: 0n });
      await test.call(stranger, "settle", buildSettlement(heads), { timeSec: final });
      expect((await test.rollup.settledTip()).number).to.equal(2n);
    });

    it("does not wait for a child of a later slot, which confirms nothing", async () => {
      const test = await load();
      const heads = await landAll(test, [
        { slot: SLOT, options: { timeSec: test.time(SLOT + 1) } },
        { slot: SLOT + 4, from: bonded },
      ]);
      await test.call(stranger, "settle", buildSettlement(heads));
      expect((await test.rollup.settledTip()).number).to.equal(1n);
    });

    it("takes no other log for its child", async () => {
      const test = await load();
      const [late, child, third] = (await landAll(test, [
        { slot: SLOT, options: { timeSec: test.time(SLOT + 1) } },
        { slot: SLOT + 1, options: { timeSec: test.time(SLOT + 1, 12) } },
        { slot: SLOT + 4 },
      ])) as [CheckpointLog, CheckpointLog, CheckpointLog];
      await reverts(test.attempt(stranger, "settle", buildSettlement([late, third])), "Settlement__OutOfOrder", {
        expected: 2n,
        actual: 3n,
      });
      const forged = { ...child, outboxRoot: id("root") as Hex };
      await reverts(test.attempt(stranger, "settle", buildSettlement([late, forged])), "Settlement__LogMismatch", {
        number: 2n,
        expected: (await test.rollup.logHash(2)) as Hex,
        actual: hashLog(buildLogHead(forged)),
      });
    });
  });
});

describe("ring", () => {
  it("takes as many unsettled checkpoints as it has room for, and no more", async () => {
    const test = await load();
    const { ringSize } = test.config;
    const heads = await landAll(
      test,
      Array.from({ length: ringSize }, (_, index) => ({ slot: SLOT + index })),
    );
    const slot = SLOT + ringSize;
    const { digest } = await test.rollup.tips();
    const next = test.checkpoint({
      slot,
      parent: { inboxCount: 0, digest: `0x${digest.toString(16).padStart(40, "0")}` },
    });
    await reverts(test.tryLand(unbonded, [next]), "Rollup__RingFull", { unsettled: 8n, ringSize: 8n });
    await test.call(stranger, "settle", buildSettlement(heads.slice(0, 1)), { timeSec: test.time(slot, 1) });
    const [landed] = logsIn(await test.land(unbonded, [next], { timeSec: test.time(slot, 2) }));
    expect(await test.rollup.logHash(ringSize + 1)).to.equal(hashLog(buildLogHead(landed!)));
    expect(await test.rollup.logHash(2)).to.equal(hashLog(buildLogHead(heads[1]!)));
  });

  it("refuses a whole batch of which the last has no room", async () => {
    const test = await load();
    const { ringSize } = test.config;
    await landAll(
      test,
      Array.from({ length: ringSize - 1 }, (_, index) => ({ slot: SLOT + index })),
    );
    const { digest } = await test.rollup.tips();
    const parent: Parent = { inboxCount: 0, digest: `0x${digest.toString(16).padStart(40, "0")}` };
    const batch = test.chain([SLOT + ringSize - 1, SLOT + ringSize], { parent });
    await reverts(test.tryLand(bonded, batch), "Rollup__RingFull", { unsettled: 8n, ringSize: 8n });
    expect((await test.rollup.tips()).number).to.equal(BigInt(ringSize - 1));
  });
});

describe("settle, with a challenge window longer than time has run", () => {
  const loadLong = fixtureOf({ config: { challengeWindowEpochs: 1_000_000, refundWindowEpochs: 1_000_001 } });

  it("settles what was verified, and nothing that could still be challenged", async () => {
    const test = await loadLong();
    expect(1_000_000 * EPOCH * test.config.slotSeconds).to.be.greaterThan(test.time(SLOT));
    const logs = await landAll(test, [{ slot: SLOT }, { slot: SLOT + 1, from: bonded }]);
    await test.call(stranger, "settle", buildSettlement(logs));
    expect((await test.rollup.settledTip()).number).to.equal(1n);
  });
});
