import { expect } from "chai";
import { aggregatePublicKeys } from "../../../sdk/bls/aggregate.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { encodePublicKey } from "../../../sdk/bls/points.ts";
import { publicKeyFromSolidity } from "../../../sdk/bls/solidity.ts";
import { ACCOUNTS, fixtureOf, settlementOf } from "../fixture.ts";
import { bitmap, claiming } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { secretKey } from "../support/keys.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 4, config: { ...SHORT_EPOCHS, minValidators: 3 } });

const { deployer, stranger, bonded } = ACCOUNTS;
/** A validator that asks in epoch 0 leaves with epoch 2; one epoch of challenge and one of evidence follow. */
const LAST_SLOT = 7;
const PAID_SLOT = (2 + 1 + 1) * 4;
const HANDOFF = 48;

describe("leaving", () => {
  describe("exit", () => {
    it("is its owner's alone", async () => {
      const test = await load();
      await reverts(test.attempt(stranger, "exit", [1]), "Validators__NotOwner", {
        index: 1n,
        owner: addressOf(deployer),
        caller: addressOf(stranger),
      });
    });

    it("is nobody's for an index that is free", async () => {
      const test = await load();
      await reverts(test.attempt(stranger, "exit", [9]), "Validators__NotOwner", {
        index: 9n,
        owner: `0x${"00".repeat(20)}`,
        caller: addressOf(stranger),
      });
    });

    it("is asked for once", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1]);
      await reverts(test.attempt(deployer, "exit", [1]), "Validators__AlreadyLeaving", { index: 1n, untilEpoch: 2n });
    });

    it("does not take the set below the minimum", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1]);
      await reverts(test.attempt(deployer, "exit", [2]), "Validators__SetTooSmall", { size: 3n, minimum: 3n });
    });
  });

  describe("withdrawStake", () => {
    it("pays the owner back, whoever calls, from the second all windows are over", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const until = test.time(PAID_SLOT, HANDOFF);
      await reverts(test.attempt(stranger, "withdrawStake", [1], { timeSec: until - 1 }), "Validators__StakeLocked", {
        index: 1n,
        until: BigInt(until),
        time: BigInt(until - 1),
      });
      const { provider } = test.connection.ethers;
      const before = await provider.getBalance(deployer.address);
      await test.call(stranger, "withdrawStake", [1], { timeSec: until });
      expect((await provider.getBalance(deployer.address)) - before).to.equal(test.config.stakeWei);
      expect((await test.rollup.validator(1)).owner).to.equal(`0x${"00".repeat(20)}`);
    });

    it("pays no stake back that nobody asked for", async () => {
      const test = await load();
      const timeSec = test.time(1_000);
      for (const index of [0n, 9n]) {
        await reverts(
          test.attempt(deployer, "withdrawStake", [index], { timeSec: timeSec + Number(index) }),
          "Validators__StakeLocked",
          {
            index,
            until: (1n << 256n) - 1n,
            time: BigInt(timeSec) + index,
          },
        );
      }
    });

    it("pays once", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const until = test.time(PAID_SLOT, HANDOFF);
      await test.call(stranger, "withdrawStake", [1], { timeSec: until });
      const again = await test.attempt(stranger, "withdrawStake", [1], { timeSec: until + 1 });
      expect(again.error?.name).to.equal("Validators__StakeLocked");
    });

    it("waits for the last active slot to be settled", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const landed = await test.land(bonded, [test.checkpoint({ slot: LAST_SLOT })]);
      const until = test.time(PAID_SLOT, HANDOFF);
      await reverts(test.attempt(stranger, "withdrawStake", [1], { timeSec: until }), "Validators__LastSlotUnsettled", {
        index: 1n,
        lastSlot: BigInt(LAST_SLOT),
        settledSlot: 0n,
      });
      await test.call(stranger, "settle", settlementOf(landed));
      await test.call(stranger, "withdrawStake", [1]);
    });
  });

  describe("index", () => {
    it("is not reused before the stake is paid out, and then by the next that registers", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      await test.register(4);
      expect((await test.rollup.validator(4)).owner).to.equal(deployer.address);
      await test.call(stranger, "withdrawStake", [1], { timeSec: test.time(PAID_SLOT, HANDOFF) });
      await test.register(5);
      const fromEpoch = 6;
      expect((await test.rollup.validator(1)).fromEpoch).to.equal(BigInt(fromEpoch));
      const [members, , key] = await test.rollup.validatorSet(fromEpoch);
      const sum = aggregatePublicKeys([0, 2, 3, 4, 5].map((seed) => publicKeyOf(secretKey(seed))));
      expect(members).to.equal(bitmap([0, 1, 2, 3, 4]));
      expect(publicKeyFromSolidity(key as string[])).to.equal(encodePublicKey(sum));
    });

    it("stands for its new validator's signature afterwards", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      await test.call(stranger, "withdrawStake", [1], { timeSec: test.time(PAID_SLOT, HANDOFF) });
      await test.register(5);
      const slot = 6 * 4;
      // Seed 5 signs as index 1; index 3 is absent, so its key is subtracted.
      const checkpoint = claiming(test.checkpoint({ slot, signers: [0, 5, 2] }), { signers: bitmap([0, 1, 2]) });
      await test.land(ACCOUNTS.unbonded, [checkpoint]);
      expect((await test.rollup.tips()).slot).to.equal(BigInt(slot));
    });
  });
});
