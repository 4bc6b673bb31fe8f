import { expect } from "chai";
import { buildLogHead, buildSettlement, type CheckpointLog, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { ACCOUNTS, eventsOf, landedIn, logsIn, type SendOptions, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent } from "../support/checkpoints.ts";
import { consuming, deposit } from "../support/inbox.ts";
import { addressOf } from "../support/l1.ts";
import { proofOf, provenFixtureOf } from "../support/proving.ts";
import { reverts } from "../support/reverts.ts";

const load = provenFixtureOf();
/** A twentieth of it, the prover's share, is no whole wei. */
const loadSmall = provenFixtureOf({ config: { rewardWei: 19n } });

const { bonded, otherBonded, unbonded, stranger, challenger, recipient } = ACCOUNTS;
const SLOT = 5;
/** A checkpoint of epoch 0 can be proven through epoch 1. */
const PRUNABLE = 64;

/** Lands verified checkpoints for slots, on each other. */
async function landed(
  test: TestRollup,
  slots: readonly number[],
  parent: Parent = GENESIS,
): Promise<{ logs: CheckpointLog[]; tips: Parent[] }> {
  const chain = test.chain(slots, { parent });
  const logs: CheckpointLog[] = [];
  for (const checkpoint of chain) logs.push(...logsIn(await test.land(unbonded, [checkpoint])));
  return { logs, tips: chain.map(({ tip }) => tip) };
}

const prove = (test: TestRollup, log: CheckpointLog, prover = addressOf(stranger)) =>
  test.call(stranger, "prove", proofOf(log, log, prover));
const prune = (test: TestRollup, log: CheckpointLog, options: SendOptions = { timeSec: test.time(PRUNABLE) }) =>
  test.call(stranger, "prune", [log], options);

describe("prune", () => {
  describe("given checkpoints that were not proven in time", () => {
    it("removes them all, and leaves the proven ones: the tip is as it was, to the last bit", async () => {
      const test = await load();
      const { logs, tips } = await landed(test, [SLOT]);
      const before = await test.rollup.tips();
      const above = await landed(test, [SLOT + 1, SLOT + 3], tips[0]);
      await prove(test, logs[0]!);
      const mined = await prune(test, above.logs[0]!);
      expect(await test.rollup.tips()).to.deep.equal(before);
      expect(await test.rollup.provenNumber()).to.equal(1n);
      expect(await test.rollup.logHash(1)).to.equal(hashLog(buildLogHead(logs[0]!)));
      for (const number of [2, 3]) expect(await test.rollup.logHash(number)).to.equal(EMPTY_INBOX_HASH);
      const slots = { firstSlot: SLOT + 1, lastSlot: SLOT + 3 };
      expect(eventsOf(mined)[0]).to.include({
        type: "pruned",
        first: 2,
        last: 3,
        ...slots,
        pruner: addressOf(stranger),
      });
    });

    it("goes back to genesis when nothing was ever proven", async () => {
      const test = await load();
      const before = await test.rollup.tips();
      await prune(test, (await landed(test, [SLOT, SLOT + 1])).logs[0]!);
      expect(await test.rollup.tips()).to.deep.equal(before);
    });

    it("removes those of later epochs with the first", async () => {
      const test = await load();
      await prune(test, (await landed(test, [SLOT, 40, PRUNABLE])).logs[0]!);
      expect((await test.rollup.tips()).number).to.equal(0n);
    });

    it("gives their messages back, to be consumed again", async () => {
      const test = await load();
      await deposit(test, { timeSec: test.time(1) });
      const taking = await consuming(test, 1, { slot: SLOT });
      const [log] = logsIn(await test.land(unbonded, [taking]));
      await prune(test, log!);
      expect((await test.rollup.tips()).inboxCount).to.equal(0n);
      expect(await test.rollup.inboxCountDue(PRUNABLE)).to.equal(1n);
      await reverts(test.tryLand(unbonded, [test.checkpoint({ slot: PRUNABLE })]), "Inbox__CountNotDue", {
        expected: 1n,
        actual: 0n,
      });
      const again = await consuming(test, 1, { slot: PRUNABLE + 1 });
      expect(landedIn(await test.land(unbonded, [again]))[0]).to.include({ number: 1, inboxCount: 1 });
    });

    it("shows a client what is left", async () => {
      const test = await load();
      const { logs, tips } = await landed(test, [SLOT, SLOT + 1]);
      await prove(test, logs[0]!);
      await prune(test, logs[1]!);
      const again = await landed(test, [PRUNABLE + 1], tips[0]);
      const { provider } = test.connection.ethers;
      const ref = { provider, rollup: test.address };
      const unsettled = await getUnsettled(ref, 0, await provider.getBlockNumber());
      expect(unsettled.map(({ log }) => log)).to.deep.equal([logs[0], again.logs[0]]);
    });
  });

  describe("window", () => {
    it("lasts through the epochs after the first one's own, to the last second", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT, SLOT + 1]);
      await reverts(
        test.attempt(stranger, "prune", [logs[0]], { timeSec: test.time(PRUNABLE, -1) }),
        "Proofs__WindowOpen",
        { number: 1n, fromSlot: BigInt(PRUNABLE), currentSlot: BigInt(PRUNABLE - 1) },
      );
      await prune(test, logs[0]!);
    });

    it("is that of the first that is not proven", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT, 32]);
      await prove(test, logs[0]!);
      const early = test.attempt(stranger, "prune", [logs[1]], { timeSec: test.time(96, -1) });
      await reverts(early, "Proofs__WindowOpen", { number: 2n, fromSlot: 96n, currentSlot: 95n });
      await prune(test, logs[1]!, { timeSec: test.time(96) });
    });

    it("keeps nobody from proving while nobody prunes", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT]);
      await test.call(stranger, "prove", proofOf(logs[0]!, logs[0]!), { timeSec: test.time(PRUNABLE) });
      await reverts(test.attempt(stranger, "prune", [logs[0]]), "Proofs__OutOfOrder", { expected: 2n, actual: 1n });
    });
  });

  describe("given another log than the first unproven one's", () => {
    it("refuses", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT, SLOT + 1]);
      const timeSec = test.time(PRUNABLE);
      await reverts(test.attempt(stranger, "prune", [logs[1]], { timeSec }), "Proofs__OutOfOrder", {
        expected: 1n,
        actual: 2n,
      });
      const forged = { ...logs[0]!, details: { ...logs[0]!.details, parent: 7n } };
      await reverts(test.attempt(stranger, "prune", [forged]), "Proofs__LogMismatch", {
        number: 1n,
        expected: hashLog(buildLogHead(logs[0]!)),
        actual: hashLog(buildLogHead(forged)),
      });
    });

    it("refuses one that was pruned", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT]);
      await prune(test, logs[0]!);
      await reverts(test.attempt(stranger, "prune", [logs[0]]), "Proofs__LogMismatch", {
        number: 1n,
        expected: EMPTY_INBOX_HASH,
        actual: hashLog(buildLogHead(logs[0]!)),
      });
    });
  });

  describe("slots that it emptied", () => {
    it("land again, the last one late and counted as on time", async () => {
      const test = await load();
      const { logs } = await landed(test, [SLOT, PRUNABLE]);
      await prune(test, logs[0]!, { timeSec: test.time(PRUNABLE, 12) });
      expect(await test.rollup.refillSlot()).to.equal(BigInt(PRUNABLE));
      const again = test.checkpoint({ slot: PRUNABLE });
      const [landing] = landedIn(await test.land(unbonded, [again], { timeSec: test.time(PRUNABLE + 1, 47) }));
      expect(landing).to.include({ number: 1, late: false, chargedWei: 0n });
    });

    it("never take back a later slot that a challenge emptied", async () => {
      const test = await load();
      const { logs, tips } = await landed(test, [SLOT]);
      const forged = await test.land(bonded, [test.forged({ slot: PRUNABLE, parent: tips[0] })]);
      await test.call(challenger, "challenge", [logsIn(forged)]);
      await prune(test, logs[0]!, { timeSec: test.time(PRUNABLE, 12) });
      expect(await test.rollup.refillSlot()).to.equal(BigInt(PRUNABLE));
    });
  });

  describe("and challenges", () => {
    it("a pruned forgery is gone: challenging it does nothing, and its bond stays", async () => {
      const test = await load();
      const { logs, tips } = await landed(test, [SLOT]);
      const forged = logsIn(await test.land(bonded, [test.forged({ slot: PRUNABLE - 1, parent: tips[0] })]));
      await prune(test, logs[0]!);
      const mined = await test.call(challenger, "challenge", [forged]);
      expect(mined.receipt.logs).to.deep.equal([]);
      expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
    });

    it("a challenge that took the tip below the proven one leaves the rest to be pruned", async () => {
      const test = await load();
      const { logs, tips } = await landed(test, [SLOT]);
      const [forged] = logsIn(await test.land(bonded, [test.forged({ slot: PRUNABLE - 1, parent: tips[0] })]));
      await test.call(stranger, "prove", proofOf(logs[0]!, forged!));
      await test.call(challenger, "challenge", [[forged]]);
      expect(await test.rollup.provenNumber()).to.equal(1n);
      const again = await landed(test, [PRUNABLE], tips[0]);
      await prune(test, again.logs[0]!, { timeSec: test.time(2 * PRUNABLE) });
      expect((await test.rollup.tips()).number).to.equal(1n);
    });
  });
});

