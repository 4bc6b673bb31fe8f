import { expect } from "chai";
import { reportLines } from "./report.ts";
import type { RunOptions, RunReport } from "./run.ts";
import { Trace } from "./trace.ts";
import { Violation } from "./violation.ts";

const REPORT: RunReport = {
  seed: 7,
  faults: "crashes 1",
  hash: "ab".repeat(32),
  steps: 1234,
  landed: [],
  transactions: 5,
  crossed: { messages: 3, withdrawals: 2 },
  violation: undefined,
  timeline: ["slot   3 + 1.000  agent-1  crashes"],
};

const OPTIONS: RunOptions = { seed: 7, slots: 9, profile: "fast", faults: ["crashes"] };

describe("report of a simulation", () => {
  it("is one line with seed and hash if all went well", () => {
    const lines = reportLines(REPORT, OPTIONS);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^seed 7 .*crashes 1.*trace (ab){32} {2}ok$/);
  });

  it("shows with a violation how it came to it, the step, and the rule", () => {
    const lines = reportLines({ ...REPORT, violation: new Violation("one certificate a slot", "slot 3") }, OPTIONS);
    expect(lines[0]).to.equal(REPORT.timeline[0]);
    expect(lines.at(-2)).to.match(/^seed 7 .*VIOLATION at step 1234: one certificate a slot: slot 3$/);
    expect(lines.at(-1)).to.equal("again: npm run sim -- --seeds 7 --slots 9 --profile fast --faults crashes");
  });
});

describe("trace", () => {
  const traceOf = (...steps: [number, string, string][]): Trace => {
    const trace = new Trace((timeMs) => `${timeMs} ms`);
    for (const step of steps) trace.add(...step);
    return trace;
  };

  it("has the same hash for the same history, and for no other", () => {
    const same = traceOf([1, "a", "x"], [2, "b", "y"]);
    expect(traceOf([1, "a", "x"], [2, "b", "y"]).hash).to.equal(same.hash);
    expect(traceOf([2, "b", "y"], [1, "a", "x"]).hash).not.to.equal(same.hash);
    expect(traceOf([1, "a", "x"]).hash).not.to.equal(same.hash);
  });

  it("takes notes for the reader only", () => {
    const trace = traceOf([1, "a", "x"]);
    const { hash } = trace;
    trace.note(2, "b", "a log line");
    expect(trace.hash).to.equal(hash);
    expect(trace.timeline(1)).to.deep.equal(["2 ms  b        a log line"]);
  });
});
