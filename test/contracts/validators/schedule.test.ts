import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, SEEDS, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6, config: SHORT_EPOCHS });
const loadLong = fixtureOf({ validators: 6, config: { epochSlots: 600 } });

const { deployer, bonded, stranger } = ACCOUNTS;
const RANDAO = 0x1234_5678n;

const hash = (types: string[], values: unknown[]): Hex =>
  keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
/** The rule of an epoch that nobody stored a seed for. */
const derived = (seed: Hex, epoch: number): Hex => hash(["bytes32", "uint256"], [seed, epoch]);
const stored = (epoch: number): Hex => hash(["uint256", "uint256"], [RANDAO, epoch]);
/** The protocol's definition of the proposer, over the members in ascending order. */
function proposer(seed: Hex, slot: number, members: readonly number[]): bigint {
  const rank = BigInt(hash(["bytes32", "uint256"], [seed, slot])) % BigInt(members.length);
  return BigInt(members[Number(rank)] as number);
}

async function poke(test: TestRollup, slot: number): Promise<void> {
  await test.connection.networkHelpers.setPrevRandao(RANDAO);
  await test.call(stranger, "poke", [], { timeSec: test.time(slot) });
}

describe("proposer schedule", () => {
  it("follows the deployment's seeds in epochs 0 and 1", async () => {
    const test = await load();
    for (const slot of range(8)) {
      expect(await test.rollup.proposerOf(slot)).to.equal(proposer(SEEDS[slot < 4 ? 0 : 1], slot, range(6)));
    }
  });

  it("is drawn from the members of the slot's epoch", async () => {
    const test = await load();
    await test.call(deployer, "exit", [0], { timeSec: test.time(0) });
    await test.call(deployer, "exit", [4]);
    await poke(test, 4);
    expect(await test.rollup.seedOf(2)).to.equal(stored(2));
    for (const slot of [8, 9, 10, 11]) {
      expect(await test.rollup.proposerOf(slot)).to.equal(proposer(stored(2), slot, [1, 2, 3, 5]));
    }
  });

  it("gives every member its share", async () => {
    const test = await loadLong();
    const slots = 600;
    const counts = new Array<number>(6).fill(0);
    const drawn = await Promise.all(range(slots).map((slot) => test.rollup.proposerOf(slot)));
    for (const index of drawn) counts[Number(index)]! += 1;
    // 100 each; five standard deviations are 46.
    for (const count of counts) expect(count).to.be.within(54, 146);
  });

  describe("seeds", () => {
    it("are unknown before the epoch that fixes them is over or has stored them", async () => {
      const test = await load();
      await test.connection.networkHelpers.time.increaseTo(test.time(7, 71));
      await reverts(test.rollup.seedOf(2), "Validators__SeedUnknown", { epoch: 2n });
      await reverts(test.rollup.proposerOf(8), "Validators__SeedUnknown", { epoch: 2n });
    });

    it("are stored once an epoch, by whoever is first", async () => {
      const test = await load();
      await poke(test, 4);
      await test.connection.networkHelpers.setPrevRandao(RANDAO + 1n);
      await test.call(bonded, "poke", [], { timeSec: test.time(5) });
      expect(await test.rollup.seedOf(2)).to.equal(stored(2));
    });

    it("are stored by the first landing of an epoch", async () => {
      const test = await load();
      await test.connection.networkHelpers.setPrevRandao(RANDAO);
      await test.land(bonded, [test.checkpoint({ slot: 5 })]);
      expect(await test.rollup.seedOf(2)).to.equal(stored(2));
    });

    it("follow from the epoch before where nobody called, and are the same for ever after", async () => {
      const test = await load();
      await poke(test, 4);
      await test.connection.networkHelpers.time.increaseTo(test.time(12));
      const third = derived(stored(2), 3);
      expect(await test.rollup.seedOf(3)).to.equal(third);
      await test.connection.networkHelpers.time.increaseTo(test.time(16));
      expect(await test.rollup.seedOf(4)).to.equal(derived(third, 4));
      await poke(test, 17);
      expect(await test.rollup.seedOf(3)).to.equal(third);
      expect(await test.rollup.seedOf(4)).to.equal(derived(third, 4));
      expect(await test.rollup.seedOf(5)).to.equal(stored(5));
      expect(await test.rollup.proposerOf(13)).to.equal(proposer(third, 13, range(6)));
    });
  });
});
