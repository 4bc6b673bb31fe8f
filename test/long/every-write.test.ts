import { checkRecovered, runWithCrash } from "../sim/crashes/run.ts";

describe("an agent that is ended at a write", function () {
  // Some 360 simulations, of one and a half seconds each on a machine that does nothing else.
  this.timeout(3_600_000);

  it("comes back with all that was durable, and goes on: before and after every single write", async () => {
    const { writes } = await runWithCrash();
    for (const [index, what] of writes.entries()) {
      for (const side of ["before", "after"] as const) {
        checkRecovered(await runWithCrash({ index, side }), `${side} write ${index}, ${what}`);
      }
    }
  });
});
