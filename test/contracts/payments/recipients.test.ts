import { expect } from "chai";
import { parseEther } from "ethers";
import { ACCOUNTS, fixtureOf, type TestRollup } from "../fixture.ts";
import { type Actor, deployActor } from "../support/actor.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { deposit } from "../support/inbox.ts";
import { TestOutbox } from "../support/outbox.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ config: SHORT_EPOCHS });

const { deployer } = ACCOUNTS;
const WITHDRAWN = parseEther("3");
/** Index of the validator that joins, and a slot by which everything can be paid out. */
const VALIDATOR = 4;
const LATER = 1_000;

/** Every call that sends ether, and how it answers being made twice. */
const PAYMENTS = {
  claim: "Bonds__NothingToClaim",
  withdrawBond: "Bonds__NoBond",
  withdrawStake: "Validators__StakeLocked",
  withdraw: "Outbox__AlreadyWithdrawn",
} as const;
type Payment = keyof typeof PAYMENTS;
const NAMES = Object.keys(PAYMENTS) as Payment[];

interface Due {
  args: readonly unknown[];
  wei: bigint;
}

/** A contract that is owed a reward, a bond, a stake and a withdrawal, all of which can be paid now. */
async function creditor(): Promise<{ test: TestRollup; actor: Actor; due: Record<Payment, Due> }> {
  const test = await load();
  const actor = await deployActor(test);
  const { bondWei, stakeWei, rewardWei } = test.config;
  await deposit(test, { valueWei: WITHDRAWN });
  await actor.call("bond", [], { valueWei: bondWei });
  await actor.call("unbond", []);
  const registration = test.registration(VALIDATOR, actor.address);
  await test.call(deployer, "register", registration, { valueWei: stakeWei, timeSec: test.time(0) });
  await actor.call("exit", [VALIDATOR]);
  const outbox = new TestOutbox(test);
  const withdrawal = outbox.add(actor.address, WITHDRAWN);
  const log = await outbox.settle(actor.address);
  await test.connection.networkHelpers.time.increaseTo(test.time(LATER));
  const due = {
    // One wei stays.
    claim: { args: [], wei: rewardWei },
    withdrawBond: { args: [], wei: bondWei },
    withdrawStake: { args: [VALIDATOR], wei: stakeWei },
    withdraw: { args: outbox.proof(log, withdrawal), wei: WITHDRAWN },
  };
  return { test, actor, due };
}

const balanceOf = (test: TestRollup, { address }: { address: string }): Promise<bigint> =>
  test.connection.ethers.provider.getBalance(address);

for (const name of NAMES) {
  describe(`the recipient that ${name} pays`, () => {
    it("is paid once, though it asks again while it is paid", async () => {
      const { test, actor, due } = await creditor();
      const { args, wei } = due[name];
      const before = await balanceOf(test, test);
      await actor.react("callBack", name, args);
      await actor.call(name, args);
      expect(await actor.calledBack()).to.deep.equal({ succeeded: false, error: PAYMENTS[name] });
      expect(await actor.payments()).to.equal(1n);
      expect(await balanceOf(test, actor)).to.equal(wei);
      expect(await balanceOf(test, test)).to.equal(before - wei);
    });

    it("can take what else it is owed while it is paid, and no more than that", async () => {
      const { test, actor, due } = await creditor();
      const snapshot = await test.connection.networkHelpers.takeSnapshot();
      for (const other of NAMES.filter((one) => one !== name)) {
        await snapshot.restore();
        await actor.react("callBack", other, due[other].args);
        // Within the other payment it calls back once more, which then is refused.
        await actor.call(name, due[name].args);
        expect(await actor.payments(), other).to.equal(2n);
        expect(await balanceOf(test, actor), other).to.equal(due[name].wei + due[other].wei);
      }
    });

    for (const reaction of ["refuse", "burnAllGas"] as const) {
      it(`loses nothing when it answers with ${reaction}: the call reverts, and can be made again`, async () => {
        const { actor, test, due } = await creditor();
        const { args, wei } = due[name];
        await actor.react(reaction);
        await reverts(actor.attempt(name, args, { gasLimit: 2_000_000 }), "Bonds__PaymentRefused", {
          account: actor.address,
          amountWei: wei,
        });
        expect(await balanceOf(test, actor)).to.equal(0n);
        await actor.react("accept");
        await actor.call(name, args);
        expect(await balanceOf(test, actor)).to.equal(wei);
      });
    }

    it("cannot make the caller pay for copying a long answer", async () => {
      const { actor, test, due } = await creditor();
      const { args, wei } = due[name];
      await actor.react("answerAtLength");
      const { gasUsed } = await actor.call(name, args);
      // A megabyte of memory is some 2.1 million gas, for whoever allocates it.
      expect(gasUsed).to.be.greaterThan(2_000_000).and.lessThan(2_500_000);
      expect(await balanceOf(test, actor)).to.equal(wei);
    });
  });
}
