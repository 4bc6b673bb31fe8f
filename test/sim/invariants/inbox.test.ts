import { expect } from "chai";
import { keccak256 } from "ethers";
import type { InboxMessage } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload, Withdrawal } from "../../../sdk/types/payload.ts";
import { FastSigner } from "../../support/fast-signer.ts";
import { checkInbox } from "./inbox.ts";

const RECIPIENT: Hex = `0x${"0a".repeat(20)}`;
const fees = { gasLimit: 21_000, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
const FORCED = new FastSigner("a").sign({ chainId: 1, nonce: 0, to: RECIPIENT, valueWei: 1n, ...fees });
const GARBAGE: Hex = "0x02c0ffee";

const MESSAGES: InboxMessage[] = [
  { index: 0, timestamp: 1, depositor: RECIPIENT, l2Recipient: RECIPIENT, amountWei: 5_000_000_000n },
  { index: 1, timestamp: 2, transaction: FORCED },
  { index: 2, timestamp: 3, transaction: GARBAGE },
];
const nameOf = (raw: Hex): Hex => `0x${keccak256(raw).slice(-40)}`;
const CREDITS: Withdrawal[] = [
  { index: 0, validatorIndex: 0, address: RECIPIENT, amountGwei: 5n },
  { index: 1, validatorIndex: 0, address: nameOf(FORCED), amountGwei: 0n },
  { index: 2, validatorIndex: 0, address: nameOf(GARBAGE), amountGwei: 0n },
];
const block = (withdrawals: Withdrawal[], transactions: Hex[] = []): ExecutionPayload =>
  ({ blockNumber: 1, withdrawals, transactions }) as ExecutionPayload;

describe("the inbox rule of the simulation", () => {
  it("holds where each message arrives once and what was forced runs", () => {
    checkInbox(MESSAGES, [block(CREDITS.slice(0, 1)), block(CREDITS.slice(1), [FORCED])]);
    checkInbox(MESSAGES, [block(CREDITS.slice(0, 1), [FORCED]), block(CREDITS.slice(1))]);
  });

  for (const { what, blocks } of [
    { what: "twice", blocks: [block(CREDITS.slice(0, 1)), block(CREDITS.slice(0, 1))] },
    { what: "in another order", blocks: [block([...CREDITS].reverse(), [FORCED])] },
    { what: "with more", blocks: [block([{ ...(CREDITS[0] as Withdrawal), amountGwei: 6n }])] },
    { what: "for another", blocks: [block([{ ...(CREDITS[0] as Withdrawal), address: nameOf(FORCED) }])] },
    { what: "that nobody sent", blocks: [block([...CREDITS, { ...(CREDITS[0] as Withdrawal), index: 3 }], [FORCED])] },
  ]) {
    it(`is broken by a message credited ${what}`, () => {
      expect(() => checkInbox(MESSAGES, blocks)).to.throw("each deposit is credited once");
    });
  }

  it("is broken by a forced transaction that is left out", () => {
    expect(() => checkInbox(MESSAGES, [block(CREDITS)])).to.throw("what is forced and valid is executed");
  });
});
