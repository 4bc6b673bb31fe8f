import { expect } from "chai";
import type { Evidence, Plan } from "../../deploy/devnet/scenarios/interface.ts";
import { doubleSends } from "../../deploy/devnet/sends.ts";
import { timelineLines } from "../../deploy/devnet/timeline.ts";
import { checkpointsCheck, checksOf, complaintsOf, NOTHING_PLANNED } from "../../deploy/devnet/verdict.ts";
import { bondSlashed, evidenceOf, landing, send, validatorSlashed } from "./support/evidence.ts";
import { load, lost, row } from "./support/rows.ts";

const complaints = (evidence: Partial<Evidence>, plan: Partial<Plan> = {}): string[] =>
  complaintsOf(checksOf(evidenceOf(evidence), { ...NOTHING_PLANNED, ...plan }));

describe("verdict on a run", () => {
  it("is good when every checkpoint landed, late or not, and nothing else went wrong", () => {
    expect(complaints({ rows: [row(1), row(2, { onTime: false }), row(3)] })).to.deep.equal([]);
  });

  it("names every checkpoint that did not land, and every one that did though its proposer was gone", () => {
    const rows = [row(1), lost(2), lost(3), row(4)];
    const due = ({ slot }: { slot: number }) => (slot === 3 ? "either" : slot === 4 ? "lost" : "landed");
    const check = checkpointsCheck(rows, due);
    expect(check.ok).to.equal(false);
    expect(check.found).to.include("2 of 4 landed").and.to.include("slot 2 of agent-2 did not land");
    expect(check.found).to.include("slot 4 landed, agent-0 was gone").and.not.to.include("slot 3");
    expect(checkpointsCheck(rows, () => "either").ok).to.equal(true);
  });

  it("finds fault with a lost transaction", () => {
    const [complaint, ...others] = complaints({ load: load({ landed: 6, lost: 3 }) });
    expect(complaint).to.include("no transaction is lost").and.to.include("6 of 9");
    expect(others).to.deep.equal([]);
  });

  it("finds fault with an agent on another chain than L1's, and with none that answers", () => {
    const agents = [
      { name: "agent-0", agrees: true },
      { name: "agent-1", agrees: false },
    ];
    expect(complaints({ agents }).join()).to.include("not on it: agent-1");
    expect(complaints({ agents: [] })).to.have.lengthOf(1);
  });

  it("finds fault with a slashed validator or submitter, but for the one who was to forge", () => {
    expect(complaints({ events: [validatorSlashed(2)] }).join()).to.include("validator 2");
    expect(complaints({ events: [bondSlashed("agent-1")] }).join()).to.include("agent-1");
    expect(complaints({ events: [bondSlashed("forger")] }, { forger: "forger" })).to.deep.equal([]);
    expect(complaints({ events: [bondSlashed("agent-1")] }, { forger: "forger" })).to.have.lengthOf(1);
  });

  it("finds fault with a checkpoint that was mined twice, unless several were told to send it", () => {
    const sends = [send([2], { succeeded: false, gasUsed: 21_000 }), send([2, 3]), send([4])];
    expect(doubleSends(sends)).to.equal(1);
    expect(complaints({ sends }).join()).to.include("1 of 3").and.to.include("1 landed nothing, for 21000 gas");
    expect(complaints({ sends }, { races: true })).to.deep.equal([]);
  });

  it("counts what its scenario was to show", () => {
    const judge: Plan["judge"] = () => [{ what: "something is shown", ok: false, found: "nothing" }];
    expect(complaints({}, { judge })).to.deep.equal(["something is shown: nothing"]);
  });
});

describe("timeline", () => {
  it("puts what was said and what L1 shows in the order of time, by slot and seconds into it", () => {
    const said = [{ atMs: 36_500, what: "agent-1 is killed" }];
    const events = [landing(1, { l1Block: 9 }), landing(3, { l1Block: 21, late: true })];
    const evidence = evidenceOf({ events, timeOf: (l1Block) => l1Block * 2 });
    expect(timelineLines(said, evidence, (slot) => slot * 12_000)).to.deep.equal([
      "slot   1 +  6.0 s  agent-1 lands slot 1 on time, in L1 block 9",
      "slot   3 +  0.5 s  agent-1 is killed",
      "slot   3 +  6.0 s  agent-3 lands slot 3 late, in L1 block 21",
    ]);
    expect(timelineLines([{ atMs: -1, what: "x" }], evidenceOf({}), (slot) => slot * 12_000)[0]).to.match(
      /^before genesis/,
    );
  });
});
