import { expect } from "chai";
import { Inbox } from "../../../sdk/agent/l1/inbox.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

const GENESIS = 10_000;
const timetable = new Timetable({ ...DEVNET_PARAMETERS, maxMessages: 2 }, GENESIS);
const hash = (index: number): Hex => `0x${String(index + 1).padStart(64, "0")}`;
/** The cut-off of slot 10: the start of slot 7. */
const CUT_OFF = GENESIS + 7 * 12;

function inboxWith(...times: number[]): Inbox {
  const inbox = new Inbox(timetable);
  times.forEach((timeSec, index) => {
    inbox.append({
      index,
      l2Recipient: `0x${"01".repeat(20)}`,
      amountWei: 5_000_000_000n,
      timeSec,
      hash: hash(index),
      l1BlockNumber: timeSec,
    });
  });
  inbox.advance(CUT_OFF + 1);
  return inbox;
}

describe("the inbox", () => {
  it("consumes exactly the messages before the start of the slot `inboxLag` slots ago", () => {
    const due = inboxWith(CUT_OFF - 1, CUT_OFF).due(10, 0);
    expect(due?.count).to.equal(1);
    expect(due?.hash).to.equal(hash(0));
    expect(due?.withdrawals).to.deep.equal([
      { index: 0, validatorIndex: 0, address: `0x${"01".repeat(20)}`, amountGwei: 5n },
    ]);
  });

  it("consumes at most `maxMessages`, the oldest first", () => {
    const due = inboxWith(CUT_OFF - 4, CUT_OFF - 3, CUT_OFF - 2).due(10, 0);
    expect(due?.count).to.equal(2);
    expect(
      inboxWith(CUT_OFF - 4, CUT_OFF - 3, CUT_OFF - 2)
        .due(10, 2)
        ?.withdrawals.map((w) => w.index),
    ).to.deep.equal([2]);
  });

  it("says zero, not an older hash, when nothing is consumed", () => {
    expect(inboxWith(CUT_OFF - 1).due(10, 1)).to.deep.equal({
      withdrawals: [],
      count: 1,
      hash: `0x${"00".repeat(32)}`,
    });
  });

  it("does not take an inbox that was not read far enough for an empty one", () => {
    const inbox = new Inbox(timetable);
    inbox.advance(CUT_OFF - 1);
    expect(inbox.due(10, 0)).to.equal(undefined);
    inbox.advance(CUT_OFF);
    expect(inbox.due(10, 0)?.count).to.equal(0);
  });

  it("forgets what a reorg removed, and refuses a gap", () => {
    const inbox = inboxWith(CUT_OFF - 5, CUT_OFF - 1);
    inbox.rewind(CUT_OFF - 5, CUT_OFF - 5);
    expect(inbox.count).to.equal(1);
    expect(() =>
      inbox.append({ index: 2, l2Recipient: "0x", amountWei: 0n, timeSec: 0, hash: hash(2), l1BlockNumber: 0 }),
    ).to.throw(RangeError, "inbox message 1 is missing");
  });
});
