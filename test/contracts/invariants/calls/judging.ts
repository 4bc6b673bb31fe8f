import { curedLog } from "../../../../sdk/build/log.ts";
import type { SubmittedTip } from "../../../../sdk/get/tips.ts";
import { eventsOf } from "../../fixture.ts";
import type { Mined } from "../../support/l1.ts";
import type { Candidate, Landed } from "../model/chain.ts";
import { judgeLanding } from "../model/landing.ts";
import type { Model } from "../model/model.ts";
import { type Call, oneOf, type Plan, partyOf, type Scene } from "./call.ts";
import { applyLanding, candidateFor } from "./landing.ts";

/** Whom a challenge accuses, the tip first: as many as are bad, or somebody who cannot be removed. */
function accusedBy({ model: { chain } }: Scene, pick: number): Landed[] {
  const { unsettled, removed, settled } = chain;
  const fromTip = unsettled.toReversed();
  const good = fromTip.findIndex(({ valid }) => valid);
  const bad = good < 0 ? fromTip : fromTip.slice(0, good);
  const choices = [bad, bad, bad.slice(0, 1), fromTip.slice(0, 1), fromTip.slice(0, bad.length + 1)];
  choices.push(fromTip.slice(1, 2), removed.slice(-1), settled.slice(-1), [...removed.slice(-1), ...bad]);
  const chosen = oneOf(choices, pick) ?? [];
  return chosen.length > 0 ? chosen : fromTip.slice(0, 1);
}

/** Why a checkpoint is not judged bad: by the contract's order of checks. */
function acquittal(model: Model, landed: Landed): string | undefined {
  const { chain, nowSec } = model;
  if (landed.number <= chain.settledTip.number) return "Challenges__AlreadySettled";
  if (!chain.holds(landed)) return "Challenges__LogMismatch";
  if (landed.reward.verified) return "Challenges__AlreadyVerified";
  if (nowSec >= model.finalAt(landed)) return "Challenges__WindowOver";
  return landed.valid ? "Challenges__AttestationValid" : undefined;
}

/** What a challenge comes to: the refusal, or what is removed and the tip that is left. */
interface Judgement {
  refusal?: string;
  removed: Landed[];
  tip: SubmittedTip;
}

/** @param replaced What shall stand in their place has landed: then those that are not there are passed over. */
function judge(model: Model, accused: readonly Landed[], replaced: boolean): Judgement {
  const removed: Landed[] = [];
  let { tip } = model.chain;
  for (const landed of accused) {
    if (landed.number > tip.number) continue;
    if (replaced && !model.chain.holds(landed)) continue;
    if (landed.number < tip.number) return { refusal: "Challenges__NotTip", removed, tip };
    const refusal = acquittal(model, landed);
    if (refusal !== undefined) return { refusal, removed, tip };
    removed.push(landed);
    tip = landed.parent;
  }
  return { removed, tip };
}

function applyRemovals({ chain, money }: Model, removed: readonly Landed[], informer: `0x${string}`): void {
  for (const { submitter } of removed) {
    chain.remove();
    money.slashBond(submitter, informer);
  }
}

export const challenge: Plan = (scene, { actor, pick }) => {
  const { model } = scene;
  const accused = accusedBy(scene, pick);
  if (accused.length === 0) return undefined;
  const party = partyOf(scene, actor);
  const { refusal, removed } = judge(model, accused, false);
  return {
    party,
    name: "challenge",
    args: [accused.map(({ log }) => log)],
    refusal,
    apply: () => applyRemovals(model, removed, party.address),
  };
};

/** Whether a checkpoint is the tip, or below it in a slot that a rollback had emptied: then it was filled again. */
function hasLanded({ checkpoint }: Candidate, tip: SubmittedTip, refillSlot: number): boolean {
  const { slot } = checkpoint.submission.header;
  return checkpoint.tip.digest === tip.digest || (slot < tip.slot && slot <= refillSlot);
}

/** Removes what is bad and lands what ought to have been there, or the next, in one call. */
export const challengeAndSubmit: Plan = (scene, action) => {
  const { world, model } = scene;
  const accused = accusedBy(scene, action.pick);
  if (accused.length === 0) return undefined;
  const party = partyOf(scene, action.actor);
  const { chain } = model;
  // What replaces them stands where they would leave off, whether or not they can be removed.
  const slot = accused.at(-1)?.slot === model.slot - 1 ? model.slot - 1 : model.slot;
  const candidate = candidateFor(scene, action, slot, judge(model, accused, false).tip, action.defect);
  const judged = judge(model, accused, hasLanded(candidate, chain.tip, chain.refillSlot));
  const { removed, tip } = judged;
  const recipient = partyOf(scene, action.pick + 3).address;
  const { blobs } = candidate.checkpoint;
  const blobHashes = blobs.map(({ hash }) => hash);
  const landing = { candidates: [candidate], submitter: party.address, deadlineSec: model.nowSec, blobHashes };
  const slashed = removed.some(({ submitter }) => submitter === party.address);
  const bonded = !slashed && model.money.isBonded(party.address, model.config.bondWei);
  const place = { chainId: world.test.chainId, rollup: world.test.address };
  const refillSlot = Math.max(chain.refillSlot, ...removed.map((one) => one.slot));
  const isThere = hasLanded(candidate, tip, refillSlot);
  const landed = isThere ? undefined : judgeLanding(model, place, landing, tip, bonded);
  const submissions = [candidate.checkpoint.submission];
  return {
    party,
    name: "challengeAndSubmit",
    args: [accused.map(({ log }) => log), submissions, recipient, model.nowSec],
    blobs,
    refusal: judged.refusal ?? landed?.refusal,
    apply(mined) {
      applyRemovals(model, removed, party.address);
      if (!isThere) applyLanding(scene, action, { candidates: [candidate], party, recipient }, mined);
    },
  };
};

/** Offers a signature for one that is bad, or is said to be: a good one, or one as bad. */
export const cure: Plan = (scene, { actor, pick, detail }) => {
  const { model, world } = scene;
  const { chain, members } = model;
  const bad = chain.unsettled.filter(({ valid }) => !valid);
  const landed = oneOf(pick % 4 === 0 ? [...chain.unsettled, ...chain.removed] : bad, detail >> 2);
  if (landed === undefined) return undefined;
  const party = partyOf(scene, actor);
  const indices = members.of(chain.epochOf(landed.slot));
  // One that was removed long ago may be of a set whose members have taken their stakes.
  if (indices.some((index) => !members.byIndex.has(index))) return undefined;
  const isGood = detail % 4 !== 0;
  // An index and its key's seed differ once an index was given away again.
  const { signature } = world.test.attest(landed.checkpoint, members.seedsOf(isGood ? indices : indices.slice(1)));
  const signers = indices.reduce((bits, index) => bits | (1n << BigInt(index)), 0n);
  const call = { party, name: "cure", args: [landed.log, { signers, signature }] };
  // Somebody has removed it: nothing is done.
  if (landed.number > chain.tip.number) return { ...call, refusal: undefined, apply: () => {} };
  const refusal = acquittal(model, landed) ?? (isGood ? undefined : "Challenges__CureInvalid");
  return { ...call, refusal, apply: (mined) => applyCure(model, landed, call, mined) };
};

function applyCure({ chain, money }: Model, landed: Landed, { party }: Pick<Call, "party">, mined: Mined): void {
  const [cured] = eventsOf(mined);
  if (cured?.type !== "cured") throw new Error("a cure tells of itself");
  chain.cure(landed, curedLog(landed.log, cured.attestation));
  money.slashBond(landed.submitter, party.address);
}
