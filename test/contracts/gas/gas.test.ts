import { expect } from "chai";
import hre from "hardhat";
import { CASES, type GasResults, goalOf, readSnapshot } from "../../../bench/gas/cases.ts";
import { measureGas } from "../../../bench/gas/measure.ts";

describe("gas", () => {
  let results: GasResults;

  before(async function () {
    this.timeout(120_000);
    results = await measureGas(await hre.network.create());
  });

  for (const name of CASES) {
    it(`of ${name} is the snapshot's (after a wanted change: npm run bench -- gas, then copy its results over)`, () => {
      expect(results[name]).to.deep.equal(readSnapshot()[name]);
    });

    it(`of ${name} meets its goal, if it has one`, () => {
      const goal = goalOf(name, results) ?? Number.POSITIVE_INFINITY;
      expect(results[name].gas).to.be.at.most(goal);
    });
  }

  for (const name of ["duplicate", "stale"] as const) {
    it(`of ${name} is that of its calldata and nothing more`, () => {
      expect(results[name].gas).to.equal(results[name].floor);
    });
  }
});
