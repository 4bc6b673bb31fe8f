import { expect } from "chai";
import { id } from "ethers";
import { buildLog } from "../../../../sdk/build/log.ts";
import type { LandedCheckpoint } from "../../../../sdk/get/landed.ts";
import type { SubmittedTip } from "../../../../sdk/get/tips.ts";
import { termsOfLanding } from "../../../../sdk/rewards/terms.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import { landedIn } from "../../fixture.ts";
import { bitmap, claiming, NOBODY } from "../../support/checkpoints.ts";
import type { Mined } from "../../support/l1.ts";
import { malformedSignatures } from "../../support/points.ts";
import type { Action, Defect } from "../actions.ts";
import type { Candidate, Landed } from "../model/chain.ts";
import { judgeLanding } from "../model/landing.ts";
import type { Party } from "../world.ts";
import { type Call, oneOf, type Plan, partyOf, type Scene } from "./call.ts";

const CAPS_BPS = [5_000, 0, 1, 422, 10_000];
const UNSIGNED = id("never signed") as Hex;
const MALFORMED = Object.values(malformedSignatures());
/** Only a look at the signature shows them. */
const HIDDEN: readonly Defect[] = ["forged", "malformed", "tooFewSigned"];
/** No set is as large as that. */
const OUTSIDER = 200;

/** The checkpoint that the quorum of its slot would sign, or one with a defect. */
export function candidateFor(
  scene: Scene,
  action: Action,
  slot: number,
  parent: SubmittedTip,
  defect: Defect,
): Candidate {
  const { world, model } = scene;
  const { detail, pick } = action;
  const { chain, members, messages } = model;
  const due = messages.countDue(slot, parent.inboxCount);
  const inboxCount = defect === "inboxCount" ? due + 1 : due;
  const shares = detail % 3 === 0 || defect === "onTimeCap";
  const signers = signersOf(members.of(chain.epochOf(slot)), action, defect);
  const claimed = bitmap(signers) | (defect === "outsider" ? 1n << BigInt(OUTSIDER) : 0n);
  const built = world.test.checkpoint({
    slot,
    parent: defect === "orphan" ? { ...parent, digest: UNSIGNED.slice(0, 42) as Hex } : parent,
    header: {
      inboxCount,
      outboxRoot: messages.outbox.root(),
      coinbase: partyOf(scene, detail + slot).address,
      onTimeRecipient: shares ? partyOf(scene, pick).address : NOBODY,
      onTimeCapBps: defect === "onTimeCap" ? 10_001 : shares ? (oneOf(CAPS_BPS, pick) as number) : 0,
    },
    blobs: world.test.blobs.slice(slot % 2, (slot % 2) + 1 + ((detail >> 2) % model.config.maxBlobsPerCheckpoint)),
    inboxHash: messages.hashFor(inboxCount, parent.inboxCount, chain.epochOf(slot)),
    signers: members.seedsOf(defect === "tooFewSigned" ? signers.slice(1) : signers),
    ...(defect === "forged" && { signedDigest: UNSIGNED }),
    salt: String(detail >> 6),
  });
  const signature = defect === "malformed" ? oneOf(MALFORMED, detail) : undefined;
  return {
    checkpoint: claiming(built, { signers: claimed, ...(signature && { signature }) }),
    valid: !HIDDEN.includes(defect),
    outboxSize: messages.outbox.size,
  };
}

/** All of a set, just a quorum of it, or one too few. */
function signersOf(set: readonly number[], { detail }: Action, defect: Defect): readonly number[] {
  const quorum = Math.floor((2 * set.length) / 3) + 1;
  if (defect === "noQuorum") return set.slice(0, quorum - 1);
  return detail & 8 ? set.slice(set.length - quorum) : set;
}

/** Mostly somebody with a bond if there is something to hide, and anybody else. */
export function submitterOf(scene: Scene, { actor, defect, detail }: Action): Party {
  const { money, config } = scene.model;
  const bonded = scene.world.parties.filter(({ address }) => money.isBonded(address, config.bondWei));
  const prefers = HIDDEN.includes(defect) ? detail % 4 !== 0 : detail % 4 === 0;
  return (prefers ? oneOf(bonded, actor) : undefined) ?? partyOf(scene, actor);
}

