import { expect } from "chai";
import { getBonds, getCredits, getWithdrawn } from "../../../sdk/lens/accounts.ts";
import type { LensRef } from "../../../sdk/lens/view.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, settlementOf, type TestRollup } from "../fixture.ts";
import { deposit } from "../support/inbox.ts";
import { account, addressOf } from "../support/l1.ts";
import { deployLens } from "../support/lens.ts";
import { TestOutbox } from "../support/outbox.ts";

const load = fixtureOf();

const { bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const SLOT = 5;
const EVERYBODY = [bonded, otherBonded, unbonded, challenger, stranger].map(addressOf);

/** An account without a bond lands only what its signatures verify for; a bonded one is not looked at. */
async function landsUnverified(test: TestRollup, from: typeof bonded, slot: number): Promise<boolean> {
  const snapshot = await test.connection.networkHelpers.takeSnapshot();
  const [landed] = landedIn(await test.land(from, [test.checkpoint({ slot })]));
  await snapshot.restore();
  return landed?.verified === false;
}

async function expectCredits(test: TestRollup, lens: LensRef, accounts: readonly Hex[]): Promise<bigint[]> {
  const credits = await getCredits(lens, accounts);
  for (const [i, account] of accounts.entries()) {
    expect(credits[i], account).to.equal(await test.rollup.creditOf(account));
  }
  return credits;
}

describe("lens: accounts", () => {
  describe("bonds", () => {
    it("are active exactly for those that land unverified", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const senders = [bonded, unbonded];
      const bonds = await getBonds(lens, senders.map(addressOf));
      expect(bonds).to.deep.equal([
        { amountWei: test.config.bondWei, active: true, enough: true, releaseAt: 0 },
        { amountWei: 0n, active: false, enough: false, releaseAt: 0 },
      ]);
      for (const [i, sender] of senders.entries()) {
        expect(await landsUnverified(test, sender, SLOT)).to.equal(bonds[i]!.active);
      }
    });

    it("name the second from which a released one can be withdrawn", async () => {
      const test = await load();
      const lens = await deployLens(test);
      await test.call(bonded, "unbond", [], { timeSec: test.time(SLOT) });
      const [bond] = await getBonds(lens, [addressOf(bonded)]);
      expect(bond).to.include({ amountWei: test.config.bondWei, active: false, enough: true });
      expect(await landsUnverified(test, bonded, SLOT + 1)).to.equal(false);
      const withdraw = (timeSec: number) => test.attempt(bonded, "withdrawBond", [], { timeSec });
      expect((await withdraw(bond!.releaseAt - 1)).succeeded).to.equal(false);
      expect((await withdraw(bond!.releaseAt)).succeeded).to.equal(true);
      const [gone] = await getBonds(lens, [addressOf(bonded)]);
      expect(gone).to.deep.equal({ amountWei: 0n, active: false, enough: false, releaseAt: 0 });
    });

    it("are gone when they were slashed", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const forged = await test.land(otherBonded, [test.forged({ slot: SLOT })]);
      await test.call(challenger, "challenge", [logsIn(forged)]);
      expect((await getBonds(lens, [addressOf(otherBonded)]))[0]).to.include({ active: false, enough: false });
    });
  });

  describe("credits", () => {
    it("are what each account can claim, before and after settling, slashing and claiming", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const checkpoint = test.checkpoint({ slot: SLOT });
      const accounts = [...EVERYBODY, checkpoint.submission.header.coinbase];
      expect(await expectCredits(test, lens, accounts)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
      await test.call(stranger, "settle", settlementOf(await test.land(unbonded, [checkpoint])));
      const forged = await test.land(otherBonded, [test.forged({ slot: SLOT + 1, parent: checkpoint.tip })]);
      await test.call(challenger, "challenge", [logsIn(forged)]);
      const half = test.config.bondWei / 2n;
      expect(await expectCredits(test, lens, accounts)).to.deep.equal([0n, 0n, 0n, half, 0n, test.config.rewardWei]);
      await test.call(challenger, "claim", []);
      expect((await expectCredits(test, lens, accounts))[3]).to.equal(0n);
    });
  });

  describe("withdrawals", () => {
    it("are paid once they are, each by its index", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const gwei = 1_000_000_000n;
      await deposit(test, { valueWei: 10n * gwei });
      const outbox = new TestOutbox(test);
      for (const index of [0, 1, 2]) outbox.add(addressOf(account(100 + index)), gwei);
      const log = await outbox.settle();
      expect(await getWithdrawn(lens, [0, 1, 2, 2 ** 32 - 1])).to.deep.equal([false, false, false, false]);
      await test.call(stranger, "withdraw", outbox.proof(log, outbox.withdrawals[1]!));
      expect(await getWithdrawn(lens, [2, 1, 0])).to.deep.equal([false, true, false]);
    });
  });
});
