import { expect } from "chai";
import { commonNumber, type Look, standingsOf } from "../../../../sdk/agent/l1/endpoints/compare.ts";

/** A node whose newest block is `number` of the chain `fork`, compared at `common`. */
const look = (number: number, fork: string, common: number): Look => ({
  head: { number, hash: `${fork}${number}` },
  hashAtCommon: number < common ? undefined : `${fork}${common}`,
});
const common = (...numbers: (number | undefined)[]): number | undefined =>
  commonNumber(numbers.map((number) => (number === undefined ? undefined : { number, hash: "" })));

describe("comparing the chains of L1 nodes", () => {
  it("is done at the lower median of their heads", () => {
    expect(common()).to.equal(undefined);
    expect(common(undefined, 7)).to.equal(7);
    expect(common(9, 7)).to.equal(7);
    expect(common(1_000_000, 8, 9)).to.equal(9);
    expect(common(9, 3, 8, 8)).to.equal(8);
  });

  const cases: [string, (Look | undefined)[], number, string[]][] = [
    ["all on one chain", [look(8, "a", 8), look(9, "a", 8)], 0, ["level", "level"]],
    ["one two blocks behind", [look(7, "a", 7), look(9, "a", 7)], 0, ["behind", "level"]],
    ["one that stands still", [look(2, "a", 9), look(9, "a", 9), look(9, "a", 9)], 0, ["behind", "level", "level"]],
    ["one alone on its fork", [look(9, "b", 9), look(9, "a", 9), look(9, "a", 9)], 0, ["forked", "level", "level"]],
    [
      "one alone on a fork that claims to be far ahead",
      [look(999, "b", 9), look(9, "a", 9), look(9, "a", 9)],
      0,
      ["forked", "level", "level"],
    ],
    ["two forks, as long: the one in use counts", [look(9, "a", 9), look(9, "b", 9)], 1, ["forked", "level"]],
    ["two forks, the other a block longer", [look(9, "a", 9), look(10, "b", 9)], 0, ["level", "forked"]],
    ["two forks, the other two blocks longer", [look(9, "a", 9), look(11, "b", 9)], 0, ["forked", "level"]],
    ["one that told nothing", [undefined, look(9, "a", 9)], 0, ["level", "level"]],
    ["none that told anything", [undefined, undefined], 0, ["level", "level"]],
  ];
  for (const [what, looks, current, expected] of cases) {
    it(`finds ${what}`, () => {
      expect(standingsOf(looks, current)).to.deep.equal(expected);
    });
  }
});
