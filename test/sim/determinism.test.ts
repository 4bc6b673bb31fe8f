import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { simulate } from "./run.ts";

const SLOTS = 3;

/** What another process says of a seed. */
async function hashElsewhere(seed: number): Promise<string | undefined> {
  const args = ["test/sim/main.ts", "--seeds", String(seed), "--slots", String(SLOTS), "--faults", "none"];
  const { stdout } = await promisify(execFile)("node", args);
  return /trace (\w{64})/.exec(stdout)?.[1];
}

describe("simulation", function () {
  // Each run compiles nothing but loads Hardhat, and on a busy machine a slot takes seconds.
  this.timeout(120_000);

  it("the same seed is the same history in another process, and another seed is not", async () => {
    const [elsewhere, here] = await Promise.all([
      hashElsewhere(1),
      simulate({ seed: 1, slots: SLOTS, profile: "fast", faults: [] }),
    ]);
    expect(here.violation, String(here.violation?.stack)).to.equal(undefined);
    expect(here.landed.map(({ slot }) => slot)).to.deep.equal([1, 2, 3, 4]);
    expect(here.landed.some(({ late }) => late)).to.equal(false);
    expect(elsewhere).to.equal(here.hash);
    const other = await simulate({ seed: 2, slots: 1, profile: "fast", faults: [] });
    expect(other.hash).not.to.equal(here.hash);
  });
});
