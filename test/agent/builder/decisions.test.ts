import { expect } from "chai";
import { BUSY_PERCENT, gasBudget, planIntervals } from "../../../sdk/agent/builder/intervals.ts";
import { SenderLimits } from "../../../sdk/agent/builder/limits.ts";
import { commonLength, type Executed, isBetter, Lineage } from "../../../sdk/agent/builder/lineage.ts";
import { replaceableFrom, select } from "../../../sdk/agent/builder/selection.ts";
import { nextStep, type Progress } from "../../../sdk/agent/builder/step.ts";
import { triggerAction } from "../../../sdk/agent/builder/trigger.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { BASE_FEE, pooled } from "./support.ts";

const executed = (name: number, tipWei: bigint, change: Partial<Executed> = {}): Executed => ({
  hash: `0x${name.toString(16).padStart(64, "0")}`,
  raw: "0xaa",
  from: `0x${name.toString(16).padStart(40, "0")}`,
  gasUsed: 21_000n,
  tipWei,
  bytes: 100,
  tookMs: 1,
  preconfirmed: false,
  ...change,
});

describe("a trigger", () => {
  const table: [cancelled: boolean, resolved: "none" | "shown" | "new", action: string][] = [
    [false, "new", "publish"],
    [false, "shown", "suppress"],
    [false, "none", "advance"],
    [true, "new", "stop"],
    [true, "shown", "stop"],
    [true, "none", "stop"],
  ];
  for (const [cancelled, resolved, action] of table) {
    it(`${cancelled ? "cancelled" : "not cancelled"}, with ${resolved}: ${action}`, () => {
      expect(triggerAction({ cancelled, resolved })).to.equal(action);
    });
  }
});

describe("the intervals of a block", () => {
  const options = { flashblockMs: 200, sealMs: 10, gasLimit: 1_000n };
  const plan = (nowMs: number, endMs: number, change = {}) =>
    planIntervals(nowMs, { startMs: 0, endMs }, { ...options, ...change });

  it("are counted back from its end, and share its gas", () => {
    const intervals = plan(0, 1_000);
    expect(intervals.map(({ triggerMs }) => triggerMs)).to.deep.equal([200, 400, 600, 800, 1_000]);
    expect(intervals.map(({ gas }) => gas)).to.deep.equal([200n, 400n, 600n, 800n, 1_000n]);
    expect(intervals.map(({ last }) => last)).to.deep.equal([false, false, false, false, true]);
  });

  it("are fewer, and larger, when it starts late", () => {
    const intervals = plan(590, 1_000);
    expect(intervals.map(({ startMs, triggerMs, gas }) => [startMs, triggerMs, gas])).to.deep.equal([
      [590, 800, 500n],
      [800, 1_000, 1_000n],
    ]);
  });

  it("are at least one, though its end has passed", () => {
    expect(plan(1_100, 1_000)).to.deep.equal([{ index: 0, startMs: 1_100, triggerMs: 1_000, last: true, gas: 1_000n }]);
  });

  it("begun ahead of its time are one more, that ends at its start", () => {
    const ahead = (nowMs: number) => planIntervals(nowMs, { startMs: 1_000, endMs: 1_400 }, options);
    expect(ahead(900).map(({ startMs, triggerMs, gas, last }) => [startMs, triggerMs, gas, last])).to.deep.equal([
      [900, 1_000, 333n, false],
      [1_000, 1_200, 666n, false],
      [1_200, 1_400, 1_000n, true],
    ]);
    expect(
      ahead(985).map(({ triggerMs }) => triggerMs),
      "no time to seal anything",
    ).to.deep.equal([1_200, 1_400]);
  });

  it("are longer where a seal would fill them", () => {
    const intervals = plan(0, 1_000, { sealMs: 150 });
    expect(intervals.map(({ triggerMs }) => triggerMs)).to.deep.equal([500, 1_000]);
  });

  it("hold what can be executed and sealed in the busy part of them, and no more than their share", () => {
    const [first] = plan(0, 1_000) as [ReturnType<typeof plan>[0]];
    expect(gasBudget(first, 0n, undefined, 10), "not measured yet").to.equal(200n);
    const busyMs = (200 * BUSY_PERCENT) / 100 - 10;
    expect(gasBudget(first, 50n, 1, 10)).to.equal(50n + BigInt(busyMs));
    expect(gasBudget(first, 150n, 1, 10)).to.equal(200n);
    expect(gasBudget(first, 5n, 1, 1_000), "no time at all").to.equal(5n);
  });
});

