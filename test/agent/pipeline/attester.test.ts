import { expect } from "chai";
import { isSkipped } from "../../../sdk/agent/chain/slots.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { type GuardRow, SignerError, type ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import { Attester } from "../../../sdk/agent/pipeline/attester.ts";
import type { EvidenceBook } from "../../../sdk/agent/pipeline/evidence.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Moment } from "../../../sdk/agent/time/timetable.ts";
import type { Certificate, Vote } from "../../../sdk/agent/types/messages.ts";
import { aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { decodeSignature, encodeSignature } from "../../../sdk/bls/points.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { verifyAggregate } from "../../../sdk/bls/sign.ts";
import { SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { atL1, chainOf, digestOf, genesis, hash, timetable } from "../chain/support.ts";
import {
  evidenceOf,
  identity,
  KEYS,
  type KeeperHarness,
  keeperOf,
  MemoryGuard,
  type Recorder,
  recorder,
  sets,
  signatureOf,
  signerOf,
  voteOf,
} from "./support.ts";

interface Setup extends KeeperHarness {
  attester: Attester;
  votes: Vote[];
  certificates: Certificate[];
  evidence: EvidenceBook;
  noted: GuardRow[];
  log: Recorder;
  guard: MemoryGuard;
  clock: ManualClock;
}

function setUp(state: ChainState, guard = new MemoryGuard(), validators = [0], more: ValidatorSigner[] = []): Setup {
  const harness = keeperOf(state);
  const votes: Vote[] = [];
  const certificates: Certificate[] = [];
  const clock = new ManualClock(timetable.of(1).startMs);
  const noted: GuardRow[] = [];
  const evidence = evidenceOf();
  const log = recorder();
  let last: Promise<void> = Promise.resolve();
  const attester = new Attester({
    keeper: harness.keeper,
    sets,
    timetable,
    clock,
    identity,
    bls: BLS,
    evidence,
    events: harness.bus,
    signers: [...validators.map((index) => signerOf(index, guard)), ...more],
    run: (task) => {
      // One after the other, as in the node's mailbox.
      const done = last.then(task);
      last = done;
      return done;
    },
    isHeard: () => false,
    publishVote: (vote) => Promise.resolve(void votes.push(vote)),
    publishCertificate: (certificate) => Promise.resolve(void certificates.push(certificate)),
    noteSignature: (signed) => void noted.push(signed),
    log,
  });
  return { ...harness, attester, evidence, votes, certificates, noted, guard, clock, log };
}

const rowOf = (index: number, digest: Hex): GuardRow => ({
  validator: KEYS[index]?.publicKey as Hex,
  kind: "attestation",
  slot: 1,
  sequence: "",
  digest,
});

/** Has it do what is due, its votes included, which are signed apart from the rest. */
async function tick(attester: Attester, moment: Moment): Promise<void> {
  await attester.tick(moment);
  await attester.settled();
}

const at = (ms: number) => timetable.moment(ms);
const inTime = at(timetable.of(1).startMs);

describe("attesting", () => {
  it("signs a proposed checkpoint once, however often it is asked", async () => {
    const { attester, votes } = setUp(chainOf("proposed"));
    await tick(attester, inTime);
    await tick(attester, inTime);
    expect(votes.map(({ kind, slot, digest, validatorIndex }) => [kind, slot, digest, validatorIndex])).to.deep.equal([
      ["attestation", 1, digestOf(1), 0],
    ]);
  });

  it("signs for each of its validators, and makes the certificate of their votes alone if they are enough", async () => {
    const { attester, votes, certificates } = setUp(chainOf("proposed"), new MemoryGuard(), [0, 2, 3]);
    await tick(attester, inTime);
    await tick(attester, inTime);
    expect(votes.map(({ validatorIndex }) => validatorIndex)).to.deep.equal([0, 2, 3]);
    expect(certificates.map(({ signers }) => signers)).to.deep.equal([0b1101n]);
  });

  it("tells of every signature it verified, alone or in a certificate, and of none that is forged", async () => {
    const { attester, noted } = setUp(chainOf("proposed"), new MemoryGuard(), []);
    const vote = voteOf(2, "attestation", 1, digestOf(1));
    await attester.onVotes([vote, { ...vote, validatorIndex: 3 }]);
    expect(noted).to.deep.equal([rowOf(2, digestOf(1))]);
    const signature = aggregateSignatures([0, 1, 3].map((index) => signatureOf(index, "attestation", 1, digestOf(1))));
    await attester.onCertificate({ kind: "attestation", slot: 1, digest: digestOf(1), signers: 0b1011n, signature });
    expect(noted.slice(1)).to.deep.equal([0, 1, 3].map((index) => rowOf(index, digestOf(1))));
  });

  it("says its votes again while there is no certificate, then the certificate, and nothing of what is on L1", async () => {
    const { attester, keeper, votes, certificates, clock } = setUp(chainOf("proposed"), new MemoryGuard(), [0, 2]);
    const slotMs = timetable.parameters.slotSeconds * 1000;
    const tickAt = async (share: number): Promise<number[]> => {
      votes.length = 0;
      certificates.length = 0;
      const nowMs = inTime.nowMs + share * slotMs;
      await clock.advanceTo(nowMs);
      await tick(attester, at(nowMs));
      return [votes, certificates].map((said) => said.filter(({ slot }) => slot === 1).length);
    };
    expect(await tickAt(0)).to.deep.equal([2, 0]);
    expect(await tickAt(0.3)).to.deep.equal([0, 0]);
    expect(await tickAt(0.5)).to.deep.equal([2, 0]);
    expect(await tickAt(0.6)).to.deep.equal([0, 0]);
    await attester.onVotes([voteOf(3, "attestation", 1, digestOf(1))]);
    expect(await tickAt(1)).to.deep.equal([0, 1]);
    const { slot, digest } = { slot: 1, digest: digestOf(1) };
    await keeper.applyLanded({ slot, digest, landing: { number: 1 }, signed: true } as never);
    expect(await tickAt(1.5)).to.deep.equal([0, 0]);
  });

  it("signs for its other validators when one has signed otherwise", async () => {
    const guard = new MemoryGuard();
    const { attester, votes } = setUp(chainOf("proposed"), guard, [0, 1]);
    await guard.record(rowOf(0, hash("other")));
    await tick(attester, inTime);
    expect(votes.map(({ validatorIndex }) => validatorIndex)).to.deep.equal([1]);
  });

  it("is not held up by a signer that takes its time, and asks one that cannot be had again until it signs", async () => {
    const guard = new MemoryGuard();
    const answers: ((error?: Error) => void)[] = [];
    const slow: ValidatorSigner = {
      publicKey: KEYS[1]?.publicKey as Hex,
      sign: async (kind, slot, digest) => {
        await new Promise<void>((resolve, reject) => answers.push((error) => (error ? reject(error) : resolve())));
        return signatureOf(1, kind, slot, digest);
      },
    };
    const { attester, votes, log } = setUp(chainOf("proposed"), guard, [0], [slow]);
    await attester.tick(inTime);
    await attester.tick(inTime);
    while (votes.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([votes.map(({ validatorIndex }) => validatorIndex), answers.length]).to.deep.equal([[0], 1]);
    answers[0]?.(new SignerError("unavailable", "it is away"));
    await attester.settled();
    await attester.tick(inTime);
    answers[1]?.();
    await attester.settled();
    await tick(attester, inTime);
    expect([votes.map(({ validatorIndex }) => validatorIndex), answers.length]).to.deep.equal([[0, 1], 2]);
    expect(log.lines).to.include("the remote signer cannot be had, trying on");
  });

  it("makes a certificate out of more than two thirds, and not out of exactly two thirds less one", async () => {
    const { attester, certificates, keeper } = setUp(chainOf("proposed"));
    await tick(attester, inTime);
    await attester.onVotes([voteOf(1, "attestation", 1, digestOf(1))]);
    expect(certificates).to.have.length(0);
    await attester.onVotes([voteOf(3, "attestation", 1, digestOf(1))]);
    expect(certificates.map(({ signers }) => signers)).to.deep.equal([0b1011n]);
    expect(keeper.state.unsubmitted[0]?.proposed?.certificate).to.deep.equal(certificates[0]);
  });

  it("finds the bad votes among many and counts the good ones", async () => {
    const { attester } = setUp(chainOf("proposed"));
    const forged = { ...voteOf(2, "attestation", 1, digestOf(1)), validatorIndex: 3 };
    const verdicts = await attester.onVotes([
      voteOf(1, "attestation", 1, digestOf(1)),
      forged,
      voteOf(2, "attestation", 1, digestOf(1)),
    ]);
    expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["accept", "reject", "accept"]);
    expect(attester.attestations(1, digestOf(1))).to.equal(2);
  });

  it("never makes a certificate that does not verify out of votes shifted against each other", async () => {
    const [one, two, three] = [1, 2, 3].map((index) => voteOf(index, "attestation", 1, digestOf(1))) as [
      Vote,
      Vote,
      Vote,
    ];
    const shift = decodeSignature(three.signature);
    const up = { ...one, signature: encodeSignature(decodeSignature(one.signature).add(shift)) };
    const down = { ...two, signature: encodeSignature(decodeSignature(two.signature).subtract(shift)) };
    const elsewhere = voteOf(1, "attestation", 1, hash("elsewhere"));
    const own = voteOf(0, "attestation", 1, digestOf(1));
    const ownDown = { ...own, signature: encodeSignature(decodeSignature(own.signature).subtract(shift)) };
    const batches = [
      [[up, down, one, three]],
      [[up, down, three], [one]],
      [[elsewhere], [up, down, three], [two]],
      [[elsewhere, up, down, three, two]],
      [[up, ownDown], [three], [two]],
    ];
    for (const [at, sent] of batches.entries()) {
      const { attester, certificates } = setUp(chainOf("proposed"));
      for (const votes of sent) await attester.onVotes(votes);
      await tick(attester, inTime);
      expect(certificates, `case ${at}`).to.have.length(1);
      for (const { signers, digest, signature } of certificates) {
        const message = signingMessage("attestation", { ...identity, slot: 1 }, digest);
        const keys = KEYS.filter((_, index) => (signers >> BigInt(index)) & 1n).map(({ publicKey }) => publicKey);
        expect(verifyAggregate(message, signature, keys), `case ${at}`).to.equal(true);
      }
    }
  });

  it("counts everybody's vote, however many contents one validator has signed before", async () => {
    const { attester, certificates } = setUp(chainOf("proposed"));
    for (let i = 0; i < 6; i++) await attester.onVotes([voteOf(3, "attestation", 1, hash(`junk ${i}`))]);
    await attester.onVotes([1, 2].map((index) => voteOf(index, "attestation", 1, digestOf(1))));
    await tick(attester, inTime);
    expect(certificates.map(({ signers }) => signers)).to.deep.equal([0b0111n]);
  });

  it("takes votes from the build slot on until the checkpoint can land no more, however long ago one landed", async () => {
    const { attester, clock } = setUp(genesis());
    const verdicts = async (...slots: number[]) =>
      (await attester.onVotes(slots.map((slot) => voteOf(1, "attestation", slot, digestOf(slot))))).map(
        ({ verdict }) => verdict,
      );
    expect(await verdicts(2, 3)).to.deep.equal(["accept", "ignore"]);
    await clock.advanceTo(timetable.of(500).startMs);
    expect(await verdicts(498, 499, 500, 501, 502)).to.deep.equal(["ignore", "accept", "accept", "accept", "ignore"]);
  });

  it("refuses voters outside the set and ignores what it has counted", async () => {
    const { attester } = setUp(chainOf("proposed"));
    const vote = voteOf(1, "attestation", 1, digestOf(1));
    const verdicts = await attester.onVotes([vote, { ...vote, validatorIndex: 9 }]);
    expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["accept", "reject"]);
    expect((await attester.onVotes([vote]))[0]?.verdict).to.equal("ignore");
  });

  it("does not attest a child while its parent has no certificate here, and does as soon as it has", async () => {
    const { attester, votes } = setUp(chainOf("proposed", "proposed"));
    const later = at(timetable.of(1).startMs + 1);
    await tick(attester, later);
    expect(votes.map(({ slot }) => slot)).to.deep.equal([1]);
    await attester.onVotes([1, 2].map((index) => voteOf(index, "attestation", 1, digestOf(1))));
    await tick(attester, later);
    expect(votes.map(({ slot }) => slot)).to.deep.equal([1, 2]);
  });

  it("is silent after the attestation deadline", async () => {
    const { attester, votes } = setUp(chainOf("proposed"));
    await tick(attester, at(timetable.of(1).attestationDeadlineMs + 1));
    expect(votes).to.have.length(0);
  });

  it("keeps a certificate that comes before the proposal it is for", async () => {
    const signatures = [1, 2, 3].map((index) => voteOf(index, "attestation", 1, digestOf(1)).signature);
    const certificate: Certificate = {
      kind: "attestation",
      slot: 1,
      digest: digestOf(1),
      signers: 0b1110n,
      signature: aggregateSignatures(signatures),
    };
    const { attester, keeper } = setUp(chainOf("complete"));
    expect((await attester.onCertificate(certificate)).verdict).to.equal("accept");
    const proposed = chainOf("proposed").unsubmitted[0]?.proposed;
    await keeper.addProposal(proposed?.proposal as never, digestOf(1));
    await tick(attester, inTime);
    expect(keeper.state.unsubmitted[0]?.proposed?.certificate).to.deep.equal(certificate);
  });

  it("refuses certificates without a quorum, with strangers, and with a wrong signature", async () => {
    const { attester } = setUp(chainOf("proposed"));
    const base = {
      kind: "attestation" as const,
      slot: 1,
      digest: digestOf(1),
      signature: voteOf(0, "attestation", 1, digestOf(1)).signature,
    };
    const reasons = [];
    for (const signers of [0b0011n, 0b10111n, 0b0111n]) {
      const verdict = await attester.onCertificate({ ...base, signers });
      reasons.push(verdict.verdict === "reject" ? verdict.reason.split(":")[0] : verdict.verdict);
    }
    expect(reasons).to.deep.equal(["signers", "signers outside the slot's set", "aggregate signature does not verify"]);
  });
});

describe("skipping", () => {
  const late = at(timetable.of(1).proposalDeadlineMs + 200);

  it("votes to skip a slot whose proposal did not come, after the deadline and the clocks' disparity", async () => {
    const { attester, votes } = setUp(genesis());
    await tick(attester, at(timetable.of(1).proposalDeadlineMs + 50));
    expect(votes).to.have.length(0);
    await tick(attester, late);
    expect(votes.map(({ kind, slot, digest }) => [kind, slot, digest])).to.deep.equal([["skip", 1, SKIP_DIGEST]]);
  });

  it("never attests a slot it voted to skip, nor the other way round, across a restart", async () => {
    const guard = new MemoryGuard();
    await tick(setUp(genesis(), guard).attester, late);
    const second = setUp(chainOf("proposed"), guard);
    await tick(second.attester, late);
    expect(second.votes).to.have.length(0);

    const other = new MemoryGuard();
    await tick(setUp(chainOf("proposed"), other).attester, inTime);
    const third = setUp(genesis(), other);
    await tick(third.attester, late);
    expect(third.votes).to.have.length(0);
  });

  it("opens the way to the next checkpoint with a certificate, and not before", async () => {
    const two = chainOf("certified", "proposed", "proposed");
    const gap = { ...two, unsubmitted: two.unsubmitted.filter((entry) => entry.slot !== 2) };
    const { attester, votes, keeper } = setUp(gap);
    const now = at(timetable.of(2).proposalDeadlineMs + 200);
    await tick(attester, now);
    expect(votes.map(({ kind, slot }) => [kind, slot])).to.deep.equal([["skip", 2]]);
    await attester.onVotes([1, 2].map((index) => voteOf(index, "skip", 2, SKIP_DIGEST)));
    expect(isSkipped(keeper.state, 2)).to.equal(true);
    await tick(attester, now);
    expect(votes.map(({ kind, slot }) => [kind, slot])).to.deep.equal([
      ["skip", 2],
      ["attestation", 3],
    ]);
  });

  it("leaves it to L1 whether an older slot is dead", async () => {
    const two = chainOf("certified", "proposed", "proposed");
    const gap = { ...two, unsubmitted: two.unsubmitted.filter((entry) => entry.slot !== 2) };
    const { attester, votes } = setUp(atL1(gap, timetable.of(2).lastLateBlockMs));
    await tick(attester, at(timetable.of(3).startMs + 100));
    expect(votes.map(({ kind, slot }) => [kind, slot])).to.deep.equal([["attestation", 3]]);
  });

  it("does not take a skip vote that names a digest", async () => {
    const { attester } = setUp(genesis());
    const [verdict] = await attester.onVotes([voteOf(1, "skip", 1, hash("something"))]);
    expect(verdict?.verdict).to.equal("reject");
  });
});

describe("evidence among votes", () => {
  const other = hash("another checkpoint");
  const aggregate = (indices: number[], kind: Vote["kind"], digest: Hex): Certificate => ({
    kind,
    slot: 1,
    digest,
    signers: indices.reduce((bits, index) => bits | (1n << BigInt(index)), 0n),
    signature: aggregateSignatures(indices.map((index) => voteOf(index, kind, 1, digest).signature)),
  });
  const told = ({ pairs }: EvidenceBook): string[] =>
    pairs.map(({ first, second }) => `${first.kind} ${second.kind} ${first.signers & second.signers}`);

  it("is two attestations of a validator, and an attestation with a skip vote", async () => {
    const { attester, evidence } = setUp(genesis());
    await attester.onVotes([voteOf(1, "attestation", 1, digestOf(1)), voteOf(2, "skip", 1, SKIP_DIGEST)]);
    await attester.onVotes([voteOf(1, "attestation", 1, other), voteOf(2, "attestation", 1, other)]);
    await attester.onVotes([voteOf(1, "skip", 1, SKIP_DIGEST)]);
    expect(told(evidence)).to.deep.equal(["attestation attestation 2", "skip attestation 4"]);
  });

  it("is a vote against a certificate, whichever came first", async () => {
    for (const isVoteFirst of [true, false]) {
      const { attester, evidence } = setUp(genesis());
      const vote = (): Promise<unknown> => attester.onVotes([voteOf(1, "attestation", 1, other)]);
      if (isVoteFirst) await vote();
      await attester.onCertificate(aggregate([1, 2, 3], "attestation", digestOf(1)));
      if (!isVoteFirst) await vote();
      expect(told(evidence)).to.deep.equal(["attestation attestation 2"]);
    }
  });

  it("is two certificates: of all who signed both", async () => {
    const { attester, evidence } = setUp(genesis());
    await attester.onCertificate(aggregate([0, 1, 2], "attestation", digestOf(1)));
    await attester.onCertificate(aggregate([1, 2, 3], "skip", SKIP_DIGEST));
    expect(told(evidence)).to.deep.equal(["attestation skip 6"]);
  });

  it("is not found among votes that say the same", async () => {
    const { attester, evidence } = setUp(genesis());
    await attester.onVotes([1, 2].map((index) => voteOf(index, "attestation", 1, digestOf(1))));
    await attester.onCertificate(aggregate([1, 2, 3], "attestation", digestOf(1)));
    expect(told(evidence)).to.deep.equal([]);
  });
});
