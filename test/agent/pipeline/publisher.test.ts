import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import { HEARTBEAT_MS } from "../../../sdk/agent/pipeline/node.ts";
import { Publisher, type PublisherParts } from "../../../sdk/agent/pipeline/publisher.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { versionedHash } from "../../../sdk/blob/kzg.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { atL1, chainOf, hash, timetable } from "../chain/support.ts";
import { recorder } from "./support.ts";

/** A publisher that reads blocks through `blocksOf` and has nothing to send. */
function setUp(blocksOf: (slot: number) => BlockProposal[]) {
  const proved: number[] = [];
  const asked: unknown[] = [];
  const log = recorder();
  const nothing = { request: () => Promise.resolve(undefined) };
  const clock = new ManualClock(timetable.of(1).buildStartMs);
  const told: PipelineEvent[] = [];
  const accounts = {
    step: (_: number, request: unknown): Promise<StepOutcome> => {
      asked.push(request);
      return Promise.resolve({ status: "stopped", reason: "idle" });
    },
    together: (checkpoints: readonly Hex[]): number => checkpoints.length,
    close: () => Promise.resolve(),
  };
  const settler = { request: () => Promise.resolve(undefined) };
  const kzg = {
    sidecar: (blob: Uint8Array): Promise<{ commitment: Hex }> => {
      proved.push(blob.length);
      return Promise.resolve({ commitment: COMMITMENT });
    },
  };
  const parts = {
    accounts,
    challenger: { ...nothing, inTheWay: () => [] },
    pruner: nothing,
    poker: nothing,
    settler,
    informer: nothing,
    claimer: nothing,
    store: { blocksOf },
    kzg,
    clock,
    timetable,
    rank: () => 0,
    blobWrapperVersion: 1,
    rollup: `0x${"cc".repeat(20)}`,
    recipient: `0x${"11".repeat(20)}`,
    events: { emit: (event: PipelineEvent) => void told.push(event) },
    log,
  };
  return {
    publisher: new Publisher(parts as unknown as PublisherParts),
    proved,
    asked,
    log,
    told,
    clock,
    accounts,
    settler,
    kzg,
  };
}

const SENT: StepOutcome = {
  status: "sent",
  action: "send",
  nonce: 0,
  hash: `0x${"02".repeat(32)}`,
  fees: { maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 1n, maxFeePerBlobGasWei: 1n },
};

const COMMITMENT: Hex = `0x${"01".repeat(48)}`;

const ANY_POINT: Hex = `0x${bls12_381.G1.Point.BASE.toHex(false)}`;

/** The state with every proposal naming the blob with this commitment. */
const naming = (commitment: Hex, state: ChainState): ChainState => ({
  ...state,
  unsubmitted: state.unsubmitted.map((entry) => {
    if (entry.proposed === undefined) return entry;
    const { proposal, certificate, digest } = entry.proposed;
    const named = { ...proposal, blobHashes: [versionedHash(commitment)] };
    const signed = certificate && { ...certificate, signature: ANY_POINT };
    return { ...entry, proposed: { digest, proposal: named, certificate: signed } };
  }),
});

const early = timetable.moment(timetable.of(1).buildStartMs);
const blockOf = (slot: number): BlockProposal => ({ slot, data: new Uint8Array([slot]) }) as BlockProposal;

