import { expect } from "chai";
import { ACCOUNTS, fixtureOf, landedIn } from "../fixture.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded } = ACCOUNTS;
const SLOT = 9;
const L1_SLOT = 12;
/** K, the handoff window; W, the slot; both in seconds. */
const K = 48;
const W = 72;
const SUCCESSOR = 24;

describe("submit: window", () => {
  describe("given a checkpoint for slot s", () => {
    it("is refused in the last second of the slot before", async () => {
      const test = await load();
      await reverts(
        test.tryLand(bonded, [test.checkpoint({ slot: SLOT })], { timeSec: test.time(SLOT, -1) }),
        "Rollup__OutsideWindow",
        { slot: BigInt(SLOT), currentSlot: BigInt(SLOT - 1), secondsIntoSlot: BigInt(W - 1) },
      );
    });

    for (const second of [0, 1, L1_SLOT, K, W - 1]) {
      it(`lands on time ${second} s into its slot`, async () => {
        const test = await load();
        const timeSec = test.time(SLOT, second);
        const [landed] = landedIn(await test.land(bonded, [test.checkpoint({ slot: SLOT })], { timeSec }));
        expect(landed).to.include({ number: 1, slot: SLOT, timeSec, late: false, successor: false, batched: false });
      });
    }

    for (const second of [0, 1, L1_SLOT, SUCCESSOR - 1, SUCCESSOR, K - 1]) {
      it(`lands late ${second} s into the next slot, ${second < SUCCESSOR ? "to" : "not to"} its successor's credit`, async () => {
        const test = await load();
        const timeSec = test.time(SLOT + 1, second);
        const [landed] = landedIn(await test.land(bonded, [test.checkpoint({ slot: SLOT })], { timeSec }));
        expect(landed).to.include({ number: 1, slot: SLOT, timeSec, late: true, successor: second < SUCCESSOR });
      });
    }

    for (const second of [K, W - 1]) {
      it(`is refused ${second} s into the next slot`, async () => {
        const test = await load();
        await reverts(
          test.tryLand(bonded, [test.checkpoint({ slot: SLOT })], { timeSec: test.time(SLOT + 1, second) }),
          "Rollup__OutsideWindow",
          { slot: BigInt(SLOT), currentSlot: BigInt(SLOT + 1), secondsIntoSlot: BigInt(second) },
        );
      });
    }

    it("is refused two slots later, from the first second", async () => {
      const test = await load();
      await reverts(
        test.tryLand(bonded, [test.checkpoint({ slot: SLOT })], { timeSec: test.time(SLOT + 2) }),
        "Rollup__OutsideWindow",
        { slot: BigInt(SLOT), currentSlot: BigInt(SLOT + 2), secondsIntoSlot: 0n },
      );
    });
  });

  describe("given no slot has begun", () => {
    it("refuses everything, naming genesis and the time", async () => {
      const test = await load();
      const timeSec = test.config.genesisTime - 1;
      await reverts(test.tryLand(bonded, [test.checkpoint({ slot: 1 })], { timeSec }), "Rollup__BeforeGenesis", {
        genesisTime: BigInt(test.config.genesisTime),
        time: BigInt(timeSec),
      });
    });

    it("does not poke a seed either", async () => {
      const test = await load();
      const timeSec = test.config.genesisTime - 1;
      await reverts(test.attempt(bonded, "poke", [], { timeSec }), "Rollup__BeforeGenesis", {
        genesisTime: BigInt(test.config.genesisTime),
        time: BigInt(timeSec),
      });
    });
  });

  describe("given slot 0", () => {
    it("has no checkpoint: genesis stands for it", async () => {
      const test = await load();
      await reverts(
        test.tryLand(bonded, [test.checkpoint({ slot: 0 })], { timeSec: test.time(0) }),
        "Rollup__SlotAlreadySubmitted",
        { slot: 0n, lastSubmittedSlot: 0n },
      );
    });
  });

  describe("deadline", () => {
    it("lets the call through in its last second", async () => {
      const test = await load();
      const timeSec = test.time(SLOT, W - 1);
      await test.land(bonded, [test.checkpoint({ slot: SLOT })], { timeSec, deadlineSec: timeSec });
      expect((await test.rollup.tips()).slot).to.equal(BigInt(SLOT));
    });

    it("reverts one second after, before anything else is looked at", async () => {
      const test = await load();
      const timeSec = test.time(SLOT);
      await reverts(test.tryLand(bonded, [], { timeSec, deadlineSec: timeSec - 1 }), "Rollup__DeadlinePassed", {
        deadline: BigInt(timeSec - 1),
        time: BigInt(timeSec),
      });
    });
  });

  it("refuses a call without submissions", async () => {
    const test = await load();
    await reverts(test.tryLand(bonded, [], { timeSec: test.time(SLOT) }), "Rollup__NothingSubmitted", {});
  });
});
