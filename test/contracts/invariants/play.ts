import { expect } from "chai";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Mined } from "../support/l1.ts";
import type { Action, Kind } from "./actions.ts";
import { bond, claim, fund, setReward, unbond, withdrawBond } from "./calls/accounts.ts";
import type { Plan, Scene } from "./calls/call.ts";
import { challenge, challengeAndSubmit, cure } from "./calls/judging.ts";
import { land, landAgain, landBatch, landLate } from "./calls/landing.ts";
import { landLateAsOnTime } from "./calls/late-as-on-time.ts";
import { exit, poke, register, slash, withdrawStake } from "./calls/membership.ts";
import { deposit, force, refund, requestRefund, withdraw, withdrawOnL2 } from "./calls/messages.ts";
import { forceEther, react, sendEther } from "./calls/outside.ts";
import { prove, prune, settle } from "./calls/settling.ts";
import { timeOf } from "./clock.ts";
import { checkInvariants, checkPayouts } from "./invariants.ts";
import type { Money } from "./model/money.ts";
import type { World } from "./world.ts";

const PLANS: Record<Kind, Plan> = {
  land,
  landLate,
  landBatch,
  landAgain,
  landLateAsOnTime,
  challenge,
  challengeAndSubmit,
  cure,
  settle,
  prove,
  prune,
  claim,
  bond,
  unbond,
  withdrawBond,
  register,
  exit,
  withdrawStake,
  slash,
  poke,
  deposit,
  force,
  requestRefund,
  refund,
  withdrawOnL2,
  withdraw,
  fund,
  setReward,
  sendEther,
  forceEther,
  react,
};

const GAS_PER_BLOB = 131_072n;

/** How often each thing was done, and how often it was refused. */
export type Tally = Map<string, number>;

/** Plays a history from the first state of a world; throws at the first step after which something does not hold. */
export async function play(world: World, actions: readonly Action[], tally: Tally): Promise<void> {
  const scene = { world, model: await world.restore() };
  for (const [step, action] of actions.entries()) {
    try {
      const outcome = await take(scene, action);
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`step ${step} (${action.kind} at slot ${scene.model.slot}): ${message}`, { cause: error });
    }
  }
}

/** @returns what was done, or how it was refused. */
async function take(scene: Scene, action: Action): Promise<string> {
  const { world, model } = scene;
  model.nowSec = timeOf(action, model);
  checkPayouts(model);
  const call = await PLANS[action.kind](scene, action);
  let outcome = `${action.kind}: nothing to do`;
  if (call !== undefined) {
    checkPayouts(model);
    const { party, name, args, blobs, valueWei = 0n, refusal } = call;
    const { nowSec: timeSec } = model;
    const options = { timeSec, baseFeeWei: action.baseFeeWei, valueWei, ...(blobs && { blobs }) };
    const mined = await (call.send ? call.send(options) : party.send(name, args, options));
    expect(mined.succeeded ? undefined : (mined.error?.name ?? "a revert"), `${name} by ${party.name}`).to.equal(
      refusal,
    );
    pay(model.money, party.payer, mined, blobs?.length ?? 0, valueWei);
    if (mined.succeeded) call.apply(mined);
    outcome = `${action.kind}: ${refusal ?? "done"}`;
  }
  checkPayouts(model);
  const reading = await world.read(model.epoch, model.members.indexCount);
  call?.check?.(reading);
  checkInvariants(world, model, reading);
  return outcome;
}

/** What the transaction cost, and what it took along unless it was reverted. */
function pay(money: Money, payer: Hex, mined: Mined, blobs: number, valueWei: bigint): void {
  const { receipt, blobBaseFeeWei, succeeded } = mined;
  const feeWei = receipt.gasUsed * receipt.gasPrice + BigInt(blobs) * GAS_PER_BLOB * blobBaseFeeWei;
  money.feesWei += feeWei;
  money.pay(payer, -feeWei - (succeeded ? valueWei : 0n));
}
