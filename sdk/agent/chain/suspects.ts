import type { ChainState, Landed } from "./state.ts";

/**
 * Whether a landed checkpoint is followed: its signature is a quorum's, or this node holds the certificate for it, so
 * that the bad signature is its submitter's affair alone.
 */
export function isVouchedFor(state: ChainState, { slot, digest, signed }: Landed): boolean {
  if (signed || state.unsettled.some(({ entry }) => entry.slot === slot && entry.proposed?.digest === digest))
    return true;
  return state.unsubmitted.some(({ proposed }) => proposed?.digest === digest && proposed.certificate !== undefined);
}

/** Notes a landed checkpoint that is not followed, in the L1 block after `state.l1`. */
export const addSuspect = (state: ChainState, landed: Landed): ChainState => ({
  ...state,
  suspects: [...state.suspects, { ...landed, before: state.l1 }],
});

/** The number up to which suspects are vouched for by a certificate that has come since; undefined for none. */
export const vouchedUpTo = (state: ChainState): number | undefined =>
  state.suspects.findLast((suspect) => isVouchedFor(state, suspect))?.landing.number;

/**
 * Takes out the suspects up to a number, as checkpoints to be followed: whoever signed what stands on them signed for
 * their digests as well.
 */
export function takeSuspects(state: ChainState, upTo: number): { state: ChainState; taken: Landed[] } {
  const taken = state.suspects.filter(({ landing }) => landing.number <= upTo);
  const suspects = state.suspects.slice(taken.length);
  return {
    state: { ...state, suspects },
    taken: taken.map(({ slot, digest, landing, bill }) => ({ slot, digest, landing, bill, signed: true })),
  };
}
