import { expect } from "chai";
import { ACTS } from "../actors/acts.ts";
import { CALM_SLOTS, describePlan, MISHAPS, mishapsOf, planFaults, type Window } from "./plan.ts";

const SLOTS = 40;
const startOf = (slot: number): number => slot * 12_000;
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

describe("faults of a seed", () => {
  it("are the same for the same seed, and others for another", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => JSON.stringify(planFaults(seed, SLOTS, startOf)));
    expect(again).to.equal(first);
    expect(other).not.to.equal(first);
  });

  it("leave the last slots in peace", () => {
    for (const seed of SEEDS) {
      const plan = planFaults(seed, SLOTS, startOf);
      const ends = [...mishapsOf(plan), ...(plan.villain ? [plan.villain] : [])].map(({ toMs }) => toMs);
      expect(Math.max(0, ...ends), `seed ${seed}`).to.be.at.most(startOf(SLOTS - CALM_SLOTS));
    }
  });

  it("are of every kind over the seeds, and of one kind never two at once", () => {
    const seen = new Set<string>();
    for (const plan of SEEDS.map((seed) => planFaults(seed, SLOTS, startOf))) {
      for (const kind of MISHAPS) {
        const windows: Window[] = plan[kind];
        if (windows.length > 0) seen.add(kind);
        for (const [at, { fromMs }] of windows.entries()) {
          expect(fromMs).to.be.greaterThan(windows[at - 1]?.toMs ?? 0);
        }
      }
    }
    expect([...seen].sort()).to.deep.equal([...MISHAPS].sort());
  });

  it("have a villain in some seeds and none in others, and over the seeds each of its acts", () => {
    const seeds = Array.from({ length: 300 }, (_, i) => i + 1);
    const villains = seeds.map((seed) => planFaults(seed, SLOTS, startOf).villain);
    expect(villains).to.include(undefined);
    expect([...new Set(villains.flatMap((villain) => villain?.acts ?? []))].sort()).to.deep.equal([...ACTS].sort());
    expect(planFaults(1, SLOTS, startOf, ["silent", "reorgs"]).villain?.acts).to.deep.equal(["silent"]);
  });

  it("are of the kinds asked for, and no other", () => {
    for (const seed of SEEDS) {
      const plan = planFaults(seed, SLOTS, startOf, ["reorgs", "drops"]);
      const kinds = MISHAPS.filter((kind) => plan[kind].length > 0);
      expect(["reorgs", "drops"], `seed ${seed}`).to.include.members(kinds);
      expect(plan.skewsMs.every((skewMs) => skewMs === 0)).to.equal(true);
    }
    expect(describePlan(planFaults(1, SLOTS, startOf, []))).to.equal("none");
  });
});
