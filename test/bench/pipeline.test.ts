import { expect } from "chai";
import {
  blocksPerSlot,
  countedSlots,
  deadZoneSeconds,
  doubleSends,
  lostSlots,
  lostTransactions,
  quantile,
  secondsToFirstReplayedBlock,
  txLatency,
} from "../../bench/pipeline/figures.ts";
import { missedGoals } from "../../bench/pipeline/goals.ts";
import type { PipelineFigures } from "../../bench/pipeline/measure.ts";
import { play } from "../../bench/pipeline/play.ts";
import type { Recording } from "../../bench/pipeline/recording.ts";
import { SETTINGS } from "../../bench/pipeline/settings.ts";
import { awaySlots, examples, firstAway, missedPublish } from "../../bench/pipeline/stories.ts";
import { MAINNET_PARAMETERS } from "../../sdk/types/parameters.ts";

const at = (seconds: number): number => seconds * 1000;

/** Two slots: the second one's blocks are 0xc and 0xd; 0xf is discarded, and 0x4 comes back in 0xc. */
const RECORDING: Recording = {
  parameters: MAINNET_PARAMETERS,
  genesisMs: 0,
  slots: 2,
  proposers: [0, 1],
  begun: [
    { agent: 1, slot: 2, parentHash: "0xf", atMs: at(1) },
    { agent: 1, slot: 2, parentHash: "0xb", atMs: at(72.5) },
  ],
  sealed: [
    { agent: 0, hash: "0xa", atMs: at(6) },
    { agent: 0, hash: "0xb", atMs: at(71) },
    { agent: 1, hash: "0xc", atMs: at(78) },
    { agent: 1, hash: "0xd", atMs: at(143) },
  ],
  seen: [
    { agent: 0, slot: 1, hash: "0xa", atMs: at(6.1) },
    { agent: 1, slot: 1, hash: "0xa", atMs: at(6.5) },
    { agent: 1, slot: 1, hash: "0xa", atMs: at(9) },
    { agent: 0, slot: 2, hash: "0xc", atMs: at(79) },
  ],
  discards: [{ agent: 0, slot: 0, reason: "dead", transactions: ["0x4"], atMs: at(73) }],
  chain: [
    { hash: "0xa", slot: 1, transactions: ["0x1", "0x2"] },
    { hash: "0xb", slot: 1, transactions: [] },
    { hash: "0xc", slot: 2, transactions: ["0x4"] },
    { hash: "0xd", slot: 2, transactions: [] },
  ],
  landed: [{ slot: 1, digest: "0x", lastBlockHash: "0xb", late: false, blockNumber: 1 }],
  mined: [
    { slots: [1], succeeded: true, atMs: at(84) },
    { slots: [1, 2], succeeded: false, atMs: at(96) },
  ],
  sent: [
    { hash: "0x1", atMs: at(1), agent: 0 },
    { hash: "0x2", atMs: at(2), agent: 1 },
    { hash: "0x3", atMs: at(3), agent: 1 },
    { hash: "0x4", atMs: at(4), agent: 0 },
  ],
};

describe("the figures of the pipeline", () => {
  it("are read off what was recorded", () => {
    expect(blocksPerSlot(RECORDING)).to.equal(2);
    expect(deadZoneSeconds(RECORDING)).to.equal(1.5);
    expect(lostSlots(RECORDING, countedSlots(RECORDING))).to.deep.equal([2]);
    expect(lostTransactions(RECORDING)).to.equal(1);
    expect(doubleSends(RECORDING, [1, 2])).to.equal(0.5);
    expect(secondsToFirstReplayedBlock(RECORDING)).to.equal(5);
  });

  it("count a transaction from its sending to its sender's own agent, and for ever if it is nowhere", () => {
    // 5.1 s, 4.5 s, never, 75 s.
    expect(txLatency(RECORDING)).to.deep.equal({ p50Seconds: 75, p99Seconds: Number.POSITIVE_INFINITY });
    const known = { ...RECORDING, sent: RECORDING.sent.slice(0, 2) };
    expect(txLatency(known)).to.deep.equal({ p50Seconds: 5.1, p99Seconds: 5.1 });
    expect(quantile([], 0.5)).to.equal(Number.POSITIVE_INFINITY);
  });

  it("are infinite where nothing was seen", () => {
    const empty = { ...RECORDING, discards: [], begun: [] };
    expect(deadZoneSeconds(empty)).to.equal(Number.POSITIVE_INFINITY);
    expect(secondsToFirstReplayedBlock(empty)).to.equal(Number.POSITIVE_INFINITY);
  });

  it("take as examples what is over before the end, and count an absent proposer's slots and those after them", () => {
    expect(examples(9, 3)).to.deep.equal([3, 6]);
    expect(examples(8, 6)).to.deep.equal([3]);
    const proposers = [0, 1, 1, 2, 3, 2, 2, 0];
    expect(firstAway(proposers)).to.equal(4);
    expect(awaySlots(proposers, 4, 7)).to.deep.equal({ lost: [4, 6, 7], children: [5] });
    expect(awaySlots(proposers, 4, 8).children).to.deep.equal([5, 8]);
  });

  it("miss a goal by being on its wrong side, or by not being there", () => {
    const figures: PipelineFigures = {
      blocksPerSlot: 11,
      deadZoneSeconds: 1.6,
      txLatency: { p50Seconds: 4, p99Seconds: Number.POSITIVE_INFINITY },
      lostOnMissedPublish: 0,
      blocksInSlotAfterMissedPublish: 12,
      lostOnFailedRescue: { checkpoints: 2, transactions: 0 },
      recovery: { secondsToFirstReplayedBlock: 6 },
      lostOnOfflineProposer: { slots: 1, children: 0 },
    };
    const missed = (name: keyof typeof SETTINGS): string[] =>
      missedGoals(name, figures).map((line) => (line.split(" ")[1] as string).replace(":", ""));
    const unplayed = "handoff.doubleSends";
    expect(missed("publishedHops")).to.deep.equal(["txLatency.p99Seconds", unplayed]);
    expect(missed("measuredDelays")).to.deep.equal([
      "blocksPerSlot",
      "deadZoneSeconds",
      "txLatency.p99Seconds",
      unplayed,
    ]);
    expect(missed("measuredDelaysSequential")).to.deep.equal([]);
  });
});

describe("four agents with mainnet's times", function () {
  // Five minutes of their time; on a busy machine each of its slots takes seconds.
  this.timeout(600_000);

  it("build on while a checkpoint is not published, lose nothing, and are as fast as they should be", async () => {
    const options = { setting: SETTINGS.measuredDelays, seed: 7, slots: 3, rate: 2 };
    const recording = await play(missedPublish([1]), options);
    expect(recording.mined[0]?.slots).to.deep.equal([1, 2]);
    expect(lostSlots(recording, countedSlots(recording))).to.deep.equal([]);
    expect(blocksPerSlot(recording)).to.equal(12);
    expect(deadZoneSeconds(recording)).to.be.at.most(1.5);
    expect(lostTransactions(recording)).to.equal(0);
    const { p50Seconds, p99Seconds } = txLatency(recording);
    expect(p50Seconds).to.be.at.most(4);
    expect(p99Seconds).to.be.at.most(9);
  });
});
