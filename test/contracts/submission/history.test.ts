import fc from "fast-check";
import { fixtureOf } from "../fixture.ts";
import { anyStep, History } from "../support/history.ts";

// A ring of three, so that it is full now and then.
const load = fixtureOf({ config: { ringSize: 3 } });

describe("any history of landings, challenges and settlements", () => {
  it("goes as the rules say, step by step: who lands, who is removed, what settles", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 9 }), async (steps) => {
        const history = new History(await load());
        for (const step of steps) await history.take(step);
      }),
      { numRuns: 15 },
    );
  });
});
