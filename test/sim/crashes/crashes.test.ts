import { expect } from "chai";
import { type CrashRun, checkRecovered, runWithCrash } from "./run.ts";
import type { Side } from "./writes.ts";

describe("an agent that is ended at a write", function () {
  // Each run simulates six slots; `npm run test:long` ends it at every write, on both sides of each.
  this.timeout(180_000);
  let whole: CrashRun;

  before(async () => {
    whole = await runWithCrash();
  });

  it("has, undisturbed, every kind of write, and lands every slot", () => {
    // Another L1 block may pass a transaction by, or not: that is no kind to count on.
    expect([...new Set(whole.writes)]).to.include.members([
      "chain.mdb",
      "guard-witness.mdb",
      "guard.mdb",
      "journal accepted",
      "journal closed",
      "journal intent",
      "journal mined",
    ]);
    checkRecovered(whole);
  });

  it("comes back with all that was durable, and goes on: at one write of each kind", async () => {
    const kinds = [...new Set(whole.writes)];
    const sides: Side[] = ["before", "after"];
    for (const [at, kind] of kinds.entries()) {
      const places = whole.writes.flatMap((what, index) => (what === kind ? [index] : []));
      const index = places[Math.floor(places.length / 2)] as number;
      const side = sides[at % 2] as Side;
      checkRecovered(await runWithCrash({ index, side }), `${side} write ${index}, ${kind}`);
    }
  });
});
