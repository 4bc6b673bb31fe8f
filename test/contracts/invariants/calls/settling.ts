import { expect } from "chai";
import { buildSettlement } from "../../../../sdk/build/log.ts";
import { eventsOf } from "../../fixture.ts";
import { proofOf } from "../../support/proving.ts";
import { type Told, toldIn } from "../../support/settling.ts";
import type { Landed } from "../model/chain.ts";
import type { Model } from "../model/model.ts";
import { checkPayout } from "../payouts.ts";
import { oneOf, type Plan, partyOf } from "./call.ts";

/** Settles a run: some that are settled already, and some or all of those that are not. */
export const settle: Plan = (scene, { actor, pick, detail }) => {
  const { model } = scene;
  const { chain, nowSec } = model;
  const before = chain.settled.slice(chain.settled.length - Math.min(chain.settled.length, detail % 3));
  const given = chain.unsettled.slice(0, detail & 4 ? 1 + (pick % 4) : undefined);
  const foreseen = chain.foresee(given, nowSec);
  return {
    party: partyOf(scene, actor),
    name: "settle",
    args: buildSettlement([...before, ...given].map(({ log }) => log)),
    refusal: foreseen.payouts.length === 0 ? "Settlement__NothingToSettle" : undefined,
    apply(mined) {
      const told = toldIn(eventsOf(mined));
      expect(told.length, "checkpoints settled").to.equal(foreseen.payouts.length);
      const settled = chain.settle(foreseen);
      for (const [index, landed] of settled.entries()) pay(model, landed, told[index] as Told, chain.after(landed));
    },
  };
};

/** Requires what was told to be what was determined before, by all rules, and credits it. */
function pay(model: Model, landed: Landed, told: Told, child: Landed | undefined): void {
  const { money } = model;
  const { payout } = landed;
  if (payout === undefined) throw new Error(`E11 ${landed.number} settled before its payout was determined`);
  checkPayout(model, landed, payout, told, child);
  money.credit(payout.proposer, payout.proposerWei);
  money.credit(payout.sharedWith, payout.sharedWei);
  money.credit(landed.prover, payout.proverWei);
  money.burnedWei += payout.burnedWei;
}

/** Proves from the first that is not proven on, with a proof or without one. */
export const prove: Plan = (scene, { actor, pick, detail }) => {
  const { chain } = scene.model;
  const unproven = chain.hasVerifier
    ? chain.unsettled.filter(({ number }) => number > chain.provenNumber)
    : chain.unsettled;
  const first = detail % 16 === 0 ? chain.unsettled.at(-1) : unproven[0];
  const last = oneOf(unproven, pick);
  if (first === undefined || last === undefined) return undefined;
  const prover = partyOf(scene, actor + 1).address;
  const [from, to, , proof] = proofOf(first.log, last.log, prover);
  const isProof = detail % 8 !== 1;
  const range = chain.unsettled.filter(({ number }) => number >= first.number && number <= last.number);
  return {
    party: partyOf(scene, actor),
    name: "prove",
    args: [from, to, prover, isProof ? proof : "0x"],
    refusal: refusalOfProof(),
    apply() {
      for (const landed of range) landed.prover = prover;
      chain.provenNumber = last.number;
    },
  };

  function refusalOfProof(): string | undefined {
    if (!chain.hasVerifier) return "Proofs__NoVerifier";
    if (first?.number !== chain.provenNumber + 1 || last!.number < first.number) return "Proofs__OutOfOrder";
    return isProof ? undefined : "Proofs__Invalid";
  }
};

export const prune: Plan = (scene, { actor }) => {
  const { model } = scene;
  const { chain, config } = model;
  const first = chain.unsettled.find(({ number }) => number > chain.provenNumber) ?? chain.unsettled[0];
  if (first === undefined) return undefined;
  const fromSlot = (chain.epochOf(first.slot) + 1 + config.proofWindowEpochs) * config.epochSlots;
  return {
    party: partyOf(scene, actor),
    name: "prune",
    args: [first.log],
    refusal: refusalOfPrune(first.number),
    apply: () => chain.prune(),
  };

  function refusalOfPrune(number: number): string | undefined {
    if (!chain.hasVerifier) return "Proofs__NoVerifier";
    if (number !== chain.provenNumber + 1) return "Proofs__OutOfOrder";
    return model.slot < fromSlot ? "Proofs__WindowOpen" : undefined;
  }
};
