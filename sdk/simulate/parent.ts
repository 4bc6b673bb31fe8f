import { TIPS_WORD } from "../abi/generated/storage.ts";
import { packWord } from "../abi/words.ts";
import { parentDigestOf } from "../digest/checkpoint.ts";
import type { SubmittedTip } from "../get/tips.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { SimulateError } from "./error.ts";

/** A checkpoint assumed to have landed. */
export type AssumedLanding = Pick<Submission, "header" | "digest">;

/**
 * The tip that L1 would have once these checkpoints landed, in order, on the tip it has. Every value of the word
 * follows from them and from L1: a tip made up in part looks to the contract like something that never was.
 * @param landings Ascending slots. Leading ones that are at or below L1's tip must end with exactly that tip.
 * @throws SimulateError "parent-conflict" when L1 holds another checkpoint there, "parent-malformed" when they cannot
 * follow each other.
 */
export function assumeLanded(tip: SubmittedTip, landings: readonly AssumedLanding[]): SubmittedTip {
  return landings.reduce((current, landing, index) => assumeNext(current, landing, index === 0), tip);
}

function assumeNext(tip: SubmittedTip, { header, digest }: AssumedLanding, first: boolean): SubmittedTip {
  const low = parentDigestOf(digest);
  if (first && header.slot === tip.slot && low === tip.digest) return tip;
  if (first && header.slot <= tip.slot) {
    throw new SimulateError(
      "parent-conflict",
      `assumed parent: slot ${header.slot}, digest ${low}; L1's tip is slot ${tip.slot}, digest ${tip.digest}`,
    );
  }
  if (header.slot <= tip.slot || header.inboxCount < tip.inboxCount || BigInt(low) === 0n) {
    throw new SimulateError(
      "parent-malformed",
      `assumed parent of slot ${header.slot}, inbox count ${header.inboxCount}, digest ${low} cannot follow ` +
        `slot ${tip.slot}, inbox count ${tip.inboxCount}`,
    );
  }
  return { slot: header.slot, number: tip.number + 1, inboxCount: header.inboxCount, digest: low };
}

/** The storage word of a tip, by its slot, as a state override wants it. */
export function tipOverride({ slot, number, inboxCount, digest }: SubmittedTip): Record<Hex, Hex> {
  const word = packWord(TIPS_WORD, {
    slot: BigInt(slot),
    number: BigInt(number),
    inboxCount: BigInt(inboxCount),
    digest: BigInt(digest),
  });
  return { [TIPS_WORD.slot]: word };
}
