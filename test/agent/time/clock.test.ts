import { expect } from "chai";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { Mailbox } from "../../../sdk/agent/time/mailbox.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";

describe("clocks", () => {
  it("run due tasks in order of time, then of request", async () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    clock.at(20, () => ran.push("c"));
    clock.at(10, () => ran.push("a"));
    clock.at(10, () => ran.push("b"));
    const cancel = clock.at(15, () => ran.push("never"));
    cancel();
    await clock.advanceTo(30);
    expect(ran).to.deep.equal(["a", "b", "c"]);
    expect(clock.nowMs()).to.equal(30);
  });

  for (const [name, clock] of [
    ["manual", new ManualClock(0)],
    ["system", new SystemClock()],
  ] as const) {
    it(`end a sleep with the signal's reason (${name})`, async () => {
      const stop = new AbortController();
      const sleep = clock.sleepUntil(clock.nowMs() + 60_000, stop.signal);
      stop.abort(new Error("enough"));
      expect(await sleep.catch((error: Error) => error.message)).to.equal("enough");
    });
  }
});

describe("a mailbox", () => {
  it("runs tasks one after another, past one that fails", async () => {
    const errors: unknown[] = [];
    const mailbox = new Mailbox(10, (error) => errors.push(error));
    const ran: number[] = [];
    mailbox.post(async () => {
      await Promise.resolve();
      ran.push(1);
    });
    mailbox.post(() => Promise.reject(new Error("boom")));
    mailbox.post(async () => void ran.push(2));
    await mailbox.close();
    expect(ran).to.deep.equal([1, 2]);
    expect(errors).to.have.length(1);
  });

  it("refuses work beyond its bound and after it was closed, and counts it", async () => {
    const mailbox = new Mailbox(2, () => {});
    const posted = [1, 2, 3].map(() => mailbox.post(() => Promise.resolve()));
    expect(posted).to.deep.equal([true, true, false]);
    await mailbox.close();
    expect(mailbox.post(() => Promise.resolve())).to.equal(false);
    expect(mailbox.dropped).to.equal(2);
  });
});
