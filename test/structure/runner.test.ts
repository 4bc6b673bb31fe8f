import { globSync } from "node:fs";
import { expect } from "chai";
import { readTotals } from "../../.ci/count.ts";
import { LONG_TESTS, testSteps } from "../../.ci/steps.ts";

describe("test runner", () => {
  it("adds up what mocha printed, coloured or not", () => {
    const output = "\u001b[32m  3 passing\u001b[0m (2s)\n\n  1 failing\n\n  1) a test saying 7 passing things\n";
    expect(readTotals(output)).to.deep.equal({ passed: 3, failed: 1 });
    expect(readTotals("  5 passing (1s)\n")).to.deep.equal({ passed: 5, failed: 0 });
  });

  it("takes silence for no result, not for success", () => {
    expect(readTotals("Error: No test files found\n")).to.equal(undefined);
  });

  it("has every folder with tests as a step, but the one that has a command of its own", () => {
    const folders = new Set(globSync("test/**/*.test.ts").map((file) => file.split("/").slice(0, 2).join("/")));
    expect(folders.delete(`test/${LONG_TESTS}`)).to.equal(true);
    expect(testSteps().map((step) => step.name)).to.deep.equal([...folders].sort());
  });
});
