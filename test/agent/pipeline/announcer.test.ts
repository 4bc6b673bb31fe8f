import { expect } from "chai";
import { Announcer, MAX_WAITING_ANNOUNCEMENTS } from "../../../sdk/agent/pipeline/announcer.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { recorder } from "./support.ts";

const UNTIL_MS = 10_000;

/** An announcer on a network that takes nothing while `isDown`. */
function setUp() {
  const clock = new ManualClock(0);
  const log = recorder();
  const network = { isDown: false };
  const sent: number[] = [];
  const announcer = new Announcer({ clock, log });
  const say = (slot: number): Promise<void> =>
    announcer.say({
      what: "block",
      slot,
      untilMs: UNTIL_MS,
      send: () => {
        if (network.isDown) return Promise.reject(new Error("no route"));
        sent.push(slot);
        return Promise.resolve();
      },
    });
  /** Beats as a node does. */
  const beatUntil = async (untilMs: number): Promise<void> => {
    for (let nowMs = clock.nowMs(); nowMs <= untilMs; nowMs += 50) {
      await clock.advanceTo(nowMs);
      announcer.tick(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { announcer, network, sent, log, say, beatUntil };
}

describe("what an agent has to say", () => {
  it("is sent once where the network takes it", async () => {
    const { sent, say, beatUntil, log } = setUp();
    await say(1);
    await beatUntil(2_000);
    expect([sent, log.lines]).to.deep.equal([[1], []]);
  });

  it("does not fail whoever says it, and is sent again until the network takes it", async () => {
    const { announcer, network, sent, say, beatUntil, log } = setUp();
    network.isDown = true;
    await say(1);
    await beatUntil(1_000);
    network.isDown = false;
    await say(2);
    await beatUntil(1_500);
    expect(sent).to.deep.equal([2, 1]);
    expect(announcer.failed, "attempts a second: no more than are of use").to.be.within(3, 5);
    expect(new Set(log.lines)).to.deep.equal(new Set(["not published, trying on"]));
    await beatUntil(3_000);
    expect(sent).to.deep.equal([2, 1]);
  });

  it("is given up when nobody would accept it any more, which is said", async () => {
    const { network, sent, say, beatUntil, log } = setUp();
    network.isDown = true;
    await say(1);
    await beatUntil(UNTIL_MS + 500);
    network.isDown = false;
    await beatUntil(UNTIL_MS + 2_000);
    expect(sent).to.deep.equal([]);
    expect(log.lines.at(-1)).to.match(/^never published/);
  });

  it("waits up to a bound: the oldest is given up", async () => {
    const { network, sent, say, beatUntil } = setUp();
    network.isDown = true;
    for (let slot = 0; slot <= MAX_WAITING_ANNOUNCEMENTS; slot++) await say(slot);
    network.isDown = false;
    await beatUntil(1_000);
    expect(sent).to.have.length(MAX_WAITING_ANNOUNCEMENTS);
    expect(sent[0]).to.equal(1);
  });
});
