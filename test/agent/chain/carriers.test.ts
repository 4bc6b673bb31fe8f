import { expect } from "chai";
import { carries, sentTogether } from "../../../sdk/agent/chain/carriers.ts";
import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import { EMPTY_STATE, type JournalState, reduce } from "../../../sdk/submit/journal/state.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hash } from "./support.ts";

const C6 = hash("c6");
const C7 = hash("c7");
const fees = { maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 1n, maxFeePerBlobGasWei: 1n };

const tx = (nonce: number, checkpoints: Hex[]): Hex => hash(`${nonce} ${checkpoints.length} ${checkpoints[0]}`);

function sent(nonce: number, checkpoints: Hex[], answer: "accepted" | "refused" | "unanswered"): TransactionEntry[] {
  const id = tx(nonce, checkpoints);
  const content = hash(`content of ${checkpoints.join()}`.slice(0, 32));
  return [
    { type: "intent", hash: id, nonce, kind: "land", content, checkpoints, fees, deadlineSec: 12, atBlock: 1 },
    answer === "accepted" ? { type: "accepted", hash: id, atBlock: 1 } : { type: answer, hash: id, reason: "" },
  ];
}
const accepted = (nonce: number, ...checkpoints: Hex[]): TransactionEntry[] => sent(nonce, checkpoints, "accepted");

function mined(nonce: number, success: boolean, ...checkpoints: Hex[]): TransactionEntry[] {
  const place = { blockNumber: 2, blockHash: hash("b2") };
  const entry = { hash: tx(nonce, checkpoints), ...place, success, gasUsed: 1, gasPriceWei: 1n };
  return [...accepted(nonce, ...checkpoints), { type: "mined", nonce, ...entry }];
}
const final = (nonce: number): TransactionEntry => ({ type: "closed", nonce, outcome: "mined" });
const journal = (...entries: TransactionEntry[]): JournalState => entries.reduce(reduce, EMPTY_STATE);

describe("the L1 account that carries a checkpoint", () => {
  const rows: [string, JournalState, boolean][] = [
    ["is none that sent nothing", EMPTY_STATE, false],
    ["is the one that sent it", journal(...accepted(0, C7)), true],
    ["is the one that sent it with another", journal(...accepted(0, C6, C7)), true],
    ["is the one whose node did not answer", journal(...sent(0, [C7], "unanswered")), true],
    ["is none whose node refused it", journal(...sent(0, [C7], "refused")), false],
    ["is none that sent another", journal(...accepted(0, C6)), false],
    ["is the one whose transaction was mined in vain, which L1 may take back", journal(...mined(0, false, C7)), true],
    ["is none whose transaction was mined in vain for good", journal(...mined(0, false, C7), final(0)), false],
    [
      "is the one that landed it for good, if a reorg took even that back",
      journal(...mined(0, true, C7), final(0)),
      true,
    ],
  ];
  for (const [what, state, expected] of rows) {
    it(what, () => expect(carries(state, { checkpoints: [C7] })).to.equal(expected));
  }

  it("is the one that sent the very content, where that lands nothing", () => {
    const [entry] = sent(0, [], "accepted") as [Extract<TransactionEntry, { type: "intent" }>];
    expect(carries(journal(entry), { checkpoints: [], content: entry.content })).to.equal(true);
    expect(carries(journal(entry), { checkpoints: [], content: hash("another") })).to.equal(false);
  });
});

describe("a late checkpoint and the next one", () => {
  const rows: [string, JournalState[], number][] = [
    ["go together when nothing was sent", [EMPTY_STATE, EMPTY_STATE], 2],
    ["go together in the place of the late one", [journal(...accepted(0, C6)), EMPTY_STATE], 2],
    ["go together in the place of the next one", [EMPTY_STATE, journal(...accepted(0, C7))], 2],
    ["go together in their own place", [EMPTY_STATE, journal(...accepted(0, C6), ...accepted(0, C6, C7))], 2],
    [
      "do not where each is another account's: what carries the next lands after the late one",
      [journal(...mined(0, true, C6), { type: "unmined", nonce: 0 }), journal(...accepted(0, C7))],
      1,
    ],
    ["nor before the journal knows of the reorg", [journal(...mined(0, true, C6)), journal(...accepted(0, C7))], 1],
    [
      "nor when the reorg undid what was final",
      [journal(...mined(0, true, C6), final(0)), journal(...accepted(0, C7))],
      1,
    ],
    ["nor where the next is one account's at a later nonce", [journal(...accepted(0, C6), ...accepted(1, C7))], 1],
    ["nor before the journal knows of that reorg", [journal(...mined(0, true, C6), ...accepted(1, C7))], 1],
    [
      "nor when that undid what was final",
      [journal(...mined(0, true, C6), ...mined(1, true, C7), final(0), final(1))],
      1,
    ],
    [
      "do where the late one was mined in vain, and the next is sent at the nonce after it",
      [journal(...mined(0, false, C6), ...accepted(1, C7))],
      2,
    ],
    ["do where another account's was refused", [journal(...accepted(0, C6)), journal(...sent(0, [C7], "refused"))], 2],
  ];
  for (const [what, journals, expected] of rows) {
    it(what, () => expect(sentTogether(journals, [C6, C7])).to.equal(expected));
  }

  it("alone is always sent", () => {
    expect(sentTogether([journal(...accepted(0, C6)), journal(...accepted(0, C6))], [C6])).to.equal(1);
  });
});
