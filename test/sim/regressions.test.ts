import { expect } from "chai";
import type { FaultKind } from "./faults/plan.ts";
import { simulate } from "./run.ts";

interface Regression {
  what: string;
  seed: number;
  slots: number;
  faults: FaultKind[];
  /** Slots that are lawfully lost. */
  lost: number[];
}

/** Seeds worth keeping: what they showed once, they must not show again. */
const SEEDS: Regression[] = [
  {
    what: "a proposer that is silent costs its slot, and not its child's",
    seed: 27,
    slots: 9,
    faults: ["crashes"],
    lost: [3],
  },
  {
    what: "what missed every L1 block of its slot is landed in the next, with its child unharmed",
    seed: 91,
    slots: 9,
    faults: ["missed"],
    lost: [],
  },
  {
    what: "a proposer that shows two last blocks and a proposal on each costs its own slots, and loses its stake",
    seed: 2,
    slots: 10,
    faults: ["two-blocks"],
    lost: [2, 7],
  },
];

describe("seeds kept", function () {
  // Ten slots of four real agents; on a busy machine each takes seconds.
  this.timeout(240_000);

  for (const { what, seed, slots, faults, lost } of SEEDS) {
    it(`${what} (seed ${seed})`, async () => {
      const { violation, landed } = await simulate({ seed, slots, profile: "fast", faults });
      expect(violation, String(violation?.stack)).to.equal(undefined);
      const onL1 = new Set(landed.map(({ slot }) => slot));
      const missing = Array.from({ length: slots }, (_, i) => i + 1).filter((slot) => !onL1.has(slot));
      expect(missing).to.deep.equal(lost);
    });
  }
});
