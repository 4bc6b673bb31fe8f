import { parseEther } from "ethers";
import { oneOf, type Plan, partyOf, type Scene } from "./call.ts";

const AMOUNTS_WEI = [10n ** 15n, 1n, parseEther("0.02"), 0n];
const REWARDS_WEI = [parseEther("0.01"), 0n, 1n, parseEther("0.03"), 2n ** 96n - 1n];

/** Whether a payment to an account reverts. */
export const isRefused = ({ world, model }: Scene, account: string): boolean =>
  model.refuses && account === world.contract.address;

export const claim: Plan = (scene, { actor, pick }) => {
  const { money } = scene.model;
  const creditors = scene.world.parties.filter(({ address }) => money.creditOf(address) > 0n);
  const party = (pick % 4 === 0 ? undefined : oneOf(creditors, actor)) ?? partyOf(scene, actor);
  const owedWei = money.creditOf(party.address);
  const refused = isRefused(scene, party.address) ? "Bonds__PaymentRefused" : undefined;
  return {
    party,
    name: "claim",
    args: [],
    refusal: owedWei === 0n ? "Bonds__NothingToClaim" : refused,
    apply() {
      money.credits.delete(party.address);
      money.pay(party.address, owedWei);
    },
  };
};

/** Mostly one of the two that land much. */
export const bond: Plan = (scene, { actor, pick }) => {
  const { money, config } = scene.model;
  const party = partyOf(scene, actor % 4 === 0 ? actor : 1 + (actor % 2));
  const { amountWei, releaseAt } = money.bondOf(party.address);
  const valueWei = oneOf([config.bondWei, config.bondWei, config.bondWei / 2n, 1n, 0n], pick) as bigint;
  const tooLittle = amountWei + valueWei < config.bondWei ? "Bonds__AmountOutOfRange" : undefined;
  return {
    party,
    name: "bond",
    args: [],
    valueWei,
    refusal: releaseAt === 0 ? tooLittle : "Bonds__Unbonding",
    apply: () => money.bonds.set(party.address, { amountWei: amountWei + valueWei, releaseAt: 0 }),
  };
};

export const unbond: Plan = (scene, { actor }) => {
  const { money, nowSec, chain, config } = scene.model;
  const party = partyOf(scene, actor);
  const { amountWei, releaseAt } = money.bondOf(party.address);
  const leaving = releaseAt === 0 ? undefined : "Bonds__Unbonding";
  const nextSec = nowSec + chain.challengeWindowSeconds + 2 * config.slotSeconds;
  return {
    party,
    name: "unbond",
    args: [],
    refusal: amountWei === 0n ? "Bonds__NoBond" : leaving,
    apply: () => money.bonds.set(party.address, { amountWei, releaseAt: nextSec }),
  };
};

export const withdrawBond: Plan = (scene, { actor, pick }) => {
  const { money, nowSec } = scene.model;
  const leaving = scene.world.parties.filter(({ address }) => money.bondOf(address).releaseAt > 0);
  const party = (pick % 4 === 0 ? undefined : oneOf(leaving, actor)) ?? partyOf(scene, actor);
  const { amountWei, releaseAt } = money.bondOf(party.address);
  return {
    party,
    name: "withdrawBond",
    args: [],
    refusal: refusal(),
    apply() {
      money.bonds.delete(party.address);
      money.pay(party.address, amountWei);
    },
  };

  function refusal(): string | undefined {
    if (amountWei === 0n) return "Bonds__NoBond";
    if (releaseAt === 0 || nowSec < releaseAt) return "Bonds__NotReleased";
    return isRefused(scene, party.address) ? "Bonds__PaymentRefused" : undefined;
  }
};

export const fund: Plan = (scene, { actor, pick }) => {
  const { model } = scene;
  const valueWei = oneOf(AMOUNTS_WEI, pick) as bigint;
  return {
    party: partyOf(scene, actor),
    name: "fund",
    args: [],
    valueWei,
    refusal: valueWei === 0n ? "Pool__NothingFunded" : undefined,
    apply: () => model.chain.fund(model.epoch, valueWei),
  };
};

export const setReward: Plan = (scene, { actor, pick }) => {
  const { model, world } = scene;
  const { governor } = model.config;
  const party = world.parties.find(({ address }) => address === governor && actor % 4 !== 0) ?? partyOf(scene, actor);
  const rewardWei = oneOf(REWARDS_WEI, pick) as bigint;
  return {
    party,
    name: "setReward",
    args: [rewardWei],
    refusal: party.address === governor ? undefined : "Pool__NotGovernor",
    apply: () => model.chain.setReward(model.epoch, rewardWei),
  };
};
