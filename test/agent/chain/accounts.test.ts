import { expect } from "chai";
import { type AccountView, chooseAccount, landingsLeft } from "../../../sdk/agent/chain/accounts.ts";
import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import { EMPTY_STATE, type JournalState, reduce } from "../../../sdk/submit/journal/state.ts";
import type { RequestTerms } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hash } from "./support.ts";

const NOW_SEC = 1_000;
const A: Hex = `0x${"0a".repeat(20)}`;
const B: Hex = `0x${"0b".repeat(20)}`;
const C: Hex = `0x${"0c".repeat(20)}`;
const fees = { maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 1n, maxFeePerBlobGasWei: 1n };

const request = (over: Partial<RequestTerms> = {}): RequestTerms => ({
  content: hash("new"),
  checkpoints: [hash("c7")],
  blobCount: 1,
  gasEstimate: 60_000n,
  notBeforeSec: 0,
  deadlineSec: NOW_SEC + 12,
  valueAtStakeWei: undefined,
  intent: "land",
  ...over,
});
const ERRAND = request({ content: hash("settle"), checkpoints: [], blobCount: 0 });

/** A journal that sent something with nonce 0, and what came of it. */
function journal(sent: Partial<RequestTerms>, ...then: TransactionEntry[]): JournalState {
  const { content, checkpoints, deadlineSec } = request({ content: hash("old"), ...sent });
  const tx = hash("tx");
  const terms = { nonce: 0, kind: "land", content, checkpoints, fees, deadlineSec, atBlock: 1 } as const;
  return [{ type: "intent", hash: tx, ...terms } as TransactionEntry, ...then].reduce(reduce, EMPTY_STATE);
}
const refused: TransactionEntry = { type: "refused", hash: hash("tx"), reason: "no" };
const unanswered: TransactionEntry = { type: "unanswered", hash: hash("tx"), reason: "timeout" };
const mined: TransactionEntry = {
  type: "mined",
  nonce: 0,
  hash: hash("tx"),
  blockNumber: 2,
  blockHash: hash("b2"),
  success: false,
  gasUsed: 1,
  gasPriceWei: 1n,
};
const closed: TransactionEntry = { type: "closed", nonce: 0, outcome: "mined" };

const view = (account: Hex, balanceWei: bigint, over: Partial<AccountView> = {}): AccountView => ({
  account,
  balanceWei,
  bonded: true,
  journal: EMPTY_STATE,
  ...over,
});
/** A bonded account needs 100 wei, raised twice 400; an unbonded one five times as much. */
const upfront = (bonded: boolean): bigint => (bonded ? 100n : 500n);

describe("the L1 account that sends", () => {
  const otherLanding = journal({ checkpoints: [hash("c6")] });
  const errand = journal({ content: hash("old errand"), checkpoints: [] });
  const cases: [string, AccountView[], RequestTerms, [Hex, string]][] = [
    ["is the only one, whatever it has", [view(A, 0n)], request(), [A, "poor"]],
    ["is the one with the least that suffices", [view(A, 900n), view(B, 400n), view(C, 500n)], request(), [B, "free"]],
    ["is not one that could not pay for raising it twice", [view(A, 900n), view(B, 399n)], request(), [A, "free"]],
    [
      "is a bonded one rather than one with less money, which pays for verification",
      [view(A, 900n), view(B, 2_000n, { bonded: false })],
      request(),
      [A, "free"],
    ],
    [
      "is an unbonded one if no other can pay",
      [view(A, 99n), view(B, 2_000n, { bonded: false })],
      request(),
      [B, "free"],
    ],
    [
      "is not one that has another landing on its way",
      [view(A, 400n, { journal: otherLanding }), view(B, 900n)],
      request(),
      [B, "free"],
    ],
    [
      "is one whose landing on the way is past its deadline: its nonce is used again",
      [view(A, 400n, { journal: journal({ checkpoints: [hash("c6")], deadlineSec: NOW_SEC - 1 }) }), view(B, 900n)],
      request(),
      [A, "free"],
    ],
    [
      "is one that had something refused",
      [view(A, 400n, { journal: journal({}, refused) }), view(B, 900n)],
      request(),
      [A, "free"],
    ],
    [
      "is the one that carries the checkpoint, though it is poor and another is free",
      [view(A, 900n), view(B, 0n, { journal: journal({}) })],
      request(),
      [B, "carries it"],
    ],
    [
      "is the one whose node did not answer: the checkpoint may be in its pool",
      [view(A, 400n), view(B, 900n, { journal: journal({}, unanswered) })],
      request(),
      [B, "carries it"],
    ],
    [
      "is the one that carries a part of it: a rescue becomes the batch of both at its nonce",
      [view(A, 400n), view(B, 900n, { journal: journal({ checkpoints: [hash("c6")] }) })],
      request({ checkpoints: [hash("c6"), hash("c7")] }),
      [B, "carries it"],
    ],
    [
      "is the one whose transaction was mined in vain, until L1 cannot take that back any more",
      [view(A, 400n), view(B, 900n, { journal: journal({}, mined) })],
      request(),
      [B, "carries it"],
    ],
    [
      "is the same for choice, when that is final",
      [view(A, 400n), view(B, 900n, { journal: journal({}, mined, closed) })],
      request(),
      [B, "free"],
    ],
    [
      "is any, when that is final and it could not pay once more",
      [view(A, 400n), view(B, 399n, { journal: journal({}, mined, closed) })],
      request(),
      [A, "free"],
    ],
    [
      "is the one that has an errand on its way, for the next errand",
      [view(A, 400n), view(B, 900n, { journal: errand })],
      ERRAND,
      [B, "carries it"],
    ],
    [
      "is another than the one with an errand, for a landing",
      [view(A, 400n, { journal: errand }), view(B, 900n)],
      request(),
      [B, "free"],
    ],
    [
      "replaces a landing rather than an errand when none is free",
      [view(A, 400n, { journal: errand }), view(B, 900n, { journal: otherLanding })],
      request(),
      [B, "busy"],
    ],
    ["is never nobody", [view(A, 400n, { journal: errand })], request(), [A, "busy"]],
  ];
  for (const [what, accounts, wanted, [account, why]] of cases) {
    it(what, () => {
      expect(chooseAccount(accounts, wanted, upfront, NOW_SEC)).to.deep.equal({ account, why });
    });
  }

  it("pays for so many landings", () => {
    expect(landingsLeft(99n, 100n)).to.equal(0);
    expect(landingsLeft(299n, 100n)).to.equal(2);
    expect(landingsLeft(1n, 0n)).to.equal(Number.MAX_SAFE_INTEGER);
  });
});
