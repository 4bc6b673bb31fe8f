import { expect } from "chai";
import hre from "hardhat";
import { CASES, CASES_WITH_GOAL, type GasResults, goalOf, readSnapshot } from "../../../bench/gas/cases.ts";
import { measureGas } from "../../../bench/gas/measure.ts";

describe("gas", () => {
  let results: GasResults;

  before(async function () {
    // Registers the most validators there can be, one by one.
    this.timeout(240_000);
    results = await measureGas(await hre.network.create());
  });

  for (const name of CASES) {
    it(`of ${name} is the snapshot's (after a wanted change: npm run bench -- gas, then copy its results over)`, () => {
      expect(results[name]).to.deep.equal(readSnapshot()[name]);
    });
  }

  for (const name of CASES_WITH_GOAL) {
    it(`of ${name} meets its goal`, () => {
      expect(results[name].gas).to.be.at.most(goalOf(name, results) as number);
    });
  }

  for (const name of ["duplicate", "stale"] as const) {
    it(`of ${name} is that of its calldata and nothing more`, () => {
      expect(results[name].gas).to.equal(results[name].floor);
    });
  }
});