describe("the next step of a block", () => {
  const base: Progress = {
    nowMs: 100,
    triggerMs: 200,
    fillUntilMs: 180,
    hasCandidate: true,
    isContinuous: true,
    isAhead: false,
    sealFromMs: 0,
    poolMoved: false,
    backOffMs: 4,
  };
  const table: [what: string, change: Partial<Progress>, step: object][] = [
    ["an empty candidate first", { hasCandidate: false, poolMoved: true }, { step: "seal" }],
    ["even too late", { hasCandidate: false, nowMs: 300 }, { step: "seal" }],
    ["fills from a pool that moved", { poolMoved: true }, { step: "fill" }],
    ["seals what is better", { isAhead: true }, { step: "seal" }],
    ["but not too often", { isAhead: true, sealFromMs: 140, poolMoved: true }, { step: "fill" }],
    ["and waits for that", { isAhead: true, sealFromMs: 102 }, { step: "wait", untilMs: 102 }],
    ["seals before the trigger what is better", { isAhead: true, sealFromMs: 999, nowMs: 180 }, { step: "seal" }],
    ["fills no more then", { poolMoved: true, nowMs: 180 }, { step: "wait", untilMs: 200 }],
    ["leaves an unchanged pool alone", {}, { step: "wait", untilMs: 104 }],
    ["not beyond the time to seal", { nowMs: 179, backOffMs: 25 }, { step: "wait", untilMs: 180 }],
    ["once only: fills", { isContinuous: false, hasCandidate: false, poolMoved: true }, { step: "fill" }],
    ["once only: waits", { isContinuous: false, hasCandidate: false }, { step: "wait", untilMs: 104 }],
    ["once only: seals at the end", { isContinuous: false, hasCandidate: false, nowMs: 180 }, { step: "seal" }],
    ["once only: and is done", { isContinuous: false, isAhead: true, nowMs: 185 }, { step: "wait", untilMs: 200 }],
  ];
  for (const [what, change, step] of table) {
    it(what, () => expect(nextStep({ ...base, ...change })).to.deep.equal(step));
  }
});

describe("what is executed", () => {
  it("counts gas, fees and bytes, there and back", () => {
    const lineage = new Lineage();
    lineage.push(executed(1, 2n));
    const before = [lineage.gasUsed, lineage.feesWei, lineage.bytes];
    lineage.push(executed(2, 5n, { gasUsed: 100n, bytes: 7 }));
    expect([lineage.gasUsed, lineage.feesWei, lineage.bytes]).to.deep.equal([21_100n, 42_500n, 107]);
    lineage.truncate(1);
    expect([lineage.gasUsed, lineage.feesWei, lineage.bytes]).to.deep.equal(before);
    expect(lineage.entries).to.deep.equal([executed(1, 2n)]);
  });

  const worth = (...entries: Executed[]) => ({
    entries,
    feesWei: entries.reduce((sum, { gasUsed, tipWei }) => sum + gasUsed * tipWei, 0n),
  });
  const table: [
    what: string,
    candidate: ReturnType<typeof worth>,
    best: ReturnType<typeof worth> | undefined,
    boolean,
  ][] = [
    ["the first, though empty", worth(), undefined, true],
    ["what it grew into", worth(executed(1, 2n), executed(2, 1n)), worth(executed(1, 2n)), true],
    ["what it grew into at no tip", worth(executed(1, 2n), executed(2, 0n)), worth(executed(1, 2n)), true],
    ["not itself", worth(executed(1, 2n)), worth(executed(1, 2n)), false],
    ["not a part of it", worth(executed(1, 2n)), worth(executed(1, 2n), executed(2, 1n)), false],
    ["another order that earns more", worth(executed(3, 4n)), worth(executed(1, 2n), executed(2, 1n)), true],
    ["not one that earns as much", worth(executed(3, 3n)), worth(executed(1, 2n), executed(2, 1n)), false],
    [
      "not one that uses more gas and earns less",
      worth(executed(3, 1n, { gasUsed: 40_000n })),
      worth(executed(1, 2n)),
      false,
    ],
    [
      "one that uses less gas and earns more",
      worth(executed(3, 9n, { gasUsed: 9_000n })),
      worth(executed(1, 2n)),
      true,
    ],
  ];
  for (const [what, candidate, best, better] of table) {
    it(`takes the place of the best: ${what}`, () => expect(isBetter(candidate, best)).to.equal(better));
  }

  it("has in common what stands before the first difference", () => {
    const [a, b, c] = [executed(1, 1n), executed(2, 1n), executed(3, 1n)];
    expect(commonLength([a, b], [a, c])).to.equal(1);
    expect(commonLength([a, b], [a, b, c])).to.equal(2);
    expect(commonLength([], [a])).to.equal(0);
  });
});

