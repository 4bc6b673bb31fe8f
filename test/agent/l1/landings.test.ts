import { expect } from "chai";
import { type LandingEvent, Landings } from "../../../sdk/agent/l1/landings.ts";
import { buildLog, curedLog } from "../../../sdk/build/log.ts";
import { hash } from "../chain/support.ts";
import { landing, signatureOf } from "./support.ts";

const attestation = { signers: 7n, signature: signatureOf("2") };

const removed = (number: number): LandingEvent => ({ kind: "removed", number });
const settled = (number: number): LandingEvent => ({ kind: "settled", number });

/** What stands after these events, each in an L1 block of its own from 100 on. */
function standingAfter(...events: LandingEvent[]): Landings {
  const landings = new Landings();
  for (const [i, event] of events.entries()) landings.append(event, 100 + i);
  return landings;
}
const shown = ({ standing }: Landings): unknown[] =>
  standing.map(({ checkpoint, l1BlockNumber }) => [checkpoint.number, checkpoint.submission.digest, l1BlockNumber]);

describe("the landings that stand on L1", () => {
  it("are those that nobody removed, pruned or settled", () => {
    expect(
      shown(standingAfter(landing(1), landing(2), landing(3), settled(1), removed(3), landing(3, "right"))),
    ).to.deep.equal([
      [2, hash("d2"), 101],
      [3, hash("right"), 105],
    ]);
    const pruned: LandingEvent = { kind: "pruned", first: 2, last: 3 };
    expect(shown(standingAfter(landing(1), landing(2), landing(3), pruned))).to.deep.equal([[1, hash("d1"), 100]]);
  });

  it("have the log that the contract holds: a cured one its good signature", () => {
    const one = landing(1);
    const [standing] = standingAfter(one, { kind: "cured", number: 1, attestation }).standing;
    expect(standing?.verified).to.equal(true);
    const original = buildLog((one as Extract<LandingEvent, { kind: "landing" }>).checkpoint);
    expect(standing?.log).to.deep.equal(curedLog(original, attestation));
    expect(standing?.log).not.to.deep.equal(original);
  });

  it("are as they were, after a reorg", () => {
    const landings = standingAfter(landing(1), landing(2), removed(2), landing(2, "right"), settled(1));
    landings.rewind(101);
    expect(shown(landings)).to.deep.equal([
      [1, hash("d1"), 100],
      [2, hash("d2"), 101],
    ]);
  });

  it("are read again from before what a reorg brings back", () => {
    const challenged = standingAfter(landing(1), landing(2), landing(3), removed(3), removed(2), landing(2, "right"));
    expect(challenged.readFrom(104)).to.equal(104);
    // Only the removal of 2 is undone: it is seen landing again.
    expect(challenged.readFrom(103)).to.equal(100);
    expect(standingAfter(landing(1), landing(2), { kind: "pruned", first: 1, last: 2 }).readFrom(101)).to.equal(99);
  });

  it("forget what settled long ago, and nothing else", () => {
    const kept = standingAfter(landing(1), landing(2), settled(1));
    kept.append(landing(3), 100 + 128 + 3);
    expect(shown(kept).map((row) => (row as unknown[])[0])).to.deep.equal([2, 3]);
    kept.rewind(102);
    expect(
      shown(kept).map((row) => (row as unknown[])[0]),
      "the settlement is no longer undone",
    ).to.deep.equal([2]);
  });

  it("say where the tip is, also when all of them have settled long ago", () => {
    expect(new Landings().tip).to.deep.equal({ number: 0, digest: undefined });
    expect(standingAfter(landing(1), landing(2)).tip).to.deep.equal({ number: 2, digest: hash("d2") });
    expect(standingAfter(landing(1), landing(2), removed(2)).tip).to.deep.equal({ number: 1, digest: hash("d1") });
    const old = standingAfter(landing(1), landing(2), settled(1), settled(2));
    for (const at of [400, 600]) old.append(settled(2), at);
    expect(old.tip).to.deep.equal({ number: 2, digest: undefined });
  });
});
