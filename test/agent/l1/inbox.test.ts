import { expect } from "chai";
import { keccak256 } from "ethers";
import { Inbox, type InboxEntry } from "../../../sdk/agent/l1/inbox.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import { digestInboxHash } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

const GENESIS = 10_000;
const timetable = new Timetable({ ...DEVNET_PARAMETERS, maxMessages: 2, maxForced: 1 }, GENESIS);
const hash = (index: number): Hex => `0x${String(index + 1).padStart(64, "0")}`;
/** The cut-off of slot 10: the start of slot 7. */
const CUT_OFF = GENESIS + 7 * 12;

const recipient: Hex = `0x${"01".repeat(20)}`;
const deposit = (index: number, timestamp: number): InboxEntry => ({
  message: { index, timestamp, depositor: recipient, l2Recipient: recipient, amountWei: 5_000_000_000n },
  hash: hash(index),
  l1BlockNumber: timestamp,
});
const forced = (index: number, timestamp: number, transaction: Hex): InboxEntry => ({
  message: { index, timestamp, transaction },
  hash: hash(index),
  l1BlockNumber: timestamp,
});

function inboxOf(...entries: InboxEntry[]): Inbox {
  const inbox = new Inbox(timetable);
  for (const entry of entries) inbox.append(entry);
  inbox.advance(CUT_OFF + 1);
  return inbox;
}

const inboxWith = (...times: number[]): Inbox => inboxOf(...times.map((timeSec, index) => deposit(index, timeSec)));

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
      forced: [],
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
    expect(() => inbox.append(deposit(2, CUT_OFF))).to.throw(RangeError, "inbox message 1 is missing");
  });

  it("hands on forced transactions whatever they hold, each with a withdrawal of nothing that names it", () => {
    const inbox = inboxOf(forced(0, CUT_OFF - 3, "0x"), forced(1, CUT_OFF - 2, "0x02c0ffee"));
    const due = inbox.due(10, 0);
    expect(due?.forced, "those beyond `maxForced` are void").to.deep.equal(["0x"]);
    expect(inbox.due(10, 1)?.forced).to.deep.equal(["0x02c0ffee"]);
    expect(due?.withdrawals).to.deep.equal([
      { index: 0, validatorIndex: 0, address: `0x${keccak256("0x").slice(-40)}`, amountGwei: 0n },
      { index: 1, validatorIndex: 0, address: `0x${keccak256("0x02c0ffee").slice(-40)}`, amountGwei: 0n },
    ]);
    expect(due?.count).to.equal(2);
    expect(due?.hash).to.equal(hash(1));
  });

  it("keeps deposits and forced transactions in their order, and gives each its own", () => {
    const due = inboxOf(deposit(0, CUT_OFF - 3), forced(1, CUT_OFF - 2, "0xfe")).due(10, 0);
    expect(due?.forced).to.deep.equal(["0xfe"]);
    expect(due?.withdrawals.map(({ amountGwei }) => amountGwei)).to.deep.equal([5n, 0n]);
  });

  it("credits no refunded deposit, and mixes the refunds into the hash, from the epoch they are in force in", () => {
    const inbox = inboxWith(CUT_OFF - 3, CUT_OFF - 2);
    const [first, second] = [hash(7), hash(8)];
    inbox.refund({ index: 1, fromEpoch: 2, refundsHash: first, l1BlockNumber: CUT_OFF });
    inbox.refund({ index: 1, fromEpoch: 1, refundsHash: hash(9), l1BlockNumber: CUT_OFF });
    inbox.refund({ index: 0, fromEpoch: 3, refundsHash: second, l1BlockNumber: CUT_OFF + 1 });
    inbox.advance(GENESIS + 100 * 12);
    const credits = (slot: number) => inbox.due(slot, 0)?.withdrawals.map(({ amountGwei }) => amountGwei);
    // Eight slots an epoch.
    expect(credits(15)).to.deep.equal([5n, 5n]);
    expect(inbox.due(15, 0)?.hash).to.equal(hash(1));
    expect(credits(16)).to.deep.equal([5n, 0n]);
    expect(inbox.due(23, 0)?.hash).to.equal(digestInboxHash(hash(1), first));
    expect(credits(24)).to.deep.equal([0n, 0n]);
    expect(inbox.due(24, 0)?.hash).to.equal(digestInboxHash(hash(1), second));
    expect(inbox.due(24, 2)?.hash, "no message, no hash").to.equal(`0x${"00".repeat(32)}`);
  });

  it("says nothing before it knows every refund in force", () => {
    // One slot an epoch: those of slot 10 are known at the start of slot 9, after the cut-off.
    const inbox = new Inbox(new Timetable({ ...DEVNET_PARAMETERS, epochSlots: 1 }, GENESIS));
    inbox.advance(GENESIS + 9 * 12 - 1);
    expect(inbox.due(10, 0)).to.equal(undefined);
    inbox.advance(GENESIS + 9 * 12);
    expect(inbox.due(10, 0)?.count).to.equal(0);
  });

  it("takes a refund back that a reorg removed", () => {
    const inbox = inboxWith(CUT_OFF - 3);
    inbox.refund({ index: 0, fromEpoch: 1, refundsHash: hash(5), l1BlockNumber: CUT_OFF });
    expect(inbox.due(10, 0)?.hash).to.equal(digestInboxHash(hash(0), hash(5)));
    inbox.rewind(CUT_OFF - 1, CUT_OFF);
    expect(inbox.due(10, 0)).to.deep.include({ hash: hash(0) });
    expect(inbox.due(10, 0)?.withdrawals[0]?.amountGwei).to.equal(5n);
  });
});
