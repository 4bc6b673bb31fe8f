import { expect } from "chai";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { EstimateError, estimateLanding, type LandingEstimate } from "../../../sdk/estimate/landing.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { createSimulator, type Simulator } from "../../../sdk/simulate/simulator.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { anvilL1, hardhatL1, type TestL1 } from "../submit/l1.ts";
import { addressOf, momentsOf, SLOT, warmUp } from "../submitter/support.ts";
import { makeCheckpoint, type Parent, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall, PRIORITY_FEE_WEI, transact } from "../world/transact.ts";
import { createWorld, type Sender, type World } from "../world/world.ts";

const GWEI = 10n ** 9n;
/** How far an estimate may be from what then happens. */
const TOLERANCE = 0.02;
const RECIPIENT: Hex = `0x${"ee".repeat(20)}`;

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil", () => anvilL1("prague")],
];

interface Case {
  what: string;
  sender: Sender;
  /** Seconds after the start of the open window; negative: in the checkpoint's own slot. */
  at: number;
  blobs: number;
  baseFeeWei: bigint;
}

const CASES: Case[] = [
  { what: "a bonded late landing", sender: "bonded", at: 0, blobs: 1, baseFeeWei: GWEI },
  { what: "one at a higher premium and fee", sender: "bonded", at: 2, blobs: 1, baseFeeWei: 37n * GWEI },
  { what: "one with three blobs", sender: "bonded", at: 0, blobs: 3, baseFeeWei: 12n * GWEI },
  { what: "one that pays for its verification", sender: "unbonded", at: 0, blobs: 1, baseFeeWei: 5n * GWEI },
  { what: "one whose quote is above the cap", sender: "bonded", at: 0, blobs: 1, baseFeeWei: 300n * GWEI },
  { what: "an on-time landing that its proposer shares", sender: "bonded", at: -10, blobs: 2, baseFeeWei: 8n * GWEI },
];

for (const [name, start] of nodes) {
  describe(`an estimate of a landing on ${name}`, () => {
    let world: World;
    let parent: Parent;
    let simulator: Simulator;
    let snapshot: unknown;

    before(async function () {
      this.timeout(120_000);
      world = await createWorld(await start());
      parent = await warmUp(world);
      simulator = await createSimulator({ provider: world.l1.provider, rollup: world.rollup });
    });
    beforeEach(async () => {
      snapshot = await world.l1.provider.send("evm_snapshot", []);
    });
    afterEach(() => world.l1.provider.send("evm_revert", [snapshot]));
    after(() => world.l1.close());

    const ref = () => ({ provider: world.l1.provider, rollup: world.rollup });
    const checkpointOf = (blobs: number): Promise<TestCheckpoint> =>
      makeCheckpoint(world, SLOT, parent, {
        blobs: world.blobs.slice(0, blobs),
        header: { onTimeRecipient: RECIPIENT, onTimeCapBps: 10_000 },
      });
    const timeOf = (at: number): number =>
      at < 0 ? momentsOf(world, SLOT).start - at : momentsOf(world, SLOT).open + at;
    const estimate = (
      { submission, blobs }: TestCheckpoint,
      { sender, at, baseFeeWei }: Case,
    ): Promise<LandingEstimate> =>
      estimateLanding(
        {
          simulator,
          config: world.config,
          reward: { rewardWei: world.config.rewardWei, availableWei: world.config.rewardWei, proven: false },
        },
        {
          submission,
          blobHashes: blobs.map(({ hash }) => hash),
          from: addressOf(world.senders[sender]),
          recipient: RECIPIENT,
          timeSec: timeOf(at),
          market: { nextBaseFeeWei: baseFeeWei, priorityFeeWei: PRIORITY_FEE_WEI, blobBaseFeeWei: 1n },
        },
      );

    for (const drawn of CASES) {
      it(`of ${drawn.what} is within 2 % of what then happens, to the settled profit`, async () => {
        const checkpoint = await checkpointOf(drawn.blobs);
        const foreseen = await estimate(checkpoint, drawn);
        const timeSec = timeOf(drawn.at);
        const call = { submissions: [checkpoint.submission], recipient: RECIPIENT, deadlineSec: timeSec };
        const fromBlock = await world.l1.provider.getBlockNumber();
        const from = world.senders[drawn.sender];
        const { blobs } = checkpoint;
        const { baseFeeWei } = drawn;
        const mined = await mineCall(world, { from, data: buildCalldata(call), blobs, timeSec, baseFeeWei });
        expect(mined.error?.message).to.equal(undefined);

        const logs = await getUnsettled(ref(), fromBlock, mined.blockNumber);
        const { challengeWindowEpochs, epochSlots, slotSeconds } = world.config;
        const later = momentsOf(world, SLOT).closes + (challengeWindowEpochs * epochSlots + 2) * slotSeconds;
        const settlement = buildSettlement(logs.map(({ log }) => log));
        const { blockNumber } = await transact(world, world.senders.unbonded, "settle", settlement, later);
        const events = await getEvents(ref(), blockNumber, blockNumber);
        const shares = events.flatMap((event) => (event.type === "reward-shared" ? [event] : []));
        expect(shares.map(({ account }) => account)).to.deep.equal([RECIPIENT]);
        const rewardWei = shares[0]?.sharedWei ?? 0n;

        const near = (what: string, estimated: bigint, actual: bigint): void => {
          const off = Math.abs(Number(estimated - actual) / Number(actual));
          expect(off, `${what}: ${estimated}, then ${actual}`).to.be.at.most(TOLERANCE);
        };
        near("gas", foreseen.gas, mined.gasUsed);
        near("cost", foreseen.costWei, mined.paidWei);
        near("reward", foreseen.rewardWei, rewardWei);
        near("profit", foreseen.profitWei, rewardWei - mined.paidWei);
      });
    }

    it("of what would not land says why", async () => {
      const checkpoint = await checkpointOf(1);
      const error = await estimate(checkpoint, { ...(CASES[0] as Case), at: 100 }).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(EstimateError);
      expect((error as EstimateError).reason.name).to.equal("Rollup__OutsideWindow");
    });
  });
}
