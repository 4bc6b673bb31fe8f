import { type Decision, stop, wait } from "./decision.ts";
import { bid, bump, capped, covers, marketCost, payable, replacementFees } from "./fees.ts";
import {
  type Attempt,
  type JournalState,
  lastAccepted,
  type NonceRecord,
  nextNonce,
  openRecord,
} from "./journal/state.ts";
import { landingOf, revertsOf } from "./landing.ts";
import { capsAsFees, type SubmitPolicy } from "./policy.ts";
import type { Fees, NetworkView, RequestTerms } from "./types.ts";
import { blocksLeft, nextBlockTime } from "./window.ts";

/** What a decision is about; `nowSec` is the caller's clock, Unix seconds. */
interface Situation {
  state: JournalState;
  network: NetworkView;
  request: RequestTerms;
  policy: SubmitPolicy;
  nextBlockSec: number;
  blocksLeft: number;
}

/**
 * The whole of the transaction manager's judgement: what to do now, given what the journal says was done and what L1
 * says became of it. Pure. `state` has been reconciled with `network`.
 *
 * One nonce is open at a time, and everything the account wants on L1 goes through it: a checkpoint can therefore not
 * be mined twice from this account, and a batch takes the place of a single submission by replacing it.
 */
export function decide(
  state: JournalState,
  network: NetworkView,
  request: RequestTerms | undefined,
  policy: SubmitPolicy,
  nowSec: number,
): Decision {
  const record = openRecord(state);
  if (request === undefined) return record !== undefined && isLive(record, network) ? wait("in-flight") : stop("idle");
  const nextBlockSec = nextBlockTime(network.blockTimeSec, nowSec, policy);
  const left = blocksLeft(nextBlockSec, request.deadlineSec, policy.l1SlotSeconds);
  const situation: Situation = { state, network, request, policy, nextBlockSec, blocksLeft: left };

  const landing = landingOf(state, request);
  const isNodeBehind = isBehind(state, network, policy);
  // L1 has the nonce free again, and the node is not merely late: a reorg took away what was final.
  const isTakenBack = landing?.final === true && network.latestNonce <= landing.nonce && !isNodeBehind;
  if (landing !== undefined && !isTakenBack) return landing.final ? stop("landed") : wait("confirming");
  if (isNodeBehind) return wait("node-behind");
  if (record?.spentAtBlock !== undefined) return wait("nonce-spent");
  if (request.intent === "withdraw") return withdraw(situation, record);
  // A nonce below the open one is free when a reorg took away what had spent it.
  if (record !== undefined && network.latestNonce < record.nonce) return onFreeNonce(situation, undefined);
  if (record !== undefined && isLive(record, network)) return onLive(situation, record);
  return onFreeNonce(situation, record);
}

/** Nothing of ours is in the pool for the next nonce: never sent, refused, or dropped. */
function onFreeNonce(situation: Situation, record: NonceRecord | undefined): Decision {
  const { state, network, request, policy } = situation;
  const nonce = network.latestNonce;
  if (situation.blocksLeft === 0) return stop("deadline-passed");
  if (revertsOf(state, request) >= policy.maxFailures) return stop("reverted");
  const mayBeOurs = record?.attempts.some((a) => a.status !== "refused") ?? false;
  if (network.pendingNonce > nonce && !mayBeOurs) return wait("foreign-pending");
  if (isQueuedAbove(state, nonce, request)) {
    // A reorg freed the nonce below the one that carries it: fill it, or that one can never be mined.
    return cancelWith(situation, nonce, record);
  }
  const refusal = refusalOf(record, situation);
  if (refusal !== undefined) return refusal;
  const gate = windowAndProfit(situation);
  if (gate !== undefined) return gate;
  return { action: "send", nonce, fees: resendFees(situation, record) };
}

/** A transaction of ours holds the nonce. */
function onLive(situation: Situation, record: NonceRecord): Decision {
  const { network, request, policy, nextBlockSec } = situation;
  const live = liveAttempt(record, network);
  const lands =
    live.kind === "land" &&
    (live.content === request.content ||
      (request.checkpoints.length > 0 &&
        live.deadlineSec >= nextBlockSec &&
        request.checkpoints.every((c) => live.checkpoints.includes(c))));
  if (situation.blocksLeft === 0) return lands ? wait("in-flight-after-deadline") : stop("deadline-passed");
  const refusal = refusalOf(record, situation);
  if (refusal !== undefined) return refusal;
  if (isQueuedAbove(situation.state, record.nonce, request)) {
    // A reorg freed this nonce, and a later one carries it already: that one's turn comes when this one is spent.
    return payable(live.fees, network.market) ? wait("in-flight") : cancelWith(situation, record.nonce, record);
  }
  if (isBlob(live.fees) !== request.blobCount > 0) {
    return payable(live.fees, network.market) ? wait("other-type-live") : cancelWith(situation, record.nonce, record);
  }
  if (lands && (live.content !== request.content || !isDue(live, situation))) return wait("in-flight");
  const gate = windowAndProfit(situation);
  if (gate !== undefined) return lands ? wait("in-flight") : gate;
  if (record.attempts.filter((a) => a.status === "accepted").length >= policy.maxAttempts)
    return wait("attempts-exhausted");
  const fees = replacementFees(live.fees, bidNow(situation), policy);
  return fees === undefined ? wait("cap-below-bump") : { action: "replace", nonce: record.nonce, fees };
}

