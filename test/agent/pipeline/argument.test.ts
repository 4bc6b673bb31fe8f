import { expect } from "chai";
import { SKIP_DIGEST } from "../../../sdk/digest/signingMessage.ts";
import { hash, timetable } from "../chain/support.ts";
import { Cluster, GENESIS_BASE, signedCheckpoint } from "./cluster.ts";

// Four validators, of which one is faulty: why a skipped slot never gets a quorum, and nobody gains by trying.

const one = timetable.of(1);
const two = timetable.of(2);
const HOP_MS = 1000 * timetable.parameters.hopSeconds;
const skipMs = one.proposalDeadlineMs + timetable.parameters.clockDisparityMs;
const overdueMs = one.attestationDeadlineMs + 2 * HOP_MS;

/** No honest validator signs two things for a slot, and no slot has both certificates. */
function expectSafe(cluster: Cluster, ...slots: number[]): void {
  for (const slot of slots) {
    for (const { guard, index } of cluster.peers) {
      const votes = guard.rows.filter((row) => row.slot === slot && row.kind !== "block" && row.kind !== "proposal");
      expect(votes.length, `validator ${index} in slot ${slot}`).to.be.at.most(1);
    }
    const both = [cluster.holders("attestation", slot), cluster.holders("skip", slot)];
    expect(both.filter((holders) => holders.length > 0).length, `certificates of slot ${slot}`).to.be.at.most(1);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe("a proposer that withholds its checkpoint to the last millisecond", () => {
  for (const [faulty, skipped] of [
    ["skip", true],
    ["attestation", false],
    [undefined, false],
  ] as const) {
    it(`and then votes ${faulty ?? "not at all"}: its slot is ${skipped ? "skipped" : "dead in time"}, its child lands`, async () => {
      const cluster = new Cluster(0, 2, 3);
      const withheld = await signedCheckpoint(GENESIS_BASE, 1);
      await cluster.at(one.proposalDeadlineMs);
      // A third of the others has it in time, and the rest when it is too late.
      await cluster.show(withheld, 0);
      await cluster.at(skipMs + 1);
      await cluster.show(withheld, 2, 3);
      await cluster.at(skipMs + HOP_MS);
      const digest = faulty === "skip" ? SKIP_DIGEST : withheld.digest;
      if (faulty !== undefined) await cluster.vote(1, faulty, 1, digest, 0, 2, 3);
      await cluster.deliver(0, 2, 3);
      expectSafe(cluster, 1);
      expect(cluster.holders("attestation", 1)).to.deep.equal([]);
      expect(cluster.holders("skip", 1)).to.deep.equal(skipped ? [0, 2, 3] : []);
      // Validator 2 has begun its own slot on what it knows.
      const child = await signedCheckpoint(GENESIS_BASE, 2);
      await cluster.show(child, 0, 2, 3);
      await cluster.at(skipMs + 2 * HOP_MS);
      expect(cluster.chains()).to.deep.equal(skipped ? [[2], [2], [2]] : [[1], [2], [2]]);
      await cluster.at(overdueMs);
      await cluster.at(overdueMs + 1);
      expect(cluster.chains()).to.deep.equal([[2], [2], [2]]);
      await cluster.deliver(0, 2, 3);
      expect(cluster.holders("attestation", 2)).to.deep.equal(skipped ? [0, 2, 3] : []);
      await cluster.l1(one.lastLateBlockMs);
      await cluster.at(two.attestationDeadlineMs);
      await cluster.deliver(0, 2, 3);
      expect(cluster.holders("attestation", 2)).to.deep.equal([0, 2, 3]);
      expectSafe(cluster, 1, 2);
    });
  }
});

describe("a checkpoint that is leaked to a third", () => {
  it("is left by whoever has it as soon as the others have skipped its slot", async () => {
    const cluster = new Cluster(0, 1, 2, 3);
    const leaked = await signedCheckpoint(GENESIS_BASE, 1);
    await cluster.at(one.startMs);
    await cluster.show(leaked, 0);
    await cluster.at(skipMs + HOP_MS);
    expect(cluster.chains()).to.deep.equal([[1], [], [], []]);
    await cluster.deliver(0, 1, 2, 3);
    expect(cluster.holders("skip", 1)).to.deep.equal([0, 1, 2, 3]);
    expect(cluster.chains()).to.deep.equal([[], [], [], []]);
    expect(cluster.peer(0).events.filter(({ type }) => type === "discarded")).to.have.length(1);
    expectSafe(cluster, 1);
  });
});

describe("a proposer whose broadcast reached nobody", () => {
  it("leaves what it holds of its own, and attests the next slot like everybody", async () => {
    const cluster = new Cluster(0, 1, 2, 3);
    await cluster.at(one.startMs);
    await cluster.show(await signedCheckpoint(GENESIS_BASE, 1), 1);
    await cluster.at(skipMs + HOP_MS);
    expect(cluster.chains()).to.deep.equal([[], [1], [], []]);
    await cluster.deliver(0, 1, 2, 3);
    await cluster.show(await signedCheckpoint(GENESIS_BASE, 2), 0, 1, 2, 3);
    expect(cluster.chains()).to.deep.equal([[2], [2], [2], [2]]);
    await cluster.at(two.startMs + HOP_MS);
    expect(
      cluster
        .peer(1)
        .guard.rows.filter(({ slot }) => slot === 2)
        .map(({ kind }) => kind),
    ).to.deep.equal(["attestation"]);
    await cluster.deliver(0, 1, 2, 3);
    expect(cluster.holders("attestation", 2)).to.deep.equal([0, 1, 2, 3]);
    expectSafe(cluster, 1, 2);
  });
});

describe("two proposals for one slot", () => {
  it("end with everybody on the one that was certified, and both votes of their proposer as evidence", async () => {
    const cluster = new Cluster(0, 2, 3);
    const first = await signedCheckpoint(GENESIS_BASE, 1);
    const second = await signedCheckpoint(GENESIS_BASE, 1, " twin");
    await cluster.at(one.startMs);
    await cluster.show(first, 0);
    await cluster.show(second, 2, 3);
    await cluster.at(one.startMs + HOP_MS);
    await cluster.vote(1, "attestation", 1, first.digest, 0);
    await cluster.vote(1, "attestation", 1, second.digest, 2, 3);
    await cluster.deliver(0, 2, 3);
    expect(cluster.holders("attestation", 1)).to.deep.equal([0, 2, 3]);
    expect(cluster.peer(0).keeper.state.unsubmitted).to.deep.equal([]);
    await cluster.at(skipMs + 2 * HOP_MS);
    const { catchUp, keeper, evidence } = cluster.peer(0);
    catchUp.tick(timetable.moment(skipMs + 2 * HOP_MS));
    await until(() => keeper.state.unsubmitted[0]?.proposed?.digest === second.digest);
    expectSafe(cluster, 1);
    expect(evidence.pairs.map((pair) => [pair.first.kind, pair.first.signers & pair.second.signers])).to.deep.equal([
      ["attestation", 2n],
    ]);
    const child = await signedCheckpoint(second.base, 2);
    await cluster.show(child, 0, 2, 3);
    await cluster.at(skipMs + 3 * HOP_MS);
    await cluster.deliver(0, 2, 3);
    expect(cluster.holders("attestation", 2)).to.deep.equal([0, 2, 3]);
  });
});

describe("an impatient successor", () => {
  it("gains nothing by building past a predecessor that was in time", async () => {
    const cluster = new Cluster(0, 1, 3);
    const predecessor = await signedCheckpoint(GENESIS_BASE, 1);
    const impatient = await signedCheckpoint(GENESIS_BASE, 2);
    await cluster.at(two.buildStartMs);
    await cluster.show(impatient, 0, 1, 3);
    await cluster.vote(2, "skip", 1, SKIP_DIGEST, 0, 1, 3);
    await cluster.show(predecessor, 0, 1, 3);
    await cluster.at(skipMs + HOP_MS);
    await cluster.deliver(0, 1, 3);
    expect(cluster.holders("attestation", 1)).to.deep.equal([0, 1, 3]);
    for (const nowMs of [overdueMs, two.startMs + HOP_MS, two.attestationDeadlineMs]) {
      await cluster.at(nowMs);
      await cluster.deliver(0, 1, 3);
    }
    expect(cluster.chains()).to.deep.equal([[1], [1], [1]]);
    expect(cluster.holders("attestation", 2)).to.deep.equal([]);
    expectSafe(cluster, 1, 2);
  });
});

describe("a certificate seen by one node", () => {
  it("is given to those who ask, and brings back what they had discarded", async () => {
    const cluster = new Cluster(0, 1, 2, 3);
    const checkpoint = await signedCheckpoint(GENESIS_BASE, 1);
    await cluster.at(one.startMs);
    await cluster.show(checkpoint, 0, 1, 2, 3);
    await cluster.at(one.startMs + HOP_MS);
    await cluster.deliver(0);
    expect(cluster.holders("attestation", 1)).to.deep.equal([0]);
    await cluster.at(overdueMs);
    expect(cluster.chains()).to.deep.equal([[1], [], [], []]);
    for (const { catchUp, index } of cluster.peers) if (index > 0) catchUp.tick(timetable.moment(overdueMs));
    await until(() => cluster.holders("attestation", 1).length === 4);
    await until(() => cluster.peers.every(({ keeper }) => keeper.tips.attested.blockHash === hash("b1.1")));
    expect(cluster.holders("attestation", 1)).to.deep.equal([0, 1, 2, 3]);
    expect(cluster.holders("skip", 1)).to.deep.equal([]);
    const reasons = cluster
      .peer(1)
      .events.flatMap((event) => (event.type === "discarded" ? [event.discarded.reason] : []));
    expect(reasons).to.deep.equal(["uncertified"]);
    expectSafe(cluster, 1);
  });
});
