import { expect } from "chai";
import { ZeroHash } from "ethers";
import { BuildError } from "../../../sdk/build/error.ts";
import { buildLogHead, type CheckpointLog, hashDetails, hashLog } from "../../../sdk/build/log.ts";
import { buildWithdrawal, type WithdrawArguments } from "../../../sdk/build/withdrawal.ts";
import { getBridgedWei, isWithdrawn } from "../../../sdk/get/outbox.ts";
import { OUTBOX_CAPACITY } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { deposit } from "../support/inbox.ts";
import { account, addressOf } from "../support/l1.ts";
import { TestOutbox } from "../support/outbox.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { stranger, challenger } = ACCOUNTS;
const GWEI = 1_000_000_000n;
const DEPOSITED = 100n * GWEI;
const RING = 8;
/** Have no ether yet. */
const payee = (index: number): Hex => addressOf(account(100 + index));

interface Setting {
  test: TestRollup;
  outbox: TestOutbox;
  log: CheckpointLog;
}

/** Three withdrawals of 7, 8 and 9 gwei, in the root of a settled checkpoint. */
async function settled(): Promise<Setting> {
  const test = await load();
  await deposit(test, { valueWei: DEPOSITED });
  const outbox = new TestOutbox(test);
  for (const index of [0, 1, 2]) outbox.add(payee(index), BigInt(7 + index) * GWEI);
  return { test, outbox, log: await outbox.settle() };
}

/** Arguments that prove withdrawal 1. */
function proofOf({ outbox, log }: Setting): WithdrawArguments {
  const [, second] = outbox.withdrawals;
  if (!second) throw new Error("there are three");
  return outbox.proof(log, second);
}

const flipped = (word: Hex): Hex => `0x${(BigInt(word) ^ 1n).toString(16).padStart(word.length - 2, "0")}`;

