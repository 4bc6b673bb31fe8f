import { type JournalState, type NonceRecord, openRecord } from "../../submit/journal/state.ts";
import type { RequestTerms } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";

/** What is asked of the journals: a request, or the checkpoints of one that is still to be made. */
type Wanted = Pick<RequestTerms, "checkpoints"> & Partial<Pick<RequestTerms, "content">>;

/**
 * Whether an account has sent a request, or one of its checkpoints, and may still see it mined, or mined again. What has
 * landed for good is asked for again only if a reorg took it back, and then the transaction that landed it is back too.
 */
export function carries({ records }: JournalState, wanted: Wanted): boolean {
  return records.some((record) => !isOver(record) && holds(record, wanted));
}

/** Whether an account has sent a checkpoint of these before, be it in vain for good. */
export const hasSent = ({ records }: JournalState, wanted: Wanted): boolean =>
  records.some((record) => holds(record, wanted));

/**
 * Pure: how many of some checkpoints, the oldest first, go into one transaction. All of them, unless another transaction
 * that L1 may still take carries one of them, and is not the one that this would replace: after an L1 reorg the oldest
 * may be one account's while the next is another's, or the same account's at a later nonce. Then the oldest goes alone,
 * and what carries the next lands after it.
 * @param journals Of all accounts of the agent.
 * @param checkpoints Digests, one at least.
 */
export function sentTogether(journals: readonly JournalState[], checkpoints: readonly Hex[]): number {
  for (let count = checkpoints.length; count > 1; count--) {
    const wanted = { checkpoints: checkpoints.slice(0, count) };
    const [carrier, another] = journals.filter((journal) => carries(journal, wanted));
    if (another === undefined && (carrier === undefined || !isQueued(carrier, wanted))) return count;
  }
  return 1;
}

/** Whether a later transaction than the one that is next carries some of it. */
function isQueued({ records }: JournalState, wanted: Wanted): boolean {
  const [next, ...later] = records.filter(
    (record) => isUnmined(record) || (hasLanded(record) && holds(record, wanted)),
  );
  return next !== undefined && later.some((record) => holds(record, wanted));
}

const isUnmined = (record: NonceRecord): boolean => openRecord({ records: [record] }) !== undefined;

const hasLanded = ({ mined }: NonceRecord): boolean => mined?.success === true;

/** Nothing of this nonce lands anything any more. */
const isOver = (record: NonceRecord): boolean => record.closed !== undefined && !hasLanded(record);

const holds = ({ attempts }: NonceRecord, wanted: Wanted): boolean =>
  attempts.some(
    ({ status, content, checkpoints }) =>
      status !== "refused" &&
      (content === wanted.content || checkpoints.some((digest) => wanted.checkpoints.includes(digest))),
  );
