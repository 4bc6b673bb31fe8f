import { expect } from "chai";
import { parseEther } from "ethers";
import fc from "fast-check";
import type { DepositMessage } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, type TestRollup } from "../fixture.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { deposit } from "../support/inbox.ts";
import { account, addressOf, mine } from "../support/l1.ts";
import { TestOutbox } from "../support/outbox.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ config: { ...SHORT_EPOCHS, refundWindowEpochs: 2 } });

const { bonded, otherBonded, deployer, stranger } = ACCOUNTS;
const GWEI = 1_000_000_000n;
const LATER = 1_000;
const payee = (index: number): Hex => addressOf(account(100 + index));
const balanceOf = ({ connection, address }: TestRollup): Promise<bigint> =>
  connection.ethers.provider.getBalance(address);

describe("what withdrawals are paid from", () => {
  it("is what deposits brought, to the wei", async () => {
    const test = await load();
    const bridged = 5n * GWEI;
    await deposit(test, { valueWei: bridged });
    const outbox = new TestOutbox(test);
    const [tooMuch, all, none] = [bridged + 1n, bridged, 1n].map((wei, index) => outbox.add(payee(index), wei));
    const log = await outbox.settle();
    await reverts(test.attempt(stranger, "withdraw", outbox.proof(log, tooMuch!)), "Outbox__NotBridged", {
      bridgedWei: bridged,
      amountWei: bridged + 1n,
    });
    await test.call(stranger, "withdraw", outbox.proof(log, all!));
    await reverts(test.attempt(stranger, "withdraw", outbox.proof(log, none!)), "Outbox__NotBridged", {
      bridgedWei: 0n,
      amountWei: 1n,
    });
    // What could not be paid is not lost: later deposits cover it.
    await deposit(test, { valueWei: bridged + GWEI });
    await test.call(stranger, "withdraw", outbox.proof(log, tooMuch!));
  });

  it("is not ether that was forced upon the contract", async () => {
    const test = await load();
    await deposit(test, { valueWei: GWEI });
    const outbox = new TestOutbox(test);
    const withdrawal = outbox.add(payee(0), GWEI + 1n);
    const log = await outbox.settle();
    const before = await balanceOf(test);
    // PUSH20 rollup SELFDESTRUCT, as creation code.
    const data: Hex = `0x73${test.address.slice(2)}ff`;
    await mine(test.connection, { from: stranger, data, valueWei: parseEther("1") });
    expect((await balanceOf(test)) - before).to.equal(parseEther("1"));
    await reverts(test.attempt(stranger, "withdraw", outbox.proof(log, withdrawal)), "Outbox__NotBridged", {
      bridgedWei: GWEI,
      amountWei: GWEI + 1n,
    });
  });

  it("leaves every bond, stake and credit payable once all of it is gone", async () => {
    const test = await load();
    const { bondWei, stakeWei, rewardWei } = test.config;
    const before = await balanceOf(test);
    await deposit(test, { valueWei: 5n * GWEI });
    const outbox = new TestOutbox(test);
    const withdrawal = outbox.add(payee(0), 5n * GWEI);
    const log = await outbox.settle(addressOf(stranger));
    await test.call(stranger, "withdraw", outbox.proof(log, withdrawal));
    expect(await balanceOf(test)).to.equal(before);

    for (const submitter of [bonded, otherBonded]) await test.call(submitter, "unbond", []);
    for (const index of [1, 2, 3]) await test.call(deployer, "exit", [index]);
    await test.connection.networkHelpers.time.increaseTo(test.time(LATER));
    for (const submitter of [bonded, otherBonded]) await test.call(submitter, "withdrawBond", []);
    for (const index of [1, 2, 3]) await test.call(stranger, "withdrawStake", [index]);
    await test.call(stranger, "claim", []);
    expect(before - (await balanceOf(test))).to.equal(2n * bondWei + 3n * stakeWei + rewardWei);
  });

  it("is what refunds come out of, too", async () => {
    const test = await load();
    const outbox = new TestOutbox(test);
    const withdrawal = outbox.add(payee(0), GWEI);
    const log = await outbox.settle();
    const message = await deposit(test, { valueWei: 5n * GWEI });
    await test.call(stranger, "withdraw", outbox.proof(log, withdrawal));
    const { index, l2Recipient, amountWei, timestamp } = message;
    const args = [index, l2Recipient, amountWei, timestamp];
    await test.call(stranger, "requestRefund", args, { timeSec: test.time(50) });
    const refund = test.attempt(stranger, "refund", [...args, 0], { timeSec: test.time(62) });
    await reverts(refund, "Outbox__NotBridged", { bridgedWei: 4n * GWEI, amountWei: 5n * GWEI });
  });

  it("is deposits less refunds less withdrawals, for any history of them", async function () {
    this.timeout(60_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const amount = fc.integer({ min: 1, max: 20 }).map((gwei) => BigInt(gwei) * GWEI);
    const step = fc.record({ kind: fc.constantFrom("deposit", "withdraw", "refund"), amount });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await snapshot.restore();
        const outbox = new TestOutbox(test);
        for (const one of steps) outbox.add(payee(0), one.amount);
        const log = await outbox.settle();
        const start = await balanceOf(test);
        const waiting: DepositMessage[] = [];
        let bridged = 0n;
        let credited = 0n;
        for (const [index, { kind, amount }] of steps.entries()) {
          // Far enough apart for every deposit's refund to be asked for and in force at the next step.
          const timeSec = test.time(100 + 24 * index);
          if (kind === "deposit") {
            waiting.push(await deposit(test, { valueWei: amount, timeSec }));
            bridged += amount;
          } else if (kind === "withdraw") {
            const args = outbox.proof(log, outbox.withdrawals[index]!);
            const { succeeded } = await test.attempt(stranger, "withdraw", args, { timeSec });
            expect(succeeded).to.equal(amount <= bridged);
            if (succeeded) bridged -= amount;
          } else {
            const message = waiting.shift();
            if (!message) continue;
            const args = [message.index, message.l2Recipient, message.amountWei, message.timestamp];
            await test.call(stranger, "requestRefund", args, { timeSec: timeSec - 12 * 72 });
            const { succeeded } = await test.attempt(stranger, "refund", [...args, 0], { timeSec });
            // Withdrawals come out of the same ether: who asks too late for what L2 gave away is not paid by others.
            expect(succeeded).to.equal(message.amountWei <= bridged);
            if (!succeeded) continue;
            bridged -= message.amountWei;
            credited += message.amountWei;
          }
          expect(await test.rollup.bridgedWei()).to.equal(bridged);
          expect(await test.rollup.creditOf(stranger.address)).to.equal(credited);
          expect(await balanceOf(test)).to.equal(start + bridged + credited);
        }
      }),
      { numRuns: 15 },
    );
  });
});