describe("withdraw", () => {
  it("pays the recipient, whoever calls, and tells of it", async () => {
    const setting = await settled();
    const { test } = setting;
    const { provider } = test.connection.ethers;
    const ref = { provider, rollup: test.address };
    const mined = await test.call(stranger, "withdraw", proofOf(setting));
    expect(await provider.getBalance(payee(1))).to.equal(8n * GWEI);
    expect(await getBridgedWei(ref)).to.equal(DEPOSITED - 8n * GWEI);
    expect(await Promise.all([0, 1, 2].map((index) => isWithdrawn(ref, index)))).to.deep.equal([false, true, false]);
    expect(eventsOf(mined)[0]).to.deep.include({
      type: "withdrawn",
      index: 1,
      recipient: payee(1),
      amountWei: 8n * GWEI,
      number: 1,
    });
  });

  it("pays once, by whichever checkpoint it is proven", async () => {
    const setting = await settled();
    const { test, outbox } = setting;
    await test.call(stranger, "withdraw", proofOf(setting));
    outbox.add(payee(3), GWEI);
    const later = await outbox.settle();
    const [, second] = outbox.withdrawals;
    for (const args of [outbox.proof(setting.log, second!, 3), outbox.proof(later, second!)]) {
      await reverts(test.attempt(challenger, "withdraw", args), "Outbox__AlreadyWithdrawn", { index: 1n });
    }
    expect(await test.connection.ethers.provider.getBalance(payee(1))).to.equal(8n * GWEI);
  });

  it("pays every one of them, in any order, across words of the bitmap", async () => {
    const test = await load();
    await deposit(test, { valueWei: DEPOSITED });
    const outbox = new TestOutbox(test);
    const COUNT = 258;
    for (let index = 0; index < COUNT; index++) outbox.add(payee(index), BigInt(index + 1));
    const log = await outbox.settle();
    for (const index of [257, 0, 255, 256, 1]) {
      await test.call(stranger, "withdraw", outbox.proof(log, outbox.withdrawals[index]!));
      expect(await test.connection.ethers.provider.getBalance(payee(index))).to.equal(BigInt(index + 1));
    }
    const paid = await Promise.all([0, 1, 2, 254, 255, 256, 257].map((index) => test.rollup.isWithdrawn(index)));
    expect(paid).to.deep.equal([true, true, false, false, true, true, true]);
  });

  describe("takes the root", () => {
    it("of no checkpoint before it is settled", async () => {
      const test = await load();
      await deposit(test, { valueWei: DEPOSITED });
      const outbox = new TestOutbox(test);
      const withdrawal = outbox.add(payee(0), GWEI);
      const { log, settle } = await outbox.land();
      await reverts(test.attempt(stranger, "withdraw", outbox.proof(log, withdrawal)), "Outbox__NotSettled", {
        number: 1n,
        settled: 0n,
      });
      await settle();
      await test.call(stranger, "withdraw", outbox.proof(log, withdrawal));
    });

    it("of any settled one that the ring still has, and of none that it has not", async () => {
      const { test, outbox, log } = await settled();
      const [first, second, third] = outbox.withdrawals;
      const logs: CheckpointLog[] = [log];
      while (logs.length < RING) logs.push(await outbox.settle());
      await test.call(stranger, "withdraw", outbox.proof(log, first!));
      await test.call(stranger, "withdraw", outbox.proof(logs.at(-1)!, second!));
      const last = await outbox.settle();
      await reverts(test.attempt(stranger, "withdraw", outbox.proof(log, third!)), "Outbox__LogMismatch", {
        number: 1n,
        expected: hashLog(buildLogHead(last)),
        actual: hashLog(buildLogHead(log)),
      });
      await test.call(stranger, "withdraw", outbox.proof(last, third!));
    });

    it("in no other log than the one that landed", async () => {
      const setting = await settled();
      const { test } = setting;
      const [root, ...rest] = proofOf(setting);
      const wrong = [
        { ...root, facts: root.facts ^ (1n << 40n) },
        { ...root, facts: root.facts ^ (1n << 255n) },
        { ...root, facts: root.facts - 1n },
        { ...root, coinbase: flipped(root.coinbase) },
        { ...root, outboxRoot: flipped(root.outboxRoot) },
        { ...root, details: flipped(root.details) },
      ];
      for (const [position, other] of wrong.entries()) {
        const { error } = await test.attempt(stranger, "withdraw", [other, ...rest]);
        expect(error?.name, `case ${position}`).to.equal("Outbox__LogMismatch");
      }
      await reverts(
        test.attempt(stranger, "withdraw", [{ ...root, facts: root.facts + 1n }, ...rest]),
        "Outbox__NotSettled",
        { number: 2n, settled: 1n },
      );
    });

    it("that is zero for nothing at all", async () => {
      const test = await load();
      await deposit(test, { valueWei: DEPOSITED });
      const outbox = new TestOutbox(test);
      const { facts, coinbase, outboxRoot, details } = await outbox.settle();
      expect(outboxRoot).to.equal(ZeroHash);
      const withdrawal = outbox.add(payee(0), GWEI);
      const [, ...rest] = outbox.proof(await outbox.settle(), withdrawal);
      const empty = { facts, coinbase, outboxRoot, details: hashDetails(details) };
      await reverts(test.attempt(stranger, "withdraw", [empty, ...rest]), "Outbox__ProofInvalid", {
        index: 0n,
        expected: ZeroHash as Hex,
        actual: outbox.root,
      });
    });
  });

  describe("takes the proof", () => {
    it("of no other index, recipient or amount, and with no other sibling", async () => {
      const setting = await settled();
      const [root, index, recipient, amountWei, siblings] = proofOf(setting);
      const wrong: unknown[][] = [
        [root, 0, recipient, amountWei, siblings],
        [root, 1 + 2 ** 31, recipient, amountWei, siblings],
        [root, index, payee(0), amountWei, siblings],
        [root, index, recipient, amountWei + 1n, siblings],
        [root, index, recipient, amountWei - 1n, siblings],
        ...siblings.map((sibling, height) => [
          root,
          index,
          recipient,
          amountWei,
          siblings.map((other, at) => (at === height ? flipped(sibling) : other)),
        ]),
      ];
      for (const [position, args] of wrong.entries()) {
        const { error } = await setting.test.attempt(stranger, "withdraw", args);
        expect(error?.name, `case ${position}`).to.equal("Outbox__ProofInvalid");
        expect(error?.args).to.include({ index: BigInt(args[1] as number), expected: root.outboxRoot });
      }
      expect(await setting.test.rollup.bridgedWei()).to.equal(DEPOSITED);
    });

    it("of no index beyond the tree, though it takes the same way through it", async () => {
      const setting = await settled();
      const [root, , ...rest] = proofOf(setting);
      for (const index of [BigInt(OUTBOX_CAPACITY), 2n ** 32n + 1n, 2n ** 255n + 1n]) {
        await reverts(setting.test.attempt(stranger, "withdraw", [root, index, ...rest]), "Outbox__IndexOutOfRange", {
          index,
          capacity: BigInt(OUTBOX_CAPACITY),
        });
      }
    });

    it("of no withdrawal to another rollup, or on another L1", async () => {
      const test = await load();
      await deposit(test, { valueWei: DEPOSITED });
      const outbox = new TestOutbox(test);
      const foreign = [
        { ...outbox.owner, rollup: flipped(test.address) },
        { ...outbox.owner, chainId: 1n },
      ].map((owner) => ({ owner, withdrawal: outbox.add(payee(0), GWEI, owner) }));
      const log = await outbox.settle();
      for (const { owner, withdrawal } of foreign) {
        const siblings = outbox.siblings(withdrawal.index);
        const args = buildWithdrawal(owner, { log, withdrawal, siblings });
        const { error } = await test.attempt(stranger, "withdraw", args);
        expect(error?.name).to.equal("Outbox__ProofInvalid");
        expect(() => buildWithdrawal(outbox.owner, { log, withdrawal, siblings })).to.throw(BuildError, log.outboxRoot);
      }
    });
  });
});
