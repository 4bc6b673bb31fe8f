import { expect } from "chai";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import type { SubmissionWithBlobs } from "../../../sdk/build/transaction.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { createSimulator } from "../../../sdk/simulate/simulator.ts";
import { createSubmitter, type LandingRequest, landingRequest, simulateLanding } from "../../../sdk/submit/landings.ts";
import type { SubmissionManager } from "../../../sdk/submit/manager.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { GENESIS, makeCheckpoint, parentOf, type TestCheckpoint } from "../world/checkpoints.ts";
import { mineCall } from "../world/transact.ts";
import { createWorld, type World } from "../world/world.ts";
import { anvilL1, hardhatL1, type TestL1 } from "./l1.ts";

const SLOT = 6;
const RECIPIENT: Hex = `0x${"ee".repeat(20)}`;

const item = ({ submission, blobs }: TestCheckpoint): SubmissionWithBlobs => ({
  submission,
  blobs: blobs.map(({ sidecar }) => sidecar),
  blobHashes: blobs.map(({ hash }) => hash),
});

const shown = (outcome: StepOutcome): string =>
  outcome.status === "sent" ? `${outcome.action} ${outcome.nonce}` : `${outcome.status} ${outcome.reason}`;

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil", () => anvilL1("prague")],
];

for (const [name, start] of nodes) {
  describe(`submitting to a rollup on ${name}`, () => {
    let world: World;
    let manager: SubmissionManager<LandingRequest>;
    let late: TestCheckpoint;
    let own: TestCheckpoint;
    let snapshot: unknown;
    let nonce: number;

    before(async () => {
      world = await createWorld(await start());
      late = await makeCheckpoint(world, SLOT, GENESIS);
      own = await makeCheckpoint(world, SLOT + 1, parentOf(late), { blobs: world.blobs.slice(1, 3) });
      await mineAt(startOf(SLOT + 1) - world.config.l1SlotSeconds);
      nonce = await world.l1.provider.getTransactionCount(world.senders.bonded);
    });
    beforeEach(async () => {
      snapshot = await world.l1.provider.send("evm_snapshot", []);
      const { provider, blobWrapperVersion, poolsBlobs } = world.l1;
      manager = await createSubmitter({
        provider,
        signer: world.senders.bonded,
        rollup: world.rollup,
        policy: { blobWrapperVersion, minesOnArrival: !poolsBlobs, confirmations: 1 },
      });
    });
    afterEach(() => world.l1.provider.send("evm_revert", [snapshot]));
    after(() => world.l1.close());

    const startOf = (slot: number): number => slotStart(world.config, slot);
    const mineAt = (timeSec: number): Promise<unknown> => world.l1.provider.send("evm_mine", [timeSec]);
    /** Everything for the first late block: a node that mines on arrival does so while it takes the transaction. */
    const stepAt = async (timeSec: number, request: LandingRequest): Promise<StepOutcome> => {
      if (world.l1.poolsBlobs) return manager.step(timeSec - 1, request);
      await world.l1.provider.send("evm_setNextBlockTimestamp", [timeSec]);
      return manager.step(timeSec, request);
    };
    const request = (...checkpoints: TestCheckpoint[]): LandingRequest =>
      landingRequest(world.rollup, checkpoints.map(item), {
        recipient: RECIPIENT,
        notBeforeSec: startOf(SLOT + 1),
        deadlineSec: startOf(SLOT + 1) + world.config.handoffWindowSeconds - 1,
      });
    const tip = () => getTips({ provider: world.l1.provider, rollup: world.rollup });

    it("the successor lands the late checkpoint alone, or gives its nonce to the batch of both", async () => {
      const first = startOf(SLOT + 1);
      expect(shown(await stepAt(first, request(late)))).to.equal(`send ${nonce}`);
      const both = request(late, own);
      if (world.l1.poolsBlobs) {
        expect(shown(await manager.step(first - 1, both))).to.equal(`replace ${nonce}`);
        await mineAt(first);
      } else {
        // Mined on arrival: the batch passes over what has landed.
        expect(shown(await stepAt(first + 2, both))).to.equal(`send ${nonce + 1}`);
      }
      const done = await manager.step(first + 2, both);
      expect(shown(done)).to.equal("stopped landed");
      expect((await tip()).slot).to.equal(SLOT + 1);
      expect((await tip()).number).to.equal(2);
    });

    it("a batch whose first checkpoint another landed before counts as landed", async () => {
      const other = world.senders.unbonded;
      const first = startOf(SLOT + 1);
      const { call } = request(late);
      const theirs = await mineCall(world, {
        from: other,
        data: buildCalldata(call),
        blobs: late.blobs,
        timeSec: first,
      });
      expect(theirs.error).to.equal(undefined);
      expect(shown(await stepAt(first + 2, request(late)))).to.equal(`stopped duplicate`);
      const both = request(late, own);
      expect(shown(await stepAt(first + 2, both))).to.equal(`send ${nonce}`);
      if (world.l1.poolsBlobs) await mineAt(first + 2);
      expect(shown(await manager.step(first + 2, both))).to.equal("stopped landed");
      expect((await tip()).slot).to.equal(SLOT + 1);
    });

    it("a caller that follows L1 itself is told to wait for its view of it, and to send the rest alone", async () => {
      const { provider } = world.l1;
      const simulator = await createSimulator({ provider, rollup: world.rollup });
      const simulate = simulateLanding(simulator, "wait");
      const first = startOf(SLOT + 1);
      const { market } = await manager.look();
      const at = { timeSec: first + 2, market, from: world.senders.bonded.address.toLowerCase() as Hex };
      expect(await simulate(request(late, own), at)).to.include({ verdict: "ok" });
      const data = buildCalldata(request(late).call);
      await mineCall(world, { from: world.senders.unbonded, data, blobs: late.blobs, timeSec: first });
      expect(await simulate(request(late, own), at)).to.deep.equal({ verdict: "notYet", reason: "1 of 2 would land" });
      expect(await simulate(request(own), at)).to.include({ verdict: "ok" });
    });

    it("a child whose parent is not there is refused before it costs anything", async () => {
      const outcome = await stepAt(startOf(SLOT + 1), request(own));
      expect(shown(outcome)).to.equal("stopped invalid");
      expect(outcome.status === "stopped" && outcome.detail).to.match(/^Inbox__CountNotDue/);
    });
  });
}
