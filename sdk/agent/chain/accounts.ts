import { type Attempt, type JournalState, openRecord } from "../../submit/journal/state.ts";
import type { RequestTerms } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import { carries, hasSent } from "./carriers.ts";

/** One L1 account as the choice sees it. */
export interface AccountView {
  account: Hex;
  balanceWei: bigint;
  /** May land without L1 verifying the signature, for a fifth of the gas. */
  bonded: boolean;
  journal: JournalState;
}

/** What sending a request may take from an account at most, by whether the account is bonded. */
export type UpfrontWei = (bonded: boolean) => bigint;

export type AccountChoice = {
  account: Hex;
  why: /** It has sent this already, and whatever becomes of it is its own business: nobody else sends it. */
    | "carries it"
    /** The free one with the least money that suffices. */
    | "free"
    /** None is free, or none of the free ones can pay: it replaces what it has in flight. */
    | "busy"
    /** No account can pay for it; it has the most. */
    | "poor";
};

/** A transaction is raised to twice its price each time: what an account must be able to pay twice over. */
const RAISES_COVERED = 2n;

/** What an account may have on its way: what was refused is nowhere, and what is past its deadline is worth nothing. */
const underWay = (journal: JournalState, nowSec: number): Attempt[] =>
  (openRecord(journal)?.attempts ?? []).filter(
    ({ status, deadlineSec }) => status !== "refused" && deadlineSec >= nowSec,
  );

/** Whether that is something that lands nothing: a settlement, a challenge, a claim. */
const hasErrand = (journal: JournalState, nowSec: number): boolean =>
  underWay(journal, nowSec).some(({ kind, checkpoints }) => kind === "land" && checkpoints.length === 0);

/**
 * Pure: the account that sends a request. Whoever has sent a checkpoint keeps it until L1 has the last word on that
 * nonce, also over a restart; that a batch has one such account only is `sentTogether`'s. Errands that land nothing go by one account at a time. Otherwise it is one that has nothing in flight, one that
 * sent the same before in vain before one that did not, bonded before unbonded, and of these the one with the least money that still pays for the transaction raised twice: small
 * rests are used up, and the large balance is left for the time when fees are high.
 * @param accounts At least one, in the operator's order.
 * @param nowSec Unix seconds.
 */
export function chooseAccount(
  accounts: readonly AccountView[],
  request: RequestTerms,
  upfrontWei: UpfrontWei,
  nowSec: number,
): AccountChoice {
  const isErrand = request.checkpoints.length === 0;
  const carrier =
    accounts.find(({ journal }) => carries(journal, request)) ??
    (isErrand ? accounts.find(({ journal }) => hasErrand(journal, nowSec)) : undefined);
  if (carrier !== undefined) return { account: carrier.account, why: "carries it" };
  const able = accounts.filter(({ balanceWei, bonded }) => balanceWei >= upfrontWei(bonded) * 2n ** RAISES_COVERED);
  const poorestFirst = [...able].sort(
    (a, b) =>
      // A reorg that is deeper than what the journal takes for final may bring back what was mined in vain.
      Number(hasSent(b.journal, request)) - Number(hasSent(a.journal, request)) ||
      Number(b.bonded) - Number(a.bonded) ||
      (a.balanceWei < b.balanceWei ? -1 : 1),
  );
  const free = poorestFirst.find(({ journal }) => underWay(journal, nowSec).length === 0);
  if (free !== undefined) return { account: free.account, why: "free" };
  // Only like replaces like: a transaction with blobs takes the place of one with blobs.
  const busy = poorestFirst.find(({ journal }) => hasErrand(journal, nowSec) === isErrand) ?? poorestFirst[0];
  if (busy !== undefined) return { account: busy.account, why: "busy" };
  const richest = accounts.reduce((best, one) => (one.balanceWei > best.balanceWei ? one : best));
  return { account: richest.account, why: "poor" };
}

/** Landings that a balance pays for, at a price each. */
export function landingsLeft(balanceWei: bigint, landingWei: bigint): number {
  return landingWei === 0n ? Number.MAX_SAFE_INTEGER : Number(balanceWei / landingWei);
}
