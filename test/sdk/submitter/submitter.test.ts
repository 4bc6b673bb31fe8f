import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { getBond, getCredit } from "../../../sdk/get/bonds.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import { getUnsettled } from "../../../sdk/get/unsettled.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import { openLedger } from "../../../sdk/submitter/ledger/file.ts";
import { profitWei } from "../../../sdk/submitter/ledger/state.ts";
import type { IndependentSubmitter, SubmitterReport } from "../../../sdk/submitter/submitter.ts";
import type { CertifiedCheckpoint } from "../../../sdk/watch/source.ts";
import { anvilL1, hardhatL1, type TestL1 } from "../submit/l1.ts";
import { makeCheckpoint, type Parent } from "../world/checkpoints.ts";
import { transact } from "../world/transact.ts";
import { createWorld, type World } from "../world/world.ts";
import { addressOf, certified, listSource, momentsOf, openSubmitter, SLOT, warmUp } from "./support.ts";

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil", () => anvilL1("prague")],
];

const shown = ({ choice, outcome, troubles }: SubmitterReport): string => {
  const chosen = choice?.action === "hold" ? choice.reason : (choice?.action ?? "none");
  const done = outcome?.status === "sent" ? outcome.action : outcome?.status;
  return [chosen, done, ...troubles].join(" | ");
};

