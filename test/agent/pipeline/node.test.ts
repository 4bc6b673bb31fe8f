import { expect } from "chai";
import type { L1View } from "../../../sdk/agent/chain/state.ts";
import type { L1Event } from "../../../sdk/agent/l1/interface.ts";
import { type NodeParts, PipelineNode } from "../../../sdk/agent/pipeline/node.ts";
import { Mailbox } from "../../../sdk/agent/time/mailbox.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Certificate } from "../../../sdk/agent/types/messages.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { certificate, digestOf, genesis, hash, timetable } from "../chain/support.ts";
import { type Recorder, recorder, voteOf } from "./support.ts";

interface Setup {
  node: PipelineNode;
  clock: ManualClock;
  failures: string[];
  polls: L1View[];
  retries: number;
  attesterTicks: number;
  log: Recorder;
}

/** A node over parts that only answer; `over` puts a faulty one in. */
function setUp(over: { [K in keyof NodeParts]?: object } = {}, mailboxBound = 8): Setup {
  const clock = new ManualClock(timetable.of(1).startMs);
  const setup = { clock, failures: [] as string[], polls: [] as L1View[], retries: 0, attesterTicks: 0 };
  const log = recorder();
  const parts = {
    clock,
    timetable,
    mailbox: new Mailbox(mailboxBound, (error) => setup.failures.push(String(error))),
    keeper: { state: genesis() },
    intake: {},
    follower: { retry: () => Promise.resolve() },
    attester: { tick: () => Promise.resolve(void setup.attesterTicks++), settled: () => Promise.resolve() },
    l1Follower: {
      isBehind: false,
      readTo: genesis().l1,
      retry: () => Promise.resolve(void setup.retries++),
      onEvent: () => Promise.resolve(),
    },
    l1: {
      poll: (from: L1View): Promise<L1Event[]> => {
        setup.polls.push(from);
        return Promise.resolve([]);
      },
    },
    catchUp: { isReady: true, tick: () => {} },
    repeater: { tick: () => {} },
    announcer: { tick: () => {} },
    clockWatch: { tick: () => {} },
    missed: { tick: () => {} },
    ownSlots: { has: () => false, ownerOf: () => undefined, refresh: () => Promise.resolve(), forget: () => {} },
    proposer: undefined,
    publisher: undefined,
    log,
    ...over,
  };
  return Object.assign(setup, { node: new PipelineNode(parts as unknown as NodeParts), log });
}

describe("a node whose L1 does not answer", () => {
  it("answers for every vote and certificate all the same, and says what failed", async () => {
    const { node, failures } = setUp({
      attester: {
        settled: () => Promise.resolve(),
        onVotes: () => Promise.reject(new Error("L1 is away")),
        onCertificate: () => Promise.reject(new Error("L1 is away")),
      },
    });
    const votes = [1, 2].map((index) => node.onVote(voteOf(index, "attestation", 1, digestOf(1))));
    const verdicts = await Promise.all([...votes, node.onCertificate(certificate(1) as Certificate)]);
    expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["ignore", "ignore", "ignore"]);
    await node.stop();
    expect(failures).to.deep.equal(["Error: L1 is away", "Error: L1 is away"]);
  });
});

describe("a node that waits for L1", () => {
  it("stops without waiting for the answer, and passes on nothing that comes after", async () => {
    let answer: (events: L1Event[]) => void = () => {};
    const taken: L1Event[] = [];
    const { node, log } = setUp({
      l1: { poll: () => new Promise<L1Event[]>((resolve) => (answer = resolve)) },
      l1Follower: {
        isBehind: false,
        readTo: genesis().l1,
        retry: () => Promise.resolve(),
        onEvent: (event: L1Event) => Promise.resolve(void taken.push(event)),
      },
    });
    node.start();
    await node.stop();
    answer([{ type: "rewind", ancestor: genesis().l1, settled: undefined }]);
    await new Promise((resolve) => setImmediate(resolve));
    expect([taken, log.lines]).to.deep.equal([[], []]);
  });
});

