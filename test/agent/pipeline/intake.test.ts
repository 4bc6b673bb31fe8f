import { expect } from "chai";
import type { GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { digestOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { Intake } from "../../../sdk/agent/pipeline/intake.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { BlockProposal, CheckpointProposal } from "../../../sdk/agent/types/messages.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { GENESIS_HASH, hash, proposal, timetable } from "../chain/support.ts";
import { evidenceOf, identity, KEYS, sets, signatureOf } from "./support.ts";

const SLOT = 5;
const PROPOSER = SLOT % 4;

function intakeAt(nowMs: number, noted: GuardRow[] = [], evidence = evidenceOf()): Intake {
  return new Intake({
    clock: new ManualClock(nowMs),
    timetable,
    sets,
    identity,
    bls: BLS,
    blockDigest: blockProposalDigest,
    evidence,
    noteSignature: (signed) => void noted.push(signed),
  });
}

function blockBy(validator: number, over: Partial<BlockProposal> = {}): BlockProposal {
  const unsigned: BlockProposal = {
    slot: SLOT,
    index: 0,
    attempt: 0,
    last: false,
    parentHash: GENESIS_HASH,
    blockHash: hash("block"),
    data: new Uint8Array([1, 2, 3]),
    signature: "0x",
    ...over,
  };
  return { ...unsigned, signature: signatureOf(validator, "block", unsigned.slot, blockProposalDigest(unsigned)) };
}

function proposalBy(validator: number, over: Partial<CheckpointProposal> = {}): CheckpointProposal {
  const unsigned = { ...proposal(SLOT), ...over };
  return { ...unsigned, signature: signatureOf(validator, "proposal", SLOT, digestOf(identity, unsigned)) };
}

const times = timetable.of(SLOT);
const slackMs = timetable.parameters.clockDisparityMs;

describe("what is forwarded", () => {
  it("is a block by the slot's proposer, once", async () => {
    const intake = intakeAt(times.buildStartMs);
    expect((await intake.judgeBlock(blockBy(PROPOSER))).verdict).to.equal("accept");
    expect((await intake.judgeBlock(blockBy(PROPOSER))).verdict).to.equal("ignore");
  });

  it("is told to whoever looks out for signatures, a second one in the place of the first too, and nothing forged", async () => {
    const noted: GuardRow[] = [];
    const intake = intakeAt(times.buildStartMs, noted);
    await intake.judgeBlock(blockBy(PROPOSER + 1));
    await intake.judgeBlock(blockBy(PROPOSER, { index: 2 }));
    await intake.judgeProposal(proposalBy(PROPOSER));
    await intake.judgeProposal(proposalBy(PROPOSER, { blobHashes: [hash("other")] }));
    const of = { validator: KEYS[PROPOSER]?.publicKey, slot: SLOT };
    expect(noted.map(({ digest: _, ...rest }) => rest)).to.deep.equal([
      { ...of, kind: "block", sequence: "0/2" },
      { ...of, kind: "proposal", sequence: "" },
      { ...of, kind: "proposal", sequence: "" },
    ]);
    expect(new Set(noted.map(({ digest }) => digest)).size).to.equal(3);
  });

  it("is nothing by another validator, and nothing whose signature is no point", async () => {
    const intake = intakeAt(times.buildStartMs);
    expect((await intake.judgeBlock(blockBy(PROPOSER + 1))).verdict).to.equal("reject");
    expect((await intake.judgeBlock({ ...blockBy(PROPOSER), signature: `0x${"00".repeat(96)}` })).verdict).to.equal(
      "reject",
    );
    expect((await intake.judgeProposal(proposalBy(PROPOSER + 1))).verdict).to.equal("reject");
  });

  it("is not a second block or proposal in the place of the first", async () => {
    const intake = intakeAt(times.buildStartMs);
    await intake.judgeBlock(blockBy(PROPOSER));
    const twin = await intake.judgeBlock(blockBy(PROPOSER, { blockHash: hash("twin") }));
    expect(twin.verdict === "ignore" && twin.reason).to.match(/^equivocation/);
    await intake.judgeProposal(proposalBy(PROPOSER));
    expect((await intake.judgeProposal(proposalBy(PROPOSER, { blobHashes: [hash("other")] }))).verdict).to.equal(
      "ignore",
    );
  });

  it("is not a second proposal, which is kept as evidence with the first, also when a peer serves it", async () => {
    const twin = proposalBy(PROPOSER, { blobHashes: [hash("other")] });
    for (const judge of ["judgeProposal", "judgeServed"] as const) {
      const evidence = evidenceOf();
      const intake = intakeAt(times.buildStartMs, [], evidence);
      await intake.judgeProposal(proposalBy(PROPOSER));
      await intake.judgeProposal(proposalBy(PROPOSER));
      expect(evidence.pairs).to.deep.equal([]);
      await intake[judge](twin);
      const [pair] = evidence.pairs;
      const statements = [proposalBy(PROPOSER), twin].map((proposal) => ({
        kind: "proposal",
        slot: SLOT,
        digest: digestOf(identity, proposal),
        signers: 1n << BigInt(PROPOSER),
        signature: proposal.signature,
      }));
      expect([pair?.first, pair?.second]).to.deep.equal(statements);
    }
  });

  it("is one of two that come at the same time, and the one who forwards the other is not to blame", async () => {
    const intake = intakeAt(times.buildStartMs);
    const twins = [blockBy(PROPOSER), blockBy(PROPOSER, { blockHash: hash("twin") })];
    const verdicts = await Promise.all(twins.map((block) => intake.judgeBlock(block)));
    expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["accept", "ignore"]);
  });

  it("keeps to the slot's window, give or take the clocks' disparity, and blames nobody for its edges", async () => {
    const edges: [number, string][] = [
      [times.buildStartMs - slackMs - 1, "ignore"],
      [times.buildStartMs - slackMs, "accept"],
      [times.proposalDeadlineMs + slackMs, "accept"],
      [times.proposalDeadlineMs + slackMs + 1, "ignore"],
    ];
    for (const [nowMs, verdict] of edges) {
      expect((await intakeAt(nowMs).judgeBlock(blockBy(PROPOSER))).verdict).to.equal(verdict);
      expect((await intakeAt(nowMs).judgeProposal(proposalBy(PROPOSER))).verdict).to.equal(verdict);
    }
  });

  it("is no block beyond the timetable's last", async () => {
    const index = times.blocks.length;
    expect((await intakeAt(times.buildStartMs).judgeBlock(blockBy(PROPOSER, { index }))).verdict).to.equal("reject");
  });

  it("is not our own slot's block by a second instance with our key", async () => {
    const intake = intakeAt(times.buildStartMs);
    intake.noteOwnBlock(blockBy(PROPOSER));
    expect((await intake.judgeBlock(blockBy(PROPOSER, { blockHash: hash("twin") }))).verdict).to.equal("ignore");
  });
});