function withdraw(situation: Situation, record: NonceRecord | undefined): Decision {
  const { network } = situation;
  if (record === undefined || !isLive(record, network)) return stop("cancelled");
  const live = liveAttempt(record, network);
  if (live.kind === "land" && live.content === situation.request.content)
    return cancelWith(situation, record.nonce, record);
  if (live.kind === "cancel" && !payable(live.fees, network.market)) return cancelWith(situation, record.nonce, record);
  return live.kind === "cancel" ? wait("cancelling") : stop("cancelled");
}

/** Spends the nonce on nothing: at the bump's price over what was accepted for it, else at the market's. */
function cancelWith(situation: Situation, nonce: number, record: NonceRecord | undefined): Decision {
  const { state, network, policy } = situation;
  const last = record?.attempts.at(-1);
  if (last?.status === "refused" && last.atBlock >= network.blockNumber) return wait("refused-this-block");
  const replaced = record && (isLive(record, network) ? liveAttempt(record, network) : lastAccepted(record));
  // A pool takes blob transactions or plain ones from an account, not both.
  const alike = replaced ?? state.records.find((r) => r.nonce > nonce)?.attempts.at(-1);
  const blob = alike !== undefined && isBlob(alike.fees);
  const terms = { gasEstimate: CANCEL_GAS, blobCount: blob ? 1 : 0, valueAtStakeWei: undefined };
  const wanted = bid(network.market, terms, policy.headroomBlocks, policy);
  const fees = replaced === undefined ? wanted : replacementFees(replaced.fees, wanted, policy);
  return fees === undefined ? wait("cap-below-bump") : { action: "cancel", nonce, fees, blob };
}

/** A plain transfer. */
export const CANCEL_GAS = 21_000n;

/** Why not now, for something not live yet. */
function windowAndProfit(situation: Situation): Decision | undefined {
  const { network, request, nextBlockSec } = situation;
  if (nextBlockSec < request.notBeforeSec) return wait("too-early");
  if (request.valueAtStakeWei !== undefined && marketCost(network.market, request) > request.valueAtStakeWei) {
    return wait("unprofitable");
  }
  return undefined;
}

/** A node that said no is asked again in the next L1 block, and not for ever. */
function refusalOf(record: NonceRecord | undefined, { network, request, policy }: Situation): Decision | undefined {
  if (record === undefined) return undefined;
  const since = record.attempts.findLastIndex((a) => a.content !== request.content || a.status !== "refused");
  const refused = record.attempts.slice(since + 1);
  const last = refused.at(-1);
  if (last === undefined) return undefined;
  if (refused.length >= policy.maxFailures) return stop("refused");
  return last.atBlock >= network.blockNumber ? wait("refused-this-block") : undefined;
}

/** True when a transaction with the request's content must give way to a dearer one. */
function isDue(live: Attempt, situation: Situation): boolean {
  const { network, policy } = situation;
  if (live.atBlock >= network.blockNumber) return false;
  if (!payable(live.fees, network.market)) return true;
  return network.blockNumber - live.atBlock >= policy.patienceBlocks;
}

const bidNow = ({ network, request, blocksLeft, policy }: Situation): Fees =>
  bid(network.market, request, blocksLeft, policy);

/**
 * The price of a transaction that this node's pool does not hold. Another pool may still hold what was accepted
 * before: so it is the same price again (the same bytes), or one that replaces it, and never one in between.
 */
function resendFees(situation: Situation, record: NonceRecord | undefined): Fees {
  const { network, request, policy } = situation;
  const wanted = bidNow(situation);
  const before = record?.attempts.findLast((a) => a.status !== "refused");
  if (before === undefined || isBlob(before.fees) !== request.blobCount > 0) return wanted;
  if (before.content === request.content && payable(before.fees, network.market)) return before.fees;
  const accepted = record === undefined ? undefined : lastAccepted(record);
  if (accepted === undefined || covers(wanted, bump(accepted.fees))) return wanted;
  return replacementFees(accepted.fees, wanted, policy) ?? capped(wanted, capsAsFees(policy, request.blobCount > 0));
}

/**
 * The journal knows of spent nonces that the node does not show. Only until the node is past the blocks that spent
 * them: then a reorg deeper than the confirmations took them back, and they are free again.
 */
function isBehind(state: JournalState, network: NetworkView, policy: SubmitPolicy): boolean {
  const open = openRecord(state);
  if (open !== undefined && network.blockNumber < (open.attempts[0]?.atBlock ?? 0)) return true;
  if (network.latestNonce >= (nextNonce(state) ?? 0)) return false;
  const newest = Math.max(0, ...state.records.map((r) => r.mined?.blockNumber ?? r.spentAtBlock ?? 0));
  return network.blockNumber < newest + policy.confirmations;
}

const isBlob = (fees: Fees): boolean => fees.maxFeePerBlobGasWei !== undefined;

const isLive = (record: NonceRecord, network: NetworkView): boolean =>
  record.attempts.some((a) => network.pooled.has(a.hash));

/** The attempt that the pool holds; the last one if it claims to hold several. */
function liveAttempt(record: NonceRecord, network: NetworkView): Attempt {
  const live = record.attempts.findLast((a) => network.pooled.has(a.hash));
  if (live === undefined) throw new RangeError(`nonce ${record.nonce} has no live attempt`);
  return live;
}

/** True if a higher nonce already carries one of the request's checkpoints. */
function isQueuedAbove(state: JournalState, nonce: number, request: RequestTerms): boolean {
  return state.records.some(
    (r) =>
      r.nonce > nonce &&
      r.attempts.some(
        (a) =>
          a.status !== "refused" &&
          (a.content === request.content || a.checkpoints.some((c) => request.checkpoints.includes(c))),
      ),
  );
}