describe("the publisher", () => {
  it("makes each checkpoint's blob proofs once, however many are unsubmitted after a reorg of L1", async () => {
    const { publisher, proved } = setUp((slot) => [blockOf(slot)]);
    const state = naming(COMMITMENT, chainOf(...Array<"certified">(6).fill("certified")));
    for (let beat = 0; beat < 5; beat++) publisher.tick(state, early, () => false);
    await publisher.stop();
    expect(proved).to.have.length(4);
  });

  it("does not let a checkpoint it cannot read stop the other duties of a heartbeat", async () => {
    const { publisher } = setUp(() => {
      throw new Error("disk error");
    });
    expect(() => publisher.tick(chainOf("certified"), early, () => false)).not.to.throw();
    await publisher.stop();
  });

  it("sends what is stored for the slot, and nothing when that is not what was proposed", async () => {
    const inItsSlot = timetable.moment(timetable.of(1).firstSendMs);
    const published = async (commitment: Hex): Promise<ReturnType<typeof setUp>> => {
      const parts = setUp((slot) => [blockOf(slot)]);
      parts.publisher.tick(naming(commitment, chainOf("certified")), inItsSlot, () => true);
      await parts.publisher.stop();
      return parts;
    };
    const { asked } = await published(COMMITMENT);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include.keys("call");
    const refused = await published(`0x${"02".repeat(48)}`);
    expect(refused.asked).to.deep.equal([]);
    expect(String(refused.log.fields[0]?.error)).to.match(/slot 1: expected blobs .*, its data makes/);
  });

  describe("of the successor, in virtual time", () => {
    const times = timetable.of(1);
    const l1SlotMs = timetable.parameters.l1SlotSeconds * 1000;
    /** The last on-time block was seen without slot 1's checkpoint; slot 2's, the successor's own, has no certificate. */
    const seen = atL1(chainOf("certified", "proposed"), times.lastOnTimeBlockMs);
    const state = naming(COMMITMENT, { ...seen, l1: { ...seen.l1, blockHash: hash("last on time") } });
    const isSuccessor = (slot: number): boolean => slot === 2;

    interface Sending {
      atMs: number;
      outcome: string;
    }

    /** Ticks as the node does, from a moment on; each step takes `stepMs` and comes to what `outcomes` says. */
    async function run(
      parts: ReturnType<typeof setUp>,
      fromMs: number,
      untilMs: number,
      stepMs: number,
      outcomes: StepOutcome[],
    ): Promise<Sending[]> {
      const { publisher, clock, accounts } = parts;
      const sendings: Sending[] = [];
      accounts.step = async (_, request) => {
        if (request === undefined) return { status: "stopped", reason: "idle" };
        await clock.sleepUntil(clock.nowMs() + stepMs);
        const outcome = outcomes.shift() ?? SENT;
        sendings.push({ atMs: clock.nowMs(), outcome: outcome.status });
        return outcome;
      };
      for (let nowMs = fromMs; nowMs <= untilMs; nowMs += HEARTBEAT_MS) {
        await clock.advanceTo(nowMs);
        publisher.tick(state, timetable.moment(nowMs), isSuccessor);
        await clock.advanceTo(nowMs);
      }
      await clock.advanceTo(untilMs + 2 * stepMs);
      return sendings;
    }

    it("takes a step again whose calls failed, before the one L1 block is over that it has", async () => {
      for (const failure of [
        { status: "waiting", reason: "l1-unreachable" },
        { status: "waiting", reason: "simulation-failed" },
        { status: "unanswered", nonce: 0, hash: COMMITMENT, reason: "timeout" },
      ] as StepOutcome[]) {
        const parts = setUp((slot) => [blockOf(slot)]);
        const sendings = await run(parts, times.handoffMs - 500, times.handoffMs + l1SlotMs, 20, [failure]);
        expect(sendings.map(({ outcome }) => outcome)).to.deep.equal([failure.status, "sent"]);
        const told = parts.told.map((event) => event.type === "sending" && [event.task, ...event.slots, event.outcome]);
        const unanswered = failure.status === "unanswered" ? [["landing", 1, "unanswered"]] : [];
        expect(told).to.deep.equal([...unanswered, ["landing", 1, "sent"]]);
        expect(sendings[1]?.atMs, failure.status).to.be.at.most(times.handoffMs + l1SlotMs);
      }
    });

    it("sends its own along, unless the accounts say that it must go alone", async () => {
      const both = naming(COMMITMENT, atL1(chainOf("certified", "certified"), times.lastOnTimeBlockMs));
      const landing = async (together: number): Promise<Hex[]> => {
        const { publisher, accounts, asked, clock } = setUp((slot) => [blockOf(slot)]);
        accounts.together = () => together;
        await clock.advanceTo(times.handoffMs);
        publisher.tick(both, timetable.moment(times.handoffMs), isSuccessor);
        await publisher.stop();
        return (asked[0] as { checkpoints: Hex[] }).checkpoints;
      };
      const digests = both.unsubmitted.map(({ proposed }) => proposed?.digest);
      expect(await landing(2)).to.deep.equal(digests);
      expect(await landing(1)).to.deep.equal(digests.slice(0, 1));
    });

    it("does not ask again for what L1 itself must change", async () => {
      const refusals: StepOutcome[] = [
        { status: "waiting", reason: "in-flight" },
        { status: "stopped", reason: "duplicate" },
      ];
      for (const refusal of refusals) {
        const parts = setUp((slot) => [blockOf(slot)]);
        const sendings = await run(parts, times.handoffMs - 500, times.handoffMs + l1SlotMs, 20, [refusal]);
        expect(sendings.map(({ outcome }) => outcome)).to.deep.equal([refusal.status]);
      }
    });

    it("sends early enough for the first late block where sending takes long, once it knows that", async () => {
      const parts = setUp((slot) => [blockOf(slot)]);
      const slowMs = 900;
      // Its own checkpoint of an earlier slot is how it knows.
      const earlier = naming(COMMITMENT, chainOf("certified", "proposed"));
      const own = (slot: number): boolean => slot === 1;
      parts.accounts.step = async () => {
        await parts.clock.sleepUntil(parts.clock.nowMs() + slowMs);
        return SENT;
      };
      await parts.clock.advanceTo(times.firstSendMs);
      parts.publisher.tick(earlier, timetable.moment(times.firstSendMs), own);
      await parts.clock.advanceTo(times.firstSendMs + 2 * slowMs);
      const [sending] = await run(parts, times.handoffMs, times.handoffMs + l1SlotMs, slowMs, []);
      expect(sending?.atMs).to.be.at.most(times.handoffMs + l1SlotMs);
      const [unaware] = await run(
        setUp((slot) => [blockOf(slot)]),
        times.handoffMs,
        times.handoffMs + l1SlotMs,
        slowMs,
        [],
      );
      expect(unaware?.atMs).to.be.greaterThan(times.handoffMs + l1SlotMs);
    });

    it("begins nothing else while a checkpoint is its to rescue, so that nothing is under way when the time comes", async () => {
      const parts = setUp((slot) => [blockOf(slot)]);
      let begun = 0;
      parts.settler.request = async () => {
        begun++;
        await parts.clock.sleepUntil(parts.clock.nowMs() + 2 * l1SlotMs);
        return undefined;
      };
      const fromMs = times.handoffMs - 200;
      const [sending] = await run(parts, fromMs, times.handoffMs + l1SlotMs, 20, []);
      expect(sending?.atMs).to.be.at.most(times.handoffMs + l1SlotMs);
      expect(begun).to.equal(0);
      parts.publisher.tick(chainOf("proposed"), timetable.moment(times.handoffMs + 2 * l1SlotMs), isSuccessor);
      await parts.clock.advanceTo(times.handoffMs + 3 * l1SlotMs);
      expect(begun).to.equal(1);
    });

    it("asks with the time it is when the blobs are ready, not when it began to make them", async () => {
      const parts = setUp((slot) => [blockOf(slot)]);
      const seenSec: number[] = [];
      parts.accounts.step = (nowSec) => {
        seenSec.push(nowSec);
        return Promise.resolve(SENT);
      };
      parts.kzg.sidecar = async () => {
        await parts.clock.sleepUntil(parts.clock.nowMs() + 3_000);
        return { commitment: COMMITMENT };
      };
      await parts.clock.advanceTo(times.firstSendMs);
      parts.publisher.tick(
        naming(COMMITMENT, chainOf("certified")),
        timetable.moment(times.firstSendMs),
        (slot) => slot === 1,
      );
      await parts.clock.advanceTo(times.firstSendMs + 4_000);
      expect(seenSec).to.deep.equal([Math.floor((times.firstSendMs + 3_000) / 1000)]);
    });
  });
});
