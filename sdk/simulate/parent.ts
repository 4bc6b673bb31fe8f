import { concat, keccak256 } from "ethers";
import { STORAGE_SLOTS, TIPS_WORD } from "../abi/generated/storage.ts";
import { packWord, toWord } from "../abi/words.ts";
import { parentDigestOf } from "../digest/checkpoint.ts";
import { type RollupConfig, slotAt } from "../get/config.ts";
import type { SubmittedTip } from "../get/tips.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { SimulateError } from "./error.ts";

/** A checkpoint assumed to have landed. */
export interface AssumedLanding extends Pick<Submission, "header" | "digest"> {
  /** When, Unix seconds; the start of its slot unless given. */
  landedAtSec?: number;
}

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

/**
 * The proposer seeds that these landings store on top of `tip`: the first landing of an epoch fixes the next one's.
 * Which seed it is will be drawn by that L1 block, and no submission reads it; that it is there spares the next one the
 * write, and so 22,100 gas.
 */
export function seedOverrides(
  config: RollupConfig,
  tip: SubmittedTip,
  landings: readonly AssumedLanding[],
): Record<Hex, Hex> {
  const epochOf = (slot: number): number => Math.floor(slot / config.epochSlots);
  const overrides: Record<Hex, Hex> = {};
  let previousSlot = tip.slot;
  for (const { header, landedAtSec } of landings) {
    const current = epochOf(landedAtSec === undefined ? header.slot : slotAt(config, landedAtSec));
    if (header.slot > previousSlot && epochOf(previousSlot) < current) overrides[seedSlot(current + 1)] = toWord(1n);
    previousSlot = header.slot;
  }
  return overrides;
}

/** Storage slot of an epoch's seed, as Solidity places the values of a mapping. */
function seedSlot(epoch: number): Hex {
  return keccak256(concat([toWord(BigInt(epoch)), STORAGE_SLOTS._seeds])) as Hex;
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
