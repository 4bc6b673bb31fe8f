import type { Hex } from "../../types/hex.ts";
import type { BlockPassedEntry, ClosedEntry, IntentEntry, MinedEntry, TransactionEntry } from "./entries.ts";

/** One transaction made for a nonce. `intended`: a crash came before the node's answer was written. */
export interface Attempt extends Omit<IntentEntry, "type"> {
  status: "intended" | "unanswered" | "accepted" | "refused";
  /** L1 block at which the node accepted it. */
  acceptedAtBlock: number | undefined;
  /** Why it was refused, or left unanswered. */
  reason: string | undefined;
  /** At most `MAX_PASSED` blocks, the newest. */
  passed: Omit<BlockPassedEntry, "type" | "hash">[];
}

/** Everything done with one nonce; any of its attempts may be the one that is mined. */
export interface NonceRecord {
  nonce: number;
  /** In the order of their latest sending. */
  attempts: Attempt[];
  mined: Omit<MinedEntry, "type" | "nonce"> | undefined;
  /** L1 block at which the nonce was first seen spent without a receipt of ours. */
  spentAtBlock: number | undefined;
  closed: ClosedEntry["outcome"] | undefined;
}

/** What the journal says: ascending by nonce, at most `MAX_CLOSED` of them closed. */
export interface JournalState {
  records: NonceRecord[];
}

/** Closed nonces that stay readable; older ones leave the journal at its next compaction. */
export const MAX_CLOSED = 32;
/** Passed blocks kept for one attempt. */
export const MAX_PASSED = 64;

export const EMPTY_STATE: JournalState = { records: [] };

function withAttempt(record: NonceRecord, hash: Hex, change: (attempt: Attempt) => Attempt): NonceRecord {
  return { ...record, attempts: record.attempts.map((a) => (a.hash === hash ? change(a) : a)) };
}

function applyToRecord(record: NonceRecord, entry: TransactionEntry): NonceRecord {
  switch (entry.type) {
    case "intent": {
      // The same bytes sent again (they were dropped, or the answer was lost) are the same attempt, made anew.
      const earlier = record.attempts.find((a) => a.hash === entry.hash);
      const { type: _, ...fields } = entry;
      const attempt: Attempt = {
        ...fields,
        status: "intended",
        acceptedAtBlock: undefined,
        reason: undefined,
        passed: earlier?.passed ?? [],
      };
      const attempts = [...record.attempts.filter((a) => a.hash !== entry.hash), attempt];
      // Sending again for a closed nonce: a reorg deeper than the confirmations has freed it.
      return { nonce: record.nonce, attempts, mined: undefined, spentAtBlock: undefined, closed: undefined };
    }
    case "accepted":
      return withAttempt(record, entry.hash, (a) => ({
        ...a,
        status: "accepted",
        acceptedAtBlock: entry.atBlock,
        reason: undefined,
      }));
    case "refused":
    case "unanswered":
      return withAttempt(record, entry.hash, (a) => ({ ...a, status: entry.type, reason: entry.reason }));
    case "passed": {
      const { type: _, hash, ...block } = entry;
      return withAttempt(record, hash, (a) => ({ ...a, passed: [...a.passed, block].slice(-MAX_PASSED) }));
    }
    case "spent":
      return { ...record, spentAtBlock: entry.blockNumber };
    case "mined": {
      const { type: _, nonce: __, ...mined } = entry;
      return { ...record, mined, spentAtBlock: undefined };
    }
    case "unmined":
      return { ...record, mined: undefined, spentAtBlock: undefined };
    case "closed":
      return { ...record, closed: entry.outcome };
  }
}

/** Pure: the state after one more entry. An entry about an unknown hash or nonce is kept out by the file's checksums. */
export function reduce(state: JournalState, entry: TransactionEntry): JournalState {
  const concerns = (record: NonceRecord): boolean =>
    "nonce" in entry ? record.nonce === entry.nonce : record.attempts.some((a) => a.hash === entry.hash);
  const known = state.records.some(concerns);
  const records = state.records.map((record) => (concerns(record) ? applyToRecord(record, entry) : record));
  if (!known && entry.type === "intent") {
    const fresh: NonceRecord = {
      nonce: entry.nonce,
      attempts: [],
      mined: undefined,
      spentAtBlock: undefined,
      closed: undefined,
    };
    records.push(applyToRecord(fresh, entry));
    records.sort((a, b) => a.nonce - b.nonce);
  }
  let surplus = records.filter((r) => r.closed !== undefined).length - MAX_CLOSED;
  return { records: records.filter((r) => r.closed === undefined || surplus-- <= 0) };
}

/** The lowest nonce that no transaction of ours occupies on L1: the only one anything is done with. */
export function openRecord(state: JournalState): NonceRecord | undefined {
  return state.records.find((r) => r.mined === undefined && r.closed === undefined);
}

/** The first nonce above all that L1 is known to have taken, as far as the journal knows; undefined if it is empty. */
export function nextNonce(state: JournalState): number | undefined {
  const last = state.records.findLast((r) => r.mined !== undefined || r.closed !== undefined);
  return last === undefined ? undefined : last.nonce + 1;
}

/** The attempt whose price a replacement must beat: the last one accepted. */
export function lastAccepted(record: NonceRecord): Attempt | undefined {
  return record.attempts.findLast((a) => a.status === "accepted");
}

/** The entries that rebuild this state: what compaction writes. */
export function entriesOf(state: JournalState): TransactionEntry[] {
  return state.records.flatMap(recordEntries);
}

function recordEntries(record: NonceRecord): TransactionEntry[] {
  const entries: TransactionEntry[] = [];
  for (const { status, acceptedAtBlock, reason, passed, ...intent } of record.attempts) {
    entries.push({ type: "intent", ...intent });
    if (status === "accepted")
      entries.push({ type: "accepted", hash: intent.hash, atBlock: acceptedAtBlock ?? intent.atBlock });
    if (status === "refused" || status === "unanswered") {
      entries.push({ type: status, hash: intent.hash, reason: reason ?? "" });
    }
    for (const block of passed) entries.push({ type: "passed", hash: intent.hash, ...block });
  }
  const { nonce } = record;
  if (record.spentAtBlock !== undefined) entries.push({ type: "spent", nonce, blockNumber: record.spentAtBlock });
  if (record.mined !== undefined) entries.push({ type: "mined", nonce, ...record.mined });
  if (record.closed !== undefined) entries.push({ type: "closed", nonce, outcome: record.closed });
  return entries;
}
