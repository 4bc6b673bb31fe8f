import { expect } from "chai";
import { isJobCurrent } from "../../../sdk/agent/chain/jobs.ts";
import { chainOf, GENESIS_HASH, genesis, hash, lastHash } from "./support.ts";

const job = { slot: 2, parentHash: lastHash(1), built: undefined, isClear: true };

describe("what a proposer builds", () => {
  it("goes on while its parent is there and nothing else stands on that", () => {
    expect(isJobCurrent(chainOf("complete"), job)).to.equal(true);
    expect(isJobCurrent(chainOf("complete", "building"), job)).to.equal(true);
    expect(isJobCurrent(chainOf("building"), job)).to.equal(false);
    expect(isJobCurrent(genesis(), job)).to.equal(false);
  });

  it("is given up when a block of it went away", () => {
    const built = hash("b2.0");
    expect(isJobCurrent(chainOf("complete", "building"), { ...job, built })).to.equal(true);
    expect(isJobCurrent(chainOf("complete"), { ...job, built })).to.equal(false);
  });

  it("is given up when what it leaves out comes after all, in parts or as a whole", () => {
    const past = { ...job, parentHash: GENESIS_HASH };
    expect(isJobCurrent(genesis(), past)).to.equal(true);
    for (const stage of ["building", "complete", "proposed"] as const) {
      expect(isJobCurrent(chainOf(stage), past), stage).to.equal(false);
      expect(isJobCurrent(chainOf(stage), { ...past, isClear: false }), `${stage}, not yet discarded`).to.equal(true);
    }
  });
});