describe("choosing from the pool", () => {
  const ROOM = { gas: 100_000n, bytes: 1_000 };
  const FREE = () => ({ gas: 10n ** 9n, computeMs: 1e9 });
  const tips = (batch: readonly { maxPriorityFeePerGas: bigint }[]): bigint[] =>
    batch.map((one) => one.maxPriorityFeePerGas);
  const A: Hex = `0x${"a1".repeat(20)}`;
  const B: Hex = `0x${"b1".repeat(20)}`;

  it("takes what fits in the pool's order, and holds back the later ones of a sender whose first does not", () => {
    const picked = [
      pooled({ tip: 9n, from: A, gasLimit: 100_001n }),
      pooled({ tip: 8n, from: A }),
      pooled({ tip: 7n, from: B }),
      pooled({ tip: 6n, raw: `0x${"00".repeat(1_000)}` }),
      pooled({ tip: 5n }),
    ];
    const { batch, contender } = select(picked, () => false, ROOM, FREE, 32);
    expect(tips(batch)).to.deep.equal([7n, 5n]);
    expect(contender).to.equal(picked[0]);
  });

  it("leaves out what is out, and takes no more than asked for", () => {
    const picked = [9n, 8n, 7n, 6n].map((tip) => pooled({ tip }));
    const isOut = (hash: Hex): boolean => hash === picked[0]?.hash;
    expect(tips(select(picked, isOut, ROOM, FREE, 2).batch)).to.deep.equal([8n, 7n]);
  });

  it("lets everybody within the allowance go before who is beyond it, and promised ones before all", () => {
    const picked = [
      pooled({ tip: 0n, from: A, preconfirmed: true }),
      pooled({ tip: 9n, from: A }),
      pooled({ tip: 8n, from: A }),
      pooled({ tip: 1n, from: B }),
    ];
    const left = (sender: Hex) => ({ gas: sender === A ? 21_000n : 10n ** 9n, computeMs: 1 });
    expect(tips(select(picked, () => false, ROOM, left, 32).batch)).to.deep.equal([0n, 9n, 1n, 8n]);
    const spent = () => ({ gas: 10n ** 9n, computeMs: 0 });
    expect(tips(select(picked, () => false, ROOM, spent, 32).batch), "no time left").to.deep.equal([0n, 9n, 8n, 1n]);
  });

  describe("in a full interval", () => {
    const NO_ROOM = { gas: 0n, bytes: 1_000 };
    const entries = [executed(1, 9n), executed(2, 5n), executed(3, 3n), executed(4, 2n)];
    const keep = (tip: bigint, change = {}, shown = 0, held = entries): number | undefined =>
      replaceableFrom(held, shown, pooled({ tip, ...change }), BASE_FEE, NO_ROOM);

    it("executes anew from the first that pays less, if those that do make room enough", () => {
      expect(keep(4n)).to.equal(2);
      expect(keep(4n, { gasLimit: 42_000n })).to.equal(2);
      expect(keep(4n, { gasLimit: 42_001n })).to.equal(undefined);
      expect(keep(6n, {}, 2), "what was shown stays").to.equal(2);
      const mixed = [executed(1, 1n), executed(2, 9n)];
      expect(keep(4n, {}, 0, mixed)).to.equal(0);
      expect(keep(4n, { gasLimit: 21_001n }, 0, mixed), "the better one goes before it").to.equal(undefined);
    });

    it("gives up none that pays as much, none that was shown or promised, and none of the same sender's", () => {
      expect(keep(2n)).to.equal(undefined);
      expect(keep(4n, {}, 4)).to.equal(undefined);
      expect(keep(4n, {}, 0, [executed(1, 0n, { preconfirmed: true })])).to.equal(undefined);
      expect(keep(4n, {}, 0, [executed(1, 1n), executed(2, 0n, { preconfirmed: true })])).to.equal(undefined);
      expect(keep(4n, { from: A }, 0, [executed(1, 1n, { from: A })])).to.equal(undefined);
    });
  });
});

describe("a sender's allowance", () => {
  const SENDER: Hex = `0x${"ad".repeat(20)}`;
  const limits = (maxSenders = 10): SenderLimits =>
    new SenderLimits({ gasBurst: 100n, gasPerSecond: 10n, computeBurstMs: 50, computeMsPerSecond: 5, maxSenders });

  it("is what it was until it is charged, then comes back with time, up to the burst", () => {
    const one = limits();
    expect(one.left(SENDER, 0)).to.deep.equal({ gas: 100n, computeMs: 50 });
    expect(one.left(SENDER, 0)).to.deep.equal({ gas: 100n, computeMs: 50 });
    one.charge(SENDER, { gas: 130n, computeMs: 60 }, 0);
    expect(one.left(SENDER, 0)).to.deep.equal({ gas: -30n, computeMs: -10 });
    expect(one.left(SENDER, 4_000)).to.deep.equal({ gas: 10n, computeMs: 10 });
    expect(one.left(SENDER, 1e9)).to.deep.equal({ gas: 100n, computeMs: 50 });
    expect(one.left(SENDER, -5), "a clock that went back").to.deep.equal({ gas: -30n, computeMs: -10 });
  });

  it("forgets who was not seen for longest", () => {
    const one = limits(2);
    const senders = ["aa", "bb", "cc"].map((byte): Hex => `0x${byte.repeat(20)}`);
    for (const sender of senders) one.charge(sender, { gas: 40n, computeMs: 1 }, 0);
    expect(senders.map((sender) => one.left(sender, 0).gas)).to.deep.equal([100n, 60n, 60n]);
  });
});
