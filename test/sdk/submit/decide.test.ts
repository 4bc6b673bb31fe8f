import { expect } from "chai";
import { decide } from "../../../sdk/submit/decide.ts";
import type { Decision } from "../../../sdk/submit/decision.ts";
import { bid, bump } from "../../../sdk/submit/fees.ts";
import type { JournalState } from "../../../sdk/submit/journal/state.ts";
import type { SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { Fees, Market, NetworkView, RequestTerms } from "../../../sdk/submit/types.ts";
import { BLOB_FEES, GWEI, mined, networkView, POLICY, sent, stateOf, terms, word } from "./fixtures.ts";

interface Row {
  name: string;
  state?: JournalState;
  network?: Partial<NetworkView>;
  request?: Partial<RequestTerms> | null;
  policy?: Partial<SubmitPolicy>;
  nowSec?: number;
  /** `action`, or `action reason`, or `action nonce`. */
  expected: string;
  fees?: Fees;
}

const pooled = (...hashes: number[]): Partial<NetworkView> => ({ pooled: new Set(hashes.map(word)), pendingNonce: 6 });
const market = (changes: Partial<Market>): Market => ({ ...networkView().market, ...changes });
const PLAIN: Fees = { maxFeePerGasWei: 20n * GWEI, maxPriorityFeePerGasWei: GWEI, maxFeePerBlobGasWei: undefined };
const dear = market({ nextBaseFeeWei: 25n * GWEI });
const refused = (nonce: number, hash: number, atBlock: number) => [
  sent(nonce, hash, { atBlock })[0] as ReturnType<typeof sent>[number],
  { type: "refused" as const, hash: word(hash), reason: "replacement transaction underpriced" },
];
const tightCaps = {
  caps: { maxFeePerGasWei: 30n * GWEI, maxPriorityFeePerGasWei: 10n * GWEI, maxFeePerBlobGasWei: 100n * GWEI },
};
const batch = { content: word(0xab), checkpoints: [word(1), word(2)], blobCount: 2 };

const rows: Row[] = [
  // Nothing live.
  { name: "an empty journal sends with L1's nonce", expected: "send 5" },
  { name: "before the window it waits", nowSec: 1_100, request: { notBeforeSec: 1_224 }, expected: "wait too-early" },
  {
    name: "one L1 slot before the window it sends",
    nowSec: 1_212,
    request: { notBeforeSec: 1_224 },
    expected: "send 5",
  },
  { name: "the last L1 block of the window is used", nowSec: 1_260, expected: "send 5" },
  {
    name: "a block stamped now is built already, and the next one is too late",
    nowSec: 1_272,
    expected: "stop deadline-passed",
  },
  { name: "a landing worth less than it costs waits", request: { valueAtStakeWei: 1n }, expected: "wait unprofitable" },
  {
    name: "a foreign transaction in the pool is waited for",
    network: { pendingNonce: 6 },
    expected: "wait foreign-pending",
  },
  {
    name: "a foreign transaction that shuts ours out is waited for",
    state: stateOf(...refused(5, 1, 98)),
    network: { pendingNonce: 6 },
    expected: "wait foreign-pending",
  },
  { name: "nothing asked for and nothing open", request: null, expected: "stop idle" },
  // Live, same content.
  { name: "live and fairly priced", state: stateOf(...sent(5, 1)), network: pooled(1), expected: "wait in-flight" },
  {
    name: "live, without a request",
    state: stateOf(...sent(5, 1)),
    network: pooled(1),
    request: null,
    expected: "wait in-flight",
  },
  {
    name: "priced out by the base fee it is replaced at twice the price",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    expected: "replace 5",
  },
  {
    name: "priced out by the blob base fee it is replaced",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: market({ blobBaseFeeWei: 7n * GWEI }) },
    expected: "replace 5",
  },
  {
    name: "priced out in the block it was sent at it is left alone",
    state: stateOf(...sent(5, 1, { atBlock: 100 })),
    network: { ...pooled(1), market: dear },
    expected: "wait in-flight",
  },
  {
    name: "passed over for as many blocks as there is patience it is replaced",
    state: stateOf(...sent(5, 1, { atBlock: 98 })),
    network: pooled(1),
    expected: "replace 5",
  },
  {
    name: "a cap under the bump waits, typed, and does not send",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    policy: tightCaps,
    expected: "wait cap-below-bump",
  },
  {
    name: "after its window it stays and is not raised",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    nowSec: 1_272,
    expected: "wait in-flight-after-deadline",
  },
  {
    name: "landing became too dear: it stays and is not raised",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    request: { valueAtStakeWei: 1n },
    expected: "wait in-flight",
  },
  {
    name: "after the last allowed attempt it waits",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    policy: { maxAttempts: 1 },
    expected: "wait attempts-exhausted",
  },
  {
    name: "an unanswered sending that the pool shows is live",
    state: stateOf(sent(5, 1)[0] as never, { type: "unanswered", hash: word(1), reason: "timeout" }),
    network: pooled(1),
    expected: "wait in-flight",
  },
  // Dropped, lost, refused.
  {
    name: "dropped from the pool: the same bytes again, and no cancel",
    state: stateOf(...sent(5, 1)),
    expected: "send 5",
    fees: BLOB_FEES,
  },
  {
    name: "dropped while the market rose: a price that also replaces what another pool may hold",
    state: stateOf(...sent(5, 1)),
    network: { market: dear },
    expected: "send 5",
    fees: {
      maxFeePerGasWei: bid(dear, terms(), 6, POLICY).maxFeePerGasWei,
      maxPriorityFeePerGasWei: 2n * GWEI,
      maxFeePerBlobGasWei: 12n * GWEI,
    },
  },
  {
    name: "a crash before the answer: the same bytes again",
    state: stateOf(sent(5, 1)[0] as never),
    expected: "send 5",
    fees: BLOB_FEES,
  },
  {
    name: "refused in this block: not again",
    state: stateOf(...refused(5, 1, 100)),
    expected: "wait refused-this-block",
  },
  {
    name: "refused in an earlier block: once more, at today's bid and not at the refused price",
    state: stateOf(...refused(5, 1, 99)),
    expected: "send 5",
    fees: bid(networkView().market, terms(), 6, POLICY),
  },
  {
    name: "refused as often as allowed: stop",
    state: stateOf(...refused(5, 1, 98), ...refused(5, 2, 99)),
    expected: "stop refused",
  },
  {
    name: "another content starts with a clean sheet",
    state: stateOf(...refused(5, 1, 98), ...refused(5, 2, 99)),
    request: batch,
    expected: "send 5",
  },
  {
    name: "a refused replacement leaves the accepted price as the baseline",
    state: stateOf(...sent(5, 1), ...refused(5, 2, 99)),
    network: { ...pooled(1), market: market({ nextBaseFeeWei: 21n * GWEI, priorityFeeWei: 1n }) },
    request: { deadlineSec: 1_212 },
    policy: { headroomBlocks: 0, minPriorityFeeWei: 1n },
    expected: "replace 5",
    fees: bump(BLOB_FEES),
  },
  // Handoff: one nonce, several contents.
  {
    name: "a single submission is replaced by the batch at the same nonce",
    state: stateOf(...sent(5, 1, { atBlock: 100 })),
    network: pooled(1),
    request: batch,
    expected: "replace 5",
  },
  {
    name: "a live batch serves a request for one of its checkpoints",
    state: stateOf(...sent(5, 1, batch)),
    network: pooled(1),
    expected: "wait in-flight",
  },
  {
    name: "a live transaction whose own deadline is over does not serve the request",
    state: stateOf(...sent(5, 1, { deadlineSec: 1_200 })),
    network: pooled(1),
    request: { content: word(0xc) },
    expected: "replace 5",
  },
  {
    name: "a plain transaction waits for the live blob transaction",
    state: stateOf(...sent(5, 1)),
    network: pooled(1),
    request: { content: word(0xc), checkpoints: [], blobCount: 0 },
    expected: "wait other-type-live",
  },
  {
    name: "a blob transaction in the way that cannot be mined is cancelled, with a blob",
    state: stateOf(...sent(5, 1)),
    network: { ...pooled(1), market: dear },
    request: { content: word(0xc), checkpoints: [], blobCount: 0 },
    expected: "cancel 5 blob",
  },
  {
    name: "a plain transaction in the way that cannot be mined is cancelled without a blob",
    state: stateOf(...sent(5, 1, { fees: PLAIN, checkpoints: [] })),
    network: { ...pooled(1), market: dear },
    request: { content: word(0xc) },
    expected: "cancel 5",
  },
  // Withdrawal.
  {
    name: "withdrawn while live",
    state: stateOf(...sent(5, 1)),
    network: pooled(1),
    request: { intent: "withdraw" },
    expected: "cancel 5 blob",
  },
  { name: "withdrawn and not live", request: { intent: "withdraw" }, expected: "stop cancelled" },
  {
    name: "withdrawn after it was dropped: no cancel",
    state: stateOf(...sent(5, 1)),
    request: { intent: "withdraw" },
    expected: "stop cancelled",
  },
  {
    name: "the cancel is live",
    state: stateOf(...sent(5, 1), ...sent(5, 2, { kind: "cancel", content: word(0), checkpoints: [] })),
    network: pooled(2),
    request: { intent: "withdraw" },
    expected: "wait cancelling",
  },
  {
    name: "a live cancel gives way to a new request",
    state: stateOf(...sent(5, 2, { kind: "cancel", content: word(0), checkpoints: [] })),
    network: pooled(2),
    expected: "replace 5",
  },
  {
    name: "withdrawn, but it had landed",
    state: stateOf(...sent(5, 1), mined(5, 1, 98), { type: "closed", nonce: 5, outcome: "mined" }),
    network: { latestNonce: 6, pendingNonce: 6 },
    request: { intent: "withdraw" },
    expected: "stop landed",
  },
  // Mined.
  {
    name: "landed, under too few blocks",
    state: stateOf(...sent(5, 1), mined(5, 1, 100)),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "wait confirming",
  },
  {
    name: "any hash of the nonce may be the mined one",
    state: stateOf(...sent(5, 1), ...sent(5, 2), mined(5, 1, 98), { type: "closed", nonce: 5, outcome: "mined" }),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "stop landed",
  },
  {
    name: "a cancel that was mined landed nothing",
    state: stateOf(...sent(5, 2, { kind: "cancel", content: word(0), checkpoints: [] }), mined(5, 2, 99)),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "send 6",
  },
  {
    name: "reverted once: the next nonce",
    state: stateOf(...sent(5, 1), mined(5, 1, 99, false)),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "send 6",
  },
  {
    name: "reverted as often as allowed: stop",
    state: stateOf(...sent(5, 1), mined(5, 1, 98, false), ...sent(6, 2), mined(6, 2, 99, false)),
    network: { latestNonce: 7, pendingNonce: 7 },
    expected: "stop reverted",
  },
  {
    name: "the single one landed before its batch: the batch goes out at the next nonce",
    state: stateOf(...sent(5, 1), mined(5, 1, 100)),
    network: { latestNonce: 6, pendingNonce: 6 },
    request: batch,
    expected: "send 6",
  },
  {
    name: "the nonce was spent by a transaction that is not ours",
    state: stateOf(...sent(5, 1), { type: "closed", nonce: 5, outcome: "foreign" }),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "send 6",
  },
  {
    name: "a spent nonce without a receipt is not believed at once",
    state: stateOf(...sent(5, 1), { type: "spent", nonce: 5, blockNumber: 100 }),
    network: { latestNonce: 6, pendingNonce: 6 },
    expected: "wait nonce-spent",
  },
  {
    name: "a node that lags behind the journal is not believed",
    state: stateOf(...sent(5, 1), mined(5, 1, 99), { type: "closed", nonce: 5, outcome: "mined" }),
    request: batch,
    expected: "wait node-behind",
  },
  {
    name: "a reorg deeper than the confirmations frees the nonce",
    state: stateOf(...sent(5, 1), mined(5, 1, 97), { type: "closed", nonce: 5, outcome: "mined" }),
    request: { content: word(0xc), checkpoints: [word(3)] },
    expected: "send 5",
  },
  {
    name: "a reorg deeper than the confirmations takes a landing away, which goes out again",
    state: stateOf(...sent(5, 1), mined(5, 1, 97), { type: "closed", nonce: 5, outcome: "mined" }),
    expected: "send 5",
  },
  {
    name: "a landing is not taken for gone while the node may be late",
    state: stateOf(...sent(5, 1), mined(5, 1, 98), { type: "closed", nonce: 5, outcome: "mined" }),
    expected: "stop landed",
  },
  // A reorg that dropped a nonce below a live one.
  {
    name: "a nonce below the live one, freed by a reorg, is filled when the live one carries the checkpoint",
    state: stateOf(...sent(6, 2)),
    network: { pooled: new Set([word(2)]) },
    expected: "cancel 5 blob",
  },
  {
    name: "a nonce below the live one, freed by a reorg, is used for another checkpoint",
    state: stateOf(...sent(6, 2)),
    network: { pooled: new Set([word(2)]) },
    request: { content: word(0xc), checkpoints: [word(3)] },
    expected: "send 5",
  },
  {
    name: "a gap below the live nonce of the same checkpoint is filled",
    state: stateOf(...sent(5, 1, { checkpoints: [word(9)], content: word(9) }), ...sent(6, 2)),
    network: { pooled: new Set([word(2)]) },
    expected: "cancel 5 blob",
  },
  {
    name: "a refused transaction at a later nonce carries nothing",
    state: stateOf(...refused(6, 2, 98)),
    expected: "send 5",
  },
  {
    name: "a reorg brought a nonce back, and a later one carries a checkpoint of the batch: it is not sent twice",
    state: stateOf(...sent(5, 1, { atBlock: 100 }), ...sent(6, 2, { content: word(0xc), checkpoints: [word(2)] })),
    network: { pooled: new Set([word(1), word(2)]) },
    request: batch,
    expected: "wait in-flight",
  },
  {
    name: "the same, and what came back cannot be mined at its price: the nonce is spent on nothing",
    state: stateOf(...sent(5, 1), ...sent(6, 2, { content: word(0xc), checkpoints: [word(2)] })),
    network: { pooled: new Set([word(1), word(2)]), market: dear },
    request: batch,
    expected: "cancel 5 blob",
  },
];

function shown(decision: Decision): string {
  if ("reason" in decision) return `${decision.action} ${decision.reason}`;
  return `${decision.action} ${decision.nonce}${decision.action === "cancel" && decision.blob ? " blob" : ""}`;
}

describe("decide", () => {
  for (const row of rows) {
    it(row.name, () => {
      const decision = decide(
        row.state ?? stateOf(),
        networkView(row.network),
        row.request === null ? undefined : terms(row.request),
        { ...POLICY, ...row.policy },
        row.nowSec ?? 1_200,
      );
      expect(shown(decision)).to.equal(row.expected);
      if (row.fees !== undefined) expect("fees" in decision ? decision.fees : undefined).to.deep.equal(row.fees);
    });
  }

  it("a replacement doubles all three fees of the accepted blob transaction at least", () => {
    const state = stateOf(...sent(5, 1, { atBlock: 100 }));
    const decision = decide(state, networkView(pooled(1)), terms(batch), POLICY, 1_200);
    expect("fees" in decision && decision.fees).to.deep.equal(bump(BLOB_FEES));
  });
});