for (const [name, start] of nodes) {
  describe(`an independent submitter on ${name}`, () => {
    let world: World;
    let parent: Parent;
    let offered: CertifiedCheckpoint;
    let snapshot: unknown;
    let submitter: IndependentSubmitter;

    before(async function () {
      this.timeout(120_000);
      world = await createWorld(await start());
      parent = await warmUp(world);
      offered = await certified(world, await makeCheckpoint(world, SLOT, parent), parent);
      await mineAt(momentsOf(world, SLOT).successor - world.config.l1SlotSeconds);
    });
    beforeEach(async () => {
      snapshot = await world.l1.provider.send("evm_snapshot", []);
    });
    afterEach(async () => {
      await submitter.close();
      await world.l1.provider.send("evm_revert", [snapshot]);
    });
    after(() => world.l1.close());

    const ref = () => ({ provider: world.l1.provider, rollup: world.rollup });
    const mineAt = (timeSec: number): Promise<unknown> => world.l1.provider.send("evm_mine", [timeSec]);
    /** A step for the L1 block at `timeSec`; a node that mines on arrival makes that block. */
    const submitAt = async (timeSec: number): Promise<SubmitterReport> => {
      if (world.l1.poolsBlobs) return submitter.step(timeSec - 1);
      await world.l1.provider.send("evm_setNextBlockTimestamp", [timeSec]);
      return submitter.step(timeSec);
    };
    /** A step for the L1 block at `timeSec`, and that block. */
    const stepFor = async (timeSec: number): Promise<SubmitterReport> => {
      const report = await submitAt(timeSec);
      if (world.l1.poolsBlobs || report.outcome?.status !== "sent") await mineAt(timeSec);
      return report;
    };

    it("keeps out of the successor's window, lands in the first open block, and books what it cost and was quoted", async () => {
      submitter = await openSubmitter(world, "bonded", listSource(offered));
      const { successor, open } = momentsOf(world, SLOT);
      expect(shown(await stepFor(successor))).to.equal("successors-credit | stopped");
      expect(shown(await stepFor(successor + 2))).to.equal("successors-credit | stopped");
      const landing = await stepFor(open);
      expect(shown(landing)).to.equal("land | send");
      const after = await submitter.step(open + 1);
      expect(
        after.decided.map(({ result }) => result),
        shown(after),
      ).to.deep.equal(["landed"]);

      const { l1Block = 0 } = after.decided[0] ?? {};
      const [event] = await getEvents(ref(), l1Block, l1Block);
      if (event?.type !== "submitted") throw new Error("nothing landed");
      expect(event.checkpoint).to.include({ late: true, successor: false, recipient: submitter.account });
      const receipt = await world.l1.provider.getTransactionReceipt(event.at.transactionHash);
      const paidWei = (receipt?.gasUsed ?? 0n) * (receipt?.gasPrice ?? 0n) + 131_072n * (receipt?.blobGasPrice ?? 0n);
      const [row] = submitter.rows;
      expect(row).to.include({ slot: SLOT, result: "landed", transactions: 1, costWei: paidWei });
      expect(row?.quotedWei).to.equal(event.checkpoint.paidWei);
      expect(submitter.totals).to.include({ landed: 1, lost: 0, costWei: paidWei, awaitedWei: row?.quotedWei });
    });

    it("foresees credit, cost and profit of the block it lands in within 2 %", async () => {
      submitter = await openSubmitter(world, "bonded", listSource(offered));
      const { open } = momentsOf(world, SLOT);
      await mineAt(open - world.config.l1SlotSeconds);
      const { choice } = await stepFor(open);
      if (choice?.action !== "land") throw new Error("expected a landing");
      await submitter.step(open + 1);
      const [row] = submitter.rows;
      const off = (foreseen: bigint, actual: bigint): number => Math.abs(Number(foreseen - actual)) / Number(actual);
      expect(off(choice.prospect.creditWei, row?.quotedWei as bigint), "credit").to.be.below(0.02);
      expect(off(choice.prospect.costWei, row?.costWei as bigint), "cost").to.be.below(0.02);
    });

    it("waits while landing costs more than it brings, to the last block, and then says it was too late", async () => {
      submitter = await openSubmitter(world, "bonded", listSource(offered), { minProfitWei: 10n ** 18n });
      const { open, closes } = momentsOf(world, SLOT);
      await mineAt(open - world.config.l1SlotSeconds);
      const seen: string[] = [];
      for (let time = open; time < closes + 4; time += 2) seen.push(shown(await stepFor(time)));
      expect(seen.slice(0, 2)).to.deep.equal(["unprofitable | stopped", "unprofitable | stopped"]);
      expect(seen.at(-1)).to.equal("tooLate | stopped");
      expect(submitter.rows.map(({ result, reason }) => [result, reason])).to.deep.equal([["passed", "unprofitable"]]);
      expect((await getTips(ref())).slot).to.equal(8);
    });

    it("bonds first when told to, and books it", async () => {
      submitter = await openSubmitter(world, "unbonded", listSource(), { bond: true });
      const { start: slotStart } = momentsOf(world, SLOT + 10);
      for (let time = slotStart; time < slotStart + 8; time += 2) await stepFor(time);
      const bond = await getBond(ref(), addressOf(world.senders.unbonded));
      expect(bond).to.include({ active: true, amountWei: world.config.bondWei });
      expect(submitter.totals).to.include({ bonds: 1 });
      expect(submitter.totals.costWei > 0n).to.equal(true);
    });

    it("refuses what no quorum signed, and sends nothing of it", async () => {
      const forged = await makeCheckpoint(world, SLOT, parent, { signers: [0, 1] });
      const wrong = await makeCheckpoint(world, SLOT, parent, { signedDigest: `0x${"11".repeat(32)}` });
      const lies = [
        await certified(world, forged, parent),
        await certified(world, wrong, parent),
        { ...offered, inboxHash: `0x${"22".repeat(32)}` as const },
      ];
      submitter = await openSubmitter(world, "bonded", listSource(...lies));
      const { open } = momentsOf(world, SLOT);
      const { troubles, outcome } = await stepFor(open);
      expect(troubles).to.have.length(3);
      expect(troubles[0]).to.match(/quorum: expected more than two thirds of 5, found 2/);
      expect(troubles[1]).to.match(/signature: not that of its signers/);
      expect(troubles[2]).to.match(/digest: its content's is/);
      expect(outcome?.status).to.equal("stopped");
      expect((await stepFor(open + 2)).troubles, "said once").to.deep.equal([]);
    });

    it("claims what settling credited, once that is worth more than the gas, and books both", async () => {
      submitter = await openSubmitter(world, "bonded", listSource(offered));
      const { open, closes } = momentsOf(world, SLOT);
      const fromBlock = await world.l1.provider.getBlockNumber();
      // No cheaper than what the claim will cost: else it is right not to claim.
      await world.l1.setNextBaseFee(2n * 10n ** 9n);
      await mineAt(open - world.config.l1SlotSeconds);
      await stepFor(open);
      const logs = await getUnsettled(ref(), fromBlock, await world.l1.provider.getBlockNumber());
      const { challengeWindowEpochs, epochSlots, slotSeconds } = world.config;
      const later = closes + (challengeWindowEpochs * epochSlots + 2) * slotSeconds;
      const settlement = buildSettlement(logs.map(({ log }) => log));
      const settled = await transact(world, world.senders.unbonded, "settle", settlement, later);
      const events = await getEvents(ref(), settled.blockNumber, settled.blockNumber);
      const shared = events.find((event) => event.type === "reward-shared");
      expect(shared).to.include({ account: submitter.account, sharedWei: logs[0]?.checkpoint.paidWei });

      for (let time = later + 2; time < later + 12; time += 2) await stepFor(time);
      const [row] = submitter.rows;
      expect(row).to.include({ result: "landed", creditedWei: row?.quotedWei });
      const { totals } = submitter;
      expect(totals).to.include({ claims: 1, claimedWei: row?.quotedWei, awaitedWei: 0n });
      expect(await getCredit(ref(), submitter.account)).to.equal(0n);
      expect(totals.costWei > (row?.costWei ?? 0n), "the claim's gas is a cost, too").to.equal(true);
      expect(profitWei(totals)).to.equal((row?.creditedWei ?? 0n) - totals.costWei);
    });

    it("started again it goes on: journal and ledger know what was sent, and nothing is sent twice", async () => {
      const folder = mkdtempSync(join(tmpdir(), "baton-submitter-"));
      const start = async (): Promise<IndependentSubmitter> =>
        openSubmitter(world, "bonded", listSource(offered), {
          journal: openJournal({
            path: join(folder, "journal"),
            chainId: Number(world.chainId),
            account: addressOf(world.senders.bonded),
          }),
          ledger: openLedger(join(folder, "ledger")),
        });
      submitter = await start();
      const { open } = momentsOf(world, SLOT);
      await mineAt(open - world.config.l1SlotSeconds);
      expect(shown(await submitAt(open))).to.equal("land | send");
      await submitter.close();
      submitter = await start();
      expect(submitter.isBusy).to.equal(true);
      if (world.l1.poolsBlobs) {
        const again = await submitter.step(open - 1);
        expect(again.outcome).to.deep.equal({ status: "waiting", reason: "in-flight" });
        await mineAt(open);
      }
      await submitter.step(open + 1);
      expect(submitter.rows.map(({ result, transactions }) => [result, transactions])).to.deep.equal([["landed", 1]]);
      await submitter.close();
      submitter = await start();
      expect(submitter.totals).to.include({ landed: 1 });
      rmSync(folder, { recursive: true });
    });
  });
}
