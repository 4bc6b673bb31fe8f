import { expect } from "chai";
import type { Topic } from "../../../sdk/agent/network/interface.ts";
import { Announcer, MAX_WAITING_ANNOUNCEMENTS } from "../../../sdk/agent/pipeline/announcer.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { timetable } from "../chain/support.ts";
import { recorder } from "./support.ts";

const SLOT = 5;
const { startMs, proposalDeadlineMs, closesMs } = timetable.of(SLOT);

/** An announcer on a network that takes nothing while `isDown`, from a slot's start on. */
function setUp() {
  const clock = new ManualClock(startMs);
  const log = recorder();
  const network = { isDown: false };
  const sent: number[] = [];
  const publish = (_: Topic, [byte]: Uint8Array): Promise<void> => {
    if (network.isDown) return Promise.reject(new Error("no route"));
    sent.push(byte as number);
    return Promise.resolve();
  };
  const announcer = new Announcer({ network: { publish }, clock, timetable, log });
  const say = (byte: number, topic: Topic = "votes"): Promise<void> =>
    announcer.say(topic, SLOT, new Uint8Array([byte]));
  /** Beats as a node does. */
  const beatFor = async (ms: number): Promise<void> => {
    const untilMs = clock.nowMs() + ms;
    for (let nowMs = clock.nowMs(); nowMs <= untilMs; nowMs += 50) {
      await clock.advanceTo(nowMs);
      announcer.tick(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { announcer, network, sent, log, say, beatFor };
}

describe("what an agent has to say", () => {
  it("is sent once where the network takes it", async () => {
    const { sent, say, beatFor, log } = setUp();
    await say(1);
    await beatFor(2_000);
    expect([sent, log.lines]).to.deep.equal([[1], []]);
  });

  it("does not fail whoever says it, and is sent again until the network takes it", async () => {
    const { announcer, network, sent, say, beatFor, log } = setUp();
    network.isDown = true;
    await say(1);
    await beatFor(1_000);
    network.isDown = false;
    await say(2);
    await beatFor(500);
    expect(sent).to.deep.equal([2, 1]);
    expect(announcer.failed, "attempts a second: no more than are of use").to.be.within(3, 5);
    expect(new Set(log.lines)).to.deep.equal(new Set(["not published, trying on"]));
    await beatFor(2_000);
    expect(sent).to.deep.equal([2, 1]);
  });

  it("is given up when nobody would accept it any more, which is said: blocks before votes", async () => {
    const given: [Topic, number][] = [
      ["blocks", proposalDeadlineMs],
      ["checkpoints", proposalDeadlineMs],
      ["votes", closesMs],
      ["certificates", closesMs],
    ];
    for (const [topic, untilMs] of given) {
      const { network, sent, say, beatFor, log } = setUp();
      network.isDown = true;
      await say(1, topic);
      await beatFor(untilMs - startMs - 300);
      expect(log.lines.at(-1), topic).to.match(/^not published/);
      await beatFor(600);
      network.isDown = false;
      await beatFor(1_000);
      expect([sent, log.lines.at(-1)?.slice(0, 15)], topic).to.deep.equal([[], "never published"]);
    }
  });

  it("waits up to a bound: the oldest is given up", async () => {
    const { network, sent, say, beatFor } = setUp();
    network.isDown = true;
    for (let byte = 0; byte <= MAX_WAITING_ANNOUNCEMENTS; byte++) await say(byte);
    network.isDown = false;
    await beatFor(1_000);
    expect(sent).to.have.length(MAX_WAITING_ANNOUNCEMENTS);
    expect(sent[0]).to.equal(1);
  });
});
