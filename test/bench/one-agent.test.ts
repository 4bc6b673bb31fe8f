import { expect } from "chai";
import { missedBounds, tableLines } from "../../bench/one-agent/goals.ts";
import type { OneAgentFigures } from "../../bench/one-agent/measure.ts";
import { slope, takeSample } from "../../bench/one-agent/samples.ts";

const GOOD: OneAgentFigures = {
  virtualMinutes: 30,
  transactions: 118_800,
  refused: 0,
  slotsNotLanded: 1,
  dataBudgetUsed: 0.95,
  cpuSeconds: 120,
  cpuShare: 0.07,
  liveMb: 90,
  liveMbPerSlot: 0.1,
  anonymousMb: 370,
  anonymousMbPerSlot: 0.3,
  mappedMb: 5_000,
  diskMb: 100,
  diskMbPerSlot: 0.5,
};

describe("bench: one agent", () => {
  it("what stays as it is has no slope, and what grows has the slope it grows by", () => {
    expect(slope([7, 7, 7, 7])).to.equal(0);
    expect(slope([1, 3, 5, 7, 9])).to.equal(2);
    expect(slope([4, 2, 0])).to.equal(-2);
  });

  it("one sample that stands out does not make a slope of its height", () => {
    expect(slope([1, 1, 1, 1, 1, 1, 10])).to.be.within(0, 1.5);
  });

  it("figures within their bounds miss none, however much is mapped", () => {
    expect(missedBounds(GOOD)).to.deep.equal([]);
  });

  it("a figure beyond its bound is named with what was expected", () => {
    expect(missedBounds({ ...GOOD, liveMbPerSlot: 19.6 })).to.deep.equal(["liveMbPerSlot: expected <= 2, got 19.6"]);
    expect(missedBounds({ ...GOOD, dataBudgetUsed: 0.5 })).to.have.length(1);
    expect(missedBounds({ ...GOOD, slotsNotLanded: 25, anonymousMbPerSlot: 19.6 })).to.have.length(2);
  });

  it("a figure that could not be computed is no figure within its bound", () => {
    expect(missedBounds({ ...GOOD, dataBudgetUsed: Number.NaN })).to.have.length(1);
  });

  it("prints every figure, and the bound of those that have one", () => {
    const lines = tableLines(GOOD);
    expect(lines).to.have.length(Object.keys(GOOD).length);
    expect(lines.find((line) => line.startsWith("liveMbPerSlot"))).to.match(/0\.1\s+<= 2$/);
  });

  it("takes no sample with garbage in it", () => {
    expect(() => takeSample(".")).to.throw("--expose-gc");
  });
});
