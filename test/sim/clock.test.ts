import { expect } from "chai";
import { NO_FAULTS } from "./faults/plan.ts";
import { simulate } from "./run.ts";

/** Proposes slot 1. */
const SKEWED = 1;

describe("simulation of a clock that is off by more than clocks may differ", function () {
  // Real agents, on a busy machine: a slot takes up to seconds.
  this.timeout(120_000);

  for (const skewMs of [1_000, -1_000]) {
    it(`is found out by what its agent does not sign, which says why: by ${skewMs} ms`, async () => {
      const skewsMs = NO_FAULTS.skewsMs.map((_, agent) => (agent === SKEWED ? skewMs : 0));
      const planOf = () => ({ ...NO_FAULTS, skewsMs });
      const { timeline, violation } = await simulate({ seed: 1, slots: 2, profile: "fast", planOf });
      // The rules of the simulation are for clocks that are right enough: a duty of this one's is missed.
      expect(String(violation)).to.match(/agent-1/);
      const refused = timeline.filter((line) => /"reason":"expected clocks within 100 ms/.test(line));
      expect(refused.join("\n")).to.match(/agent-1 .*(nothing is signed|build failed|does not vote)/);
      expect(refused.filter((line) => !line.includes(" agent-1 "))).to.deep.equal([]);
    });
  }
});