/** The call that lands some candidates. */
export function landingCall(scene: Scene, action: Action, candidates: readonly Candidate[], party: Party): Call {
  const { world, model } = scene;
  const blobs = candidates.flatMap(({ checkpoint }) => checkpoint.blobs);
  const carried = action.defect === "blobMissing" ? blobs.slice(1) : blobs;
  const deadlineSec = action.defect === "deadline" ? model.nowSec - 1 : model.nowSec;
  const recipient = partyOf(scene, action.pick + 3).address;
  const blobHashes = carried.map(({ hash }) => hash);
  const call = { candidates, submitter: party.address, deadlineSec, blobHashes };
  const verdict = judgeLanding(model, { chainId: world.test.chainId, rollup: world.test.address }, call);
  return {
    party,
    name: "submit",
    args: [candidates.map(({ checkpoint }) => checkpoint.submission), recipient, deadlineSec],
    blobs: carried,
    refusal: verdict.refusal,
    apply(mined) {
      if (verdict.refusal === undefined) {
        applyLanding(scene, action, { candidates: candidates.slice(verdict.skipped), party, recipient }, mined);
      }
    },
  };
}

/** Requires the terms that the model says, and takes the checkpoints over. */
export function applyLanding(
  { model }: Scene,
  { baseFeeWei }: Action,
  { candidates, party, recipient }: { candidates: readonly Candidate[]; party: Party; recipient: Hex },
  mined: Mined,
): void {
  const { chain, config, money, nowSec } = model;
  const landed = landedIn(mined);
  expect(landed.length, "checkpoints landed").to.equal(candidates.length);
  const verified = !money.isBonded(party.address, config.bondWei);
  for (const [index, candidate] of candidates.entries()) {
    const { header } = candidate.checkpoint.submission;
    const { slot, coinbase, onTimeRecipient, onTimeCapBps } = header;
    const parent = chain.tip;
    const number = parent.number + 1;
    const terms = termsOfLanding(config, {
      slot,
      timeSec: nowSec,
      fees: { baseFeeWei, blobBaseFeeWei: mined.blobBaseFeeWei },
      blobCount: candidate.checkpoint.blobs.length,
      followed: index + 1 < candidates.length,
      refilled: slot <= chain.refillSlot,
      namesRecipient: BigInt(onTimeRecipient) !== 0n,
    });
    if (terms === undefined) throw new Error("the model lets nothing land outside its windows");
    const facts = { number, slot, timeSec: nowSec, verified };
    const told = landed[index] as LandedCheckpoint;
    expect(told, "terms").to.deep.include({ ...terms, ...facts, recipient, submitter: party.address, parent });
    expect(slot, "E8 slots ascend").to.be.greaterThan(parent.slot);
    const one: Landed = {
      ...candidate,
      number,
      slot,
      parent,
      log: buildLog(told),
      reward: { ...terms, ...facts, coinbase, recipient, onTimeRecipient, onTimeCapBps },
      submitter: party.address,
      prover: undefined,
      payout: undefined,
    };
    chain.land(one);
  }
}

/** Lands a checkpoint for the current slot. */
export const land: Plan = (scene, action) => {
  const { chain, slot } = scene.model;
  const candidate = candidateFor(scene, action, slot, chain.tip, action.defect);
  return landingCall(scene, action, [candidate], submitterOf(scene, action));
};

/** Lands a checkpoint for the slot before. */
export const landLate: Plan = (scene, action) => {
  const { chain, slot } = scene.model;
  const candidate = candidateFor(scene, action, Math.max(0, slot - 1), chain.tip, action.defect);
  return landingCall(scene, action, [candidate], submitterOf(scene, action));
};

/** Lands the checkpoint of the slot before, or that again which has landed, with that of the current slot. */
export const landBatch: Plan = (scene, action) => {
  const { chain, slot } = scene.model;
  const last = chain.unsettled.at(-1);
  const { tip } = chain;
  const first = last && action.pick % 4 === 0 ? last : candidateFor(scene, action, Math.max(0, slot - 1), tip, "none");
  const parent = first === last ? tip : { ...first.checkpoint.tip, slot: slot - 1, number: tip.number + 1 };
  const own = candidateFor(scene, { ...action, detail: action.detail + 1 }, slot, parent, action.defect);
  return landingCall(scene, action, [first, own], submitterOf(scene, action));
};

/** Lands what has landed, or what was removed, as it was. */
export const landAgain: Plan = (scene, action) => {
  const { chain } = scene.model;
  const known = [...chain.unsettled.slice(-2), ...chain.settled.slice(-1), ...chain.removed.slice(-2)];
  const again = oneOf(known, action.pick);
  return again && landingCall(scene, { ...action, defect: "none" }, [again], submitterOf(scene, action));
};
