import { expect } from "chai";
import { ACCOUNTS, fixtureOf, landedIn, logsIn } from "../fixture.ts";
import { claiming } from "../support/checkpoints.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, otherBonded, unbonded, recipient, challenger } = ACCOUNTS;

describe("submit: duplicates and batches", () => {
  describe("given a checkpoint that landed", () => {
    it("refuses it again, from anyone", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: 5 });
      await test.land(bonded, [checkpoint]);
      for (const from of [bonded, otherBonded, unbonded]) {
        await reverts(test.tryLand(from, [checkpoint], { timeSec: test.time(5, 20) }), "Rollup__SlotAlreadySubmitted", {
          slot: 5n,
          lastSubmittedSlot: 5n,
        });
      }
    });

    it("refuses another one for its slot, and one for a slot before", async () => {
      const test = await load();
      const [, landed] = test.chain([4, 5]);
      await test.land(bonded, [test.checkpoint({ slot: 5 })]);
      const rival = test.checkpoint({ slot: 5, salt: "rival", parent: landed!.tip });
      await reverts(test.tryLand(bonded, [rival], { timeSec: test.time(5, 20) }), "Rollup__SlotAlreadySubmitted", {
        slot: 5n,
        lastSubmittedSlot: 5n,
      });
      await reverts(
        test.tryLand(bonded, [test.checkpoint({ slot: 4 })], { timeSec: test.time(5, 30) }),
        "Rollup__SlotAlreadySubmitted",
        { slot: 4n, lastSubmittedSlot: 5n },
      );
    });

    it("finds the duplicate before the window is over is looked at", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: 5 });
      await test.land(bonded, [checkpoint]);
      await reverts(test.tryLand(bonded, [checkpoint], { timeSec: test.time(50) }), "Rollup__SlotAlreadySubmitted", {
        slot: 5n,
        lastSubmittedSlot: 5n,
      });
    });
  });

  describe("given a late checkpoint and the next", () => {
    it("lands both in one call, the first as batched and paid less than it is charged", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      const landed = landedIn(await test.land(bonded, [late!, own!]));
      expect(landed.map(({ number, slot }) => [number, slot])).to.deep.equal([
        [1, 5],
        [2, 6],
      ]);
      expect(landed[0]).to.include({ late: true, batched: true, successor: true, recipient: addressOf(recipient) });
      expect(landed[1]).to.include({ late: false, batched: false, chargedWei: 0n, paidWei: 0n });
      expect(landed[0]!.paidWei < landed[0]!.chargedWei).to.equal(true);
      expect(landed[0]!.paidWei > 0n).to.equal(true);
      const { slot, number, digest } = await test.rollup.tips();
      expect([slot, number, digest]).to.deep.equal([6n, 2n, BigInt(own!.tip.digest)]);
    });

    it("lands both verified for a sender without a bond", async () => {
      const test = await load();
      const landed = landedIn(await test.land(unbonded, test.chain([5, 6])));
      expect(landed.map(({ verified }) => verified)).to.deep.equal([true, true]);
    });

    it("gives each its own run of the transaction's blobs", async () => {
      const test = await load();
      const late = test.checkpoint({ slot: 5, blobs: test.blobs.slice(0, 2) });
      const own = test.checkpoint({ slot: 6, parent: late.tip, blobs: test.blobs.slice(2, 5) });
      const landed = landedIn(await test.land(bonded, [late, own]));
      expect(landed.map(({ blobCount }) => blobCount)).to.deep.equal([2, 3]);
    });

    it("refuses the wrong order", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      const mined = test.tryLand(bonded, [own!, late!], { timeSec: test.time(6) });
      const error = (await mined).error;
      expect(error?.name).to.equal("Rollup__DigestMismatch");
    });

    it("refuses the second on another parent, and then lands neither", async () => {
      const test = await load();
      const late = test.checkpoint({ slot: 5 });
      const stranger = test.checkpoint({ slot: 5, salt: "never landed" });
      const own = test.checkpoint({ slot: 6, parent: stranger.tip });
      const { digest: expected } = test.checkpoint({ slot: 6, parent: late.tip }).submission;
      await reverts(test.tryLand(bonded, [late, own]), "Rollup__DigestMismatch", {
        expected,
        actual: own.submission.digest,
      });
      expect((await test.rollup.tips()).number).to.equal(0n);
    });

    it("refuses the same one twice", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: 5 });
      await reverts(test.tryLand(bonded, [checkpoint, checkpoint]), "Rollup__SlotAlreadySubmitted", {
        slot: 5n,
        lastSubmittedSlot: 5n,
      });
    });

    it("refuses three, as the first's window is over when the third's opens", async () => {
      const test = await load();
      await reverts(test.tryLand(bonded, test.chain([4, 5, 6])), "Rollup__OutsideWindow", {
        slot: 4n,
        currentSlot: 6n,
        secondsIntoSlot: 0n,
      });
    });
  });

  describe("given the first landed already", () => {
    it("skips it, passes over its blobs, and lands the second", async () => {
      const test = await load();
      const late = test.checkpoint({ slot: 5, blobs: test.blobs.slice(0, 2) });
      const own = test.checkpoint({ slot: 6, parent: late.tip, blobs: test.blobs.slice(2, 3) });
      await test.land(otherBonded, [late], { timeSec: test.time(6) });
      const landed = landedIn(await test.land(bonded, [late, own], { timeSec: test.time(6, 12) }));
      expect(landed.map(({ number, slot }) => [number, slot])).to.deep.equal([[2, 6]]);
    });

    it("also when the window of the first is over", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      await test.land(otherBonded, [late!], { timeSec: test.time(6) });
      await test.land(bonded, [late!, own!], { timeSec: test.time(6, 71) });
      expect((await test.rollup.tips()).slot).to.equal(6n);
    });

    it("skips it named several times", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      await test.land(otherBonded, [late!], { timeSec: test.time(6) });
      await test.land(bonded, [late!, late!, own!], { timeSec: test.time(6, 12) });
      expect((await test.rollup.tips()).slot).to.equal(6n);
    });

    it("reverts when nothing but duplicates is left", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      await test.land(otherBonded, [late!, own!]);
      for (const batch of [[own!], [own!, own!]]) {
        await reverts(test.tryLand(bonded, batch, { timeSec: test.time(6, 12) }), "Rollup__SlotAlreadySubmitted", {
          slot: 6n,
          lastSubmittedSlot: 6n,
        });
      }
    });

    it("reverts when both landed: the first is not the tip any more", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      await test.land(otherBonded, [late!, own!]);
      await reverts(
        test.tryLand(bonded, [late!, own!], { timeSec: test.time(6, 12) }),
        "Rollup__SlotAlreadySubmitted",
        {
          slot: 5n,
          lastSubmittedSlot: 6n,
        },
      );
    });

    it("knows it by its digest and looks at nothing else of it but its blob count", async () => {
      const test = await load();
      const [late, own] = test.chain([5, 6]);
      await test.land(otherBonded, [late!], { timeSec: test.time(6) });
      const { header } = test.checkpoint({ slot: 40, header: { inboxCount: 7, onTimeCapBps: 20_000 } }).submission;
      const landed = landedIn(
        await test.land(bonded, [claiming(late!, { header, signers: 0n }), own!], { timeSec: test.time(6, 12) }),
      );
      expect(landed.map(({ number, slot }) => [number, slot])).to.deep.equal([[2, 6]]);
    });

    it("passes over as many blobs as it is said to have, and no fewer", async () => {
      const test = await load();
      const late = test.checkpoint({ slot: 5, blobs: test.blobs.slice(0, 1) });
      const own = test.checkpoint({ slot: 6, parent: late.tip, blobs: test.blobs.slice(1, 2) });
      await test.land(otherBonded, [late], { timeSec: test.time(6) });
      const batch = [claiming(late, { blobCount: 2 }), own];
      await reverts(test.tryLand(bonded, batch, { timeSec: test.time(6, 12) }), "Rollup__BlobMissing", { index: 2n });
    });
  });

  describe("given the first landed and was removed by a challenge", () => {
    it("lands both, the first refilling its slot on time", async () => {
      const test = await load();
      const late = test.checkpoint({ slot: 5 });
      const own = test.checkpoint({ slot: 6, parent: late.tip });
      const bad = logsIn(await test.land(otherBonded, [test.forged({ slot: 5 })]));
      await test.call(challenger, "challenge", [bad], { timeSec: test.time(5, 40) });
      const landed = landedIn(await test.land(bonded, [late, own]));
      expect(landed.map(({ slot, late: isLate }) => [slot, isLate])).to.deep.equal([
        [5, false],
        [6, false],
      ]);
    });
  });
});