describe("settling with a verifier", () => {
  it("stops at what is not proven", async () => {
    const test = await load();
    const { logs } = await landed(test, [SLOT, SLOT + 1]);
    await reverts(test.attempt(stranger, "settle", buildSettlement(logs)), "Settlement__NothingToSettle", {
      settled: 0n,
    });
    await prove(test, logs[0]!);
    await test.call(stranger, "settle", buildSettlement(logs));
    expect((await test.rollup.settledTip()).number).to.equal(1n);
  });

  it("pays the prover its share before anything is split, and tells", async () => {
    const test = await load();
    const { logs } = await landed(test, [SLOT]);
    await prove(test, logs[0]!, addressOf(recipient));
    const mined = await test.call(stranger, "settle", buildSettlement(logs));
    const { rewardWei } = test.config;
    const proverWei = rewardWei / 20n;
    const [paid, settled] = eventsOf(mined);
    expect(paid).to.include({ type: "prover-paid", number: 1, slot: SLOT, prover: addressOf(recipient), proverWei });
    expect(settled?.type === "settled" && settled.payouts[0]?.proposerWei).to.equal(rewardWei - proverWei);
    expect(await test.rollup.creditOf(recipient.address)).to.equal(proverWei);
    expect(await test.rollup.creditOf(logs[0]!.coinbase)).to.equal(rewardWei - proverWei);
  });

  it("pays whoever proved what took the place of a pruned checkpoint", async () => {
    const test = await load();
    const { logs, tips } = await landed(test, [SLOT, SLOT + 1]);
    await prove(test, logs[0]!);
    await prune(test, logs[1]!);
    const again = await landed(test, [PRUNABLE + 1], tips[0]);
    await prove(test, again.logs[0]!, addressOf(recipient));
    await test.call(stranger, "settle", buildSettlement([logs[0]!, again.logs[0]!]));
    const proverWei = test.config.rewardWei / 20n;
    expect(await test.rollup.creditOf(stranger.address)).to.equal(proverWei);
    expect(await test.rollup.creditOf(recipient.address)).to.equal(proverWei);
  });

  it("pays a prover nothing, and tells of nothing, where its share is less than a wei", async () => {
    const test = await loadSmall();
    const { logs } = await landed(test, [SLOT]);
    await prove(test, logs[0]!, addressOf(recipient));
    const mined = await test.call(stranger, "settle", buildSettlement(logs));
    expect(eventsOf(mined).map(({ type }) => type)).to.deep.equal(["settled"]);
    expect(await test.rollup.creditOf(recipient.address)).to.equal(0n);
    expect(await test.rollup.creditOf(logs[0]!.coinbase)).to.equal(19n);
  });

  describe("given a late checkpoint that is proven, and a child for the next slot that is not", () => {
    async function lateWithChild(test: TestRollup): Promise<[CheckpointLog, CheckpointLog]> {
      const [late, child] = test.chain([SLOT, SLOT + 1]);
      const logs = [
        ...logsIn(await test.land(unbonded, [late!], { timeSec: test.time(SLOT + 1) })),
        ...logsIn(await test.land(otherBonded, [child!], { timeSec: test.time(SLOT + 1, 12) })),
      ] as [CheckpointLog, CheckpointLog];
      await prove(test, logs[0]);
      return logs;
    }

    it("waits, for the child may yet be pruned", async () => {
      const test = await load();
      const logs = await lateWithChild(test);
      const timeSec = test.time(PRUNABLE);
      await reverts(
        test.attempt(stranger, "settle", buildSettlement(logs), { timeSec }),
        "Settlement__NothingToSettle",
        {
          settled: 0n,
        },
      );
    });

    it("is confirmed once the child is proven", async () => {
      const test = await load();
      const logs = await lateWithChild(test);
      await prove(test, logs[1]);
      await test.call(stranger, "settle", buildSettlement(logs), { timeSec: test.time(PRUNABLE) });
      expect(await test.rollup.creditOf(logs[0].coinbase)).to.not.equal(0n);
    });

    it("is not confirmed once the child is pruned: the proposer's part is burned", async () => {
      const test = await load();
      const logs = await lateWithChild(test);
      await prune(test, logs[1]);
      await test.call(stranger, "settle", buildSettlement(logs.slice(0, 1)));
      expect(await test.rollup.creditOf(logs[0].coinbase)).to.equal(0n);
      expect(await test.rollup.creditOf(recipient.address)).to.equal(logs[0].details.recipient >> 160n);
    });
  });
});
