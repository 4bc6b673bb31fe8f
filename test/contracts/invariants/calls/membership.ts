import type { Hex } from "../../../../sdk/types/hex.ts";
import { attests, evidenceOf, OTHER_DIGEST, proposes, type Said, skips } from "../../support/evidence.ts";
import { isRefused } from "./accounts.ts";
import { oneOf, type Plan, partyOf } from "./call.ts";

/** No key has a higher seed. */
const LAST_SEED = 255;

export const register: Plan = (scene, { actor, pick, detail }) => {
  const { model, world } = scene;
  const { members, config } = model;
  if (members.nextSeed > LAST_SEED) return undefined;
  const owner = partyOf(scene, actor + pick).address;
  const valueWei = detail % 8 === 0 ? config.stakeWei - 1n : config.stakeWei;
  const isFull = members.latest.length >= config.maxValidators;
  return {
    party: partyOf(scene, actor),
    name: "register",
    args: world.test.registration(members.nextSeed, owner),
    valueWei,
    refusal: valueWei !== config.stakeWei ? "Validators__WrongStake" : isFull ? "Validators__SetFull" : undefined,
    apply: () => members.join(owner, model.epoch),
  };
};

export const exit: Plan = (scene, { actor, pick, detail }) => {
  const { model, world } = scene;
  const { members, config } = model;
  const index = pick % (members.byIndex.size + 1);
  const member = members.byIndex.get(index);
  const party = world.parties.find(({ address }) => address === member?.owner && detail % 4) ?? partyOf(scene, actor);
  return {
    party,
    name: "exit",
    args: [index],
    refusal: refusal(),
    apply: () => members.dismiss([index], model.epoch),
  };

  function refusal(): string | undefined {
    if (party.address !== member?.owner && !member?.slashed) return "Validators__NotOwner";
    if (member.untilEpoch !== 0) return "Validators__AlreadyLeaving";
    return members.latest.length <= config.minValidators ? "Validators__SetTooSmall" : undefined;
  }
};

export const withdrawStake: Plan = (scene, { actor, pick, detail }) => {
  const { members, chain, money, config, nowSec } = scene.model;
  const gone = [...members.byIndex.keys()].filter((index) => members.byIndex.get(index)?.untilEpoch !== 0);
  const index = (detail % 4 === 0 ? undefined : oneOf(gone, pick)) ?? pick % (members.byIndex.size + 1);
  const member = members.byIndex.get(index);
  const amountWei = member?.slashed ? 0n : config.stakeWei;
  return {
    party: partyOf(scene, actor),
    name: "withdrawStake",
    args: [index],
    refusal: refusal(),
    apply() {
      members.byIndex.delete(index);
      money.pay(member?.owner as Hex, amountWei);
    },
  };

  function refusal(): string | undefined {
    if (!member?.untilEpoch || nowSec < members.evidenceUntil(member.untilEpoch - 1)) return "Validators__StakeLocked";
    const lastSlot = member.untilEpoch * config.epochSlots - 1;
    if (chain.settledTip.slot < lastSlot && chain.unsettled.length > 0) return "Validators__LastSlotUnsettled";
    return amountWei > 0n && isRefused(scene, member.owner) ? "Bonds__PaymentRefused" : undefined;
  }
};

/** Shows that some signed two things for a slot around now, as two aggregates of different signers. */
export const slash: Plan = (scene, { actor, pick, detail }) => {
  const { model, world } = scene;
  const { members, chain, config, money, epoch, nowSec } = model;
  const slot = Math.max(0, model.slot + 8 - pick);
  const ofSlot = chain.epochOf(slot);
  const set = members.of(ofSlot);
  if (set.some((index) => !members.byIndex.has(index))) return undefined;
  const start = detail % set.length;
  const both = set.slice(start, start + 1 + ((detail >> 4) % 2));
  const signed = (said: (signers: readonly number[]) => Said, signers: readonly number[]): Said => ({
    ...said(signers),
    seeds: members.seedsOf(signers),
  });
  const [first, second] =
    detail & 8
      ? [signed((by) => attests(by), set), signed(skips, both)]
      : [signed((by) => proposes(by), both), signed((by) => proposes(by, OTHER_DIGEST), both)];
  const offenders = both.filter((index) => !members.byIndex.get(index)?.slashed);
  const party = partyOf(scene, actor);
  return {
    party,
    name: "slash",
    args: [evidenceOf(world.test, slot, first, second)],
    refusal: refusal(),
    apply() {
      members.slash(offenders, epoch);
      const takenWei = config.stakeWei * BigInt(offenders.length);
      const creditedWei = (config.stakeWei / 2n) * BigInt(offenders.length);
      money.credit(party.address, creditedWei);
      money.burnedWei += takenWei - creditedWei;
    },
  };

  function refusal(): string | undefined {
    if (ofSlot > epoch + 1) return "Slashing__SetNotFinal";
    if (nowSec >= members.evidenceUntil(ofSlot)) return "Slashing__EvidenceExpired";
    return offenders.length === 0 ? "Slashing__NobodyToSlash" : undefined;
  }
};

export const poke: Plan = (scene, { actor }) => ({
  party: partyOf(scene, actor),
  name: "poke",
  args: [],
  refusal: undefined,
  apply: () => {},
});