describe("a node that lacks a checkpoint that is on L1", () => {
  it("reads L1 on from what is held back, and looks for the data", async () => {
    const readTo = { blockNumber: 7, blockHash: hash("l1.7"), timestamp: 7 };
    const l1Follower = { isBehind: true, readTo, retry: () => Promise.resolve(void setup.retries++) };
    const setup = setUp({ l1Follower });
    setup.node.start();
    await setup.clock.advanceTo(setup.clock.nowMs() + 1_000);
    expect(setup.retries).to.be.greaterThan(1);
    expect(setup.polls[0]).to.equal(readTo);
    expect(setup.attesterTicks).to.equal(0);
    await setup.node.stop();
  });
});

describe("a node that catches up with L1", () => {
  it("takes up no duty before it has read L1 to its head, at its start or after L1 was away", async () => {
    const event = (blockNumber: number): L1Event => ({
      type: "block",
      l1: { blockNumber, blockHash: hash(`l1.${blockNumber}`), timestamp: blockNumber },
      landed: [],
      cured: [],
      settled: undefined,
      finalized: undefined,
      rolledBackTo: undefined,
    });
    const many = Array.from({ length: 64 }, (_, i) => event(i));
    const answers: L1Event[][] = [[event(1)], [], [event(2)], many, []];
    const ticks: number[] = [];
    const polled = new Promise<void>((resolve) => {
      const setup = setUp({
        l1: {
          poll: () => {
            ticks.push(setup.attesterTicks);
            if (answers.length === 0) resolve();
            return Promise.resolve(answers.shift() ?? []);
          },
        },
      });
      setup.node.start();
      void setup.clock.advanceTo(setup.clock.nowMs() + 2_000).then(() => setup.node.stop());
    });
    await polled;
    const moved = ticks.map((count, i) => i > 0 && count > (ticks[i - 1] as number));
    // Between polls: after one block, at the head, after one block more, after many, at the head again.
    expect(moved.slice(1, 6)).to.deep.equal([false, true, true, false, true]);
  });
});

describe("a node that is told to stop", () => {
  const OWN = 3;
  const startMs = timetable.of(OWN).buildStartMs;

  /** Slot 3 is its own, and so is the one after. */
  function owner(nowMs: number) {
    const offered: (Hex | undefined)[] = [];
    const setup = setUp({
      ownSlots: {
        has: (slot: number) => slot === OWN || slot === OWN + 1,
        ownerOf: (slot: number) => (slot === OWN || slot === OWN + 1 ? `0x0${slot}` : undefined),
        refresh: () => Promise.resolve(),
        forget: () => {},
      },
      proposer: { tick: (key: Hex | undefined) => offered.push(key), stop: () => Promise.resolve() },
    });
    return { ...setup, offered, begin: () => setup.clock.advanceTo(nowMs) };
  }

  it("does the slot it is in and takes on none after it, and says what it stays for", async () => {
    const { node, clock, offered, begin, log } = owner(startMs + 1_000);
    node.start();
    await begin();
    let finished = false;
    const finishing = node.finish(new AbortController().signal).then(() => (finished = true));
    await clock.advanceTo(timetable.of(OWN).proposalDeadlineMs);
    expect(finished).to.equal(false);
    expect(offered.filter((key) => key === "0x03")).not.to.deep.equal([]);
    await clock.advanceTo(timetable.of(OWN).proposalDeadlineMs + 200);
    await finishing;
    expect(offered).not.to.include("0x04");
    expect(log.lines.filter((line) => line === "stopping, after this")).to.have.length(1);
    await node.stop();
  });

  it("leaves at once when it is told again, and when it has nothing to do", async () => {
    const { node, begin } = owner(startMs + 1_000);
    node.start();
    await begin();
    const again = new AbortController();
    const finishing = node.finish(again.signal);
    again.abort();
    await finishing;
    await node.stop();
    const idle = owner(timetable.of(OWN - 2).startMs);
    idle.node.start();
    await idle.begin();
    await idle.node.finish(new AbortController().signal);
    await idle.node.stop();
  });
});
