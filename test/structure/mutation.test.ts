import { expect } from "chai";
import { report } from "../../.ci/measure/mutation/report.ts";
import { type Mutant, Schema } from "../../.ci/measure/mutation/schema.ts";

const SOURCE = `pragma solidity 0.8.35;

contract Example {
    uint256 constant LIMIT = 3;

    function asked(uint256 a) internal pure returns (uint256 b) {
        if (a < LIMIT) b = a + 1;
        else revert("no");
    }

    function bare(bool on) internal {
        if (on) return;
        assembly {
            sstore(0, 1)
        }
    }

    function other(bool on) internal pure returns (bool) {
        return !on;
    }
}
`;
const write = (left: readonly string[] = []) => {
  const schema = new Schema(new Set(["LIMIT"]), new Set(left));
  const scope = { path: "contracts/modules/Example.sol", functions: ["asked", "bare"], tests: [] };
  return { text: schema.write(scope, SOURCE), mutants: schema.mutants };
};
const mutant: Mutant = { id: 1, path: "a.sol", line: 1, kind: "logic", name: "a.f: x -> y" };
const run = (killer: string | undefined, explanations: Record<string, string>, hasRun = true) =>
  report({
    mutants: [mutant],
    subjects: [mutant],
    left: new Set(),
    verdicts: new Map(hasRun ? [[1, { id: 1, killer }]] : []),
    explanations,
  });

describe("mutation run", () => {
  it("changes each operator, constant, condition and statement of the functions asked for", () => {
    expect(write().mutants.map(({ name }) => name.replace("Example.asked: ", ""))).to.deep.equal([
      "LIMIT -> LIMIT + 1",
      "LIMIT -> LIMIT - 1",
      "a < LIMIT -> (a) <= (LIMIT)",
      "a < LIMIT -> (a) >= (LIMIT)",
      "1 -> 2",
      "1 -> 0",
      "a + 1 -> (a) - (1)",
      "without b = a + 1",
      'without revert("no")',
      "Example.bare: on -> !on",
      "Example.bare: without return;",
    ]);
  });

  it("writes all of them into one source that means the same while they sleep", () => {
    const { text } = write();
    expect(text).to.include('import {Mutant} from "../Mutant.sol";');
    expect(text).to.include("if ((Mutant.on(3) ? ((a) <= (LIMIT)) : Mutant.on(4) ? ((a) >= (LIMIT)) : (a < (");
    expect(text).to.include('else { if (!Mutant.on(9)) { revert("no"); } }');
    expect(text).to.include("return !on;");
    expect(text).to.include("{ if (!Mutant.on(11)) { return; } }\n        assembly");
    const awake = text.replace(/\{ if \(!Mutant\.on\(\d+\)\) \{ (.*?); \} \}/g, "$1;").replace(/\nimport.*\n/, "");
    const asleep = /\((?:Mutant\.on\(\d+\) \? \([^?:]*\) : )+\(([^?:]*?)\)\)/;
    let plain = awake;
    while (asleep.test(plain)) plain = plain.replace(asleep, "$1");
    expect(plain).to.equal(SOURCE);
  });

  it("leaves out what does not compile, and keeps the numbers of the others", () => {
    const { text, mutants } = write(["Example.asked: 1 -> 0"]);
    expect(mutants).to.have.length(11);
    expect(text).to.not.include("Mutant.on(6)");
    expect(text).to.include("Mutant.on(7)");
  });

  it("fails for a survivor that is not explained, one that did not run, and an explanation that fits none", () => {
    expect(run("some test", {}).explained).to.equal(true);
    expect(run(undefined, { [mutant.name]: "the same" }).explained).to.equal(true);
    expect(run(undefined, {}).explained).to.equal(false);
    expect(run("some test", {}, false).explained).to.equal(false);
    expect(run("some test", { [mutant.name]: "the same" }).explained).to.equal(false);
    expect(run("some test", { "a.f: gone -> away": "the same" }).explained).to.equal(false);
  });
});
