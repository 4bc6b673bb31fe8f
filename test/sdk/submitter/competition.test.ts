import { expect } from "chai";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { splitReward } from "../../../sdk/rewards/split.ts";
import { calldataFloor } from "../../../sdk/simulate/gas.ts";
import type { IndependentSubmitter } from "../../../sdk/submitter/submitter.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { CertifiedCheckpoint } from "../../../sdk/watch/source.ts";
import { anvilL1, hardhatL1, type TestL1 } from "../submit/l1.ts";
import { makeCheckpoint, type Parent, parentOf, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall, transact } from "../world/transact.ts";
import { createWorld, type World } from "../world/world.ts";
import { addressOf, certified, listSource, momentsOf, openSubmitter, SLOT, warmUp } from "./support.ts";

/** A duplicate reverts after one storage read: what it pays above its calldata is less than this. */
const DUPLICATE_GAS = 5_000n;
const SUCCESSOR_COINBASE: Hex = `0x${"5c".repeat(20)}`;

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil", () => anvilL1("prague")],
];

for (const [name, start] of nodes) {
  describe(`several who want to land one checkpoint, on ${name}`, () => {
    let world: World;
    let late: TestCheckpoint;
    let parent: Parent;
    let offered: CertifiedCheckpoint;
    let snapshot: unknown;

    before(async function () {
      this.timeout(120_000);
      world = await createWorld(await start());
      parent = await warmUp(world);
      late = await makeCheckpoint(world, SLOT, parent);
      offered = await certified(world, late, parent);
    });
    beforeEach(async () => {
      snapshot = await world.l1.provider.send("evm_snapshot", []);
    });
    afterEach(() => world.l1.provider.send("evm_revert", [snapshot]));
    after(() => world.l1.close());

    const ref = () => ({ provider: world.l1.provider, rollup: world.rollup });
    const mineAt = (timeSec: number): Promise<unknown> => world.l1.provider.send("evm_mine", [timeSec]);
    const calldataFor = (checkpoint: TestCheckpoint, recipient: Hex, deadlineSec: number): Hex =>
      buildCalldata({ submissions: [checkpoint.submission], recipient, deadlineSec });

    it("two submitters: one lands it, the other loses no more than a duplicate's revert, and neither sends again", async () => {
      const { bondWei } = world.config;
      const { open } = momentsOf(world, SLOT);
      await transact(world, world.senders.unbonded, "bond", [], open - 6, bondWei);
      await mineAt(open - 2);
      const both = await Promise.all(
        (["bonded", "unbonded"] as const).map((sender) => openSubmitter(world, sender, listSource(offered))),
      );
      for (const submitter of both) {
        if (!world.l1.poolsBlobs) await world.l1.provider.send("evm_setNextBlockTimestamp", [open]);
        await submitter.step(world.l1.poolsBlobs ? open - 1 : open);
        // Where a transaction is mined on arrival, the second finds the checkpoint landed and does not send.
        if (!world.l1.poolsBlobs) break;
      }
      if (world.l1.poolsBlobs) await mineAt(open);
      for (let time = open + 2; time < open + 8; time += 2) {
        for (const submitter of both) await submitter.step(time - 1);
        await mineAt(time);
      }
      const results = both.flatMap((submitter) => submitter.rows.map(({ result }) => result));
      expect(results.sort()).to.deep.equal(world.l1.poolsBlobs ? ["landed", "lost"] : ["landed"]);
      const sent = both.reduce((sum, submitter) => sum + transactionsOf(submitter), 0);
      expect(sent).to.equal(results.length);
      const loser = both.flatMap((submitter) => submitter.rows).find(({ result }) => result === "lost");
      if (loser !== undefined) {
        const floor = calldataFloor(calldataFor(late, addressOf(world.senders.bonded), open));
        expect(loser.gasUsed).to.be.at.most(Number(floor + DUPLICATE_GAS));
        expect(loser).to.include({ transactions: 1, quotedWei: 0n });
      }
      await Promise.all(both.map((submitter) => submitter.close()));
    });

    it("a front-runner that copies the successor's calldata for itself pays, and the successor is credited", async () => {
      const { successor } = momentsOf(world, SLOT);
      const fromBlock = await world.l1.provider.getBlockNumber();
      const thief = world.senders.unbonded;
      const deadlineSec = successor + 8;
      // The copy is first in the block, and names itself.
      const copy = await mineCall(world, {
        from: thief,
        data: calldataFor(late, addressOf(thief), deadlineSec),
        blobs: late.blobs,
        timeSec: successor,
      });
      expect(copy.error?.message).to.equal(undefined);
      const data = calldataFor(late, addressOf(world.senders.bonded), deadlineSec);
      const original = await mineCall(world, {
        from: world.senders.bonded,
        data,
        blobs: late.blobs,
        timeSec: successor + 2,
      });
      expect(original.error?.name).to.equal("Rollup__SlotAlreadySubmitted");
      expect(original.gasUsed <= calldataFloor(data) + DUPLICATE_GAS, `${original.gasUsed} gas`).to.equal(true);

      const own = await makeCheckpoint(world, SLOT + 1, parentOf(late), { header: { coinbase: SUCCESSOR_COINBASE } });
      const child = await mineCall(world, {
        from: thief,
        data: calldataFor(own, addressOf(thief), deadlineSec),
        blobs: own.blobs,
        timeSec: successor + 4,
      });
      expect(child.error?.message).to.equal(undefined);
      const logs = await getUnsettled(ref(), fromBlock, child.blockNumber);
      const terms = logs[0]?.checkpoint;
      if (terms === undefined) throw new Error("nothing landed");
      expect(terms).to.include({ late: true, successor: true, recipient: addressOf(thief) });

      const settleSec = slotStart(world.config, SLOT + 2) + world.config.handoffWindowSeconds;
      const settlement = buildSettlement(logs.map(({ log }) => log));
      const { blockNumber } = await transact(world, thief, "settle", settlement, settleSec);
      const { rewardWei } = world.config;
      const input = { rewardWei, availableWei: rewardWei, onTimeCapBps: 0, confirmed: true, proven: false };
      const { sharedWei } = splitReward(world.config, terms, input);
      const shares = (await getEvents(ref(), blockNumber, blockNumber)).filter(({ type }) => type === "reward-shared");
      expect(shares).to.have.length(1);
      expect(shares[0]).to.include({ slot: SLOT, account: SUCCESSOR_COINBASE, sharedWei });
      expect(sharedWei > 0n).to.equal(true);
    });
  });
}

const transactionsOf = (submitter: IndependentSubmitter): number =>
  submitter.rows.reduce((sum, { transactions }) => sum + transactions, 0);
