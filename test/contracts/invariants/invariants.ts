import { expect } from "chai";
import type { Model } from "./model/model.ts";
import type { Reading, World } from "./world.ts";

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((total, wei) => total + wei, 0n);

/** Requires of a state what has to hold at any time: that it is what the rules say, and that no wei came or went. */
export function checkInvariants({ accounts, totalWei }: World, model: Model, reading: Reading): void {
  const { chain, money, members, messages } = model;
  const { slot, number, inboxCount, digest } = chain.tip;
  const expected: Reading = {
    tips: [BigInt(slot), BigInt(number), BigInt(inboxCount), BigInt(digest)],
    settled: [BigInt(chain.settledTip.number), BigInt(chain.settledTip.slot)],
    proven: BigInt(chain.provenNumber),
    refillSlot: BigInt(chain.refillSlot),
    unsettled: chain.unsettledHash,
    members: members.of(model.epoch).reduce((bits, index) => bits | (1n << BigInt(index)), 0n),
    inboxTotal: BigInt(messages.sent.length),
    refundsHash: messages.refundsHash(model.epoch),
    poolWei: chain.pool.availableWei,
    fundedAheadWei: chain.fundedAheadWei,
    bridgedWei: money.bridgedWei,
    staked: members.staked,
    heldWei: reading.heldWei,
    creditsWei: accounts.map((account) => money.creditOf(account)),
    bondsWei: accounts.map((account) => money.bondOf(account).amountWei),
    releases: accounts.map((account) => BigInt(money.bondOf(account).releaseAt)),
    balancesWei: accounts.map((account) => money.outside.get(account) ?? 0n),
  };
  for (const name of Object.keys(expected) as (keyof Reading)[]) {
    expect(reading[name], name).to.deep.equal(expected[name]);
  }

  for (const index of messages.refunded) {
    const slot = chain.consumingSlot(index);
    const fromEpoch = messages.requested.get(index) ?? 0;
    if (slot !== undefined)
      expect(chain.epochOf(slot), `deposit ${index}, on L2 and refunded`).to.be.at.least(fromEpoch);
  }

  const { creditsWei, bondsWei, poolWei, fundedAheadWei, bridgedWei, heldWei, balancesWei } = reading;
  const stakesWei = model.config.stakeWei * BigInt(reading.staked.toString(2).replaceAll("0", "").length);
  const owedWei = sum([...creditsWei, ...bondsWei, stakesWei, poolWei, fundedAheadWei, bridgedWei]);
  const { burnedWei, forcedWei, feesWei } = money;
  expect(sum(balancesWei) + feesWei + owedWei + burnedWei, "E1 conservation").to.equal(totalWei);
  expect(heldWei, "E1 all that is owed is there").to.equal(owedWei + burnedWei + forcedWei);
}

/** E11: remembers what became certain of payouts, and requires that nothing has changed what was certain before. */
export function checkPayouts({ chain, nowSec }: Model): void {
  for (const [index, payout] of chain.determined(nowSec).entries()) {
    const landed = chain.unsettled[index]!;
    if (landed.payout !== undefined) expect(payout, `E11 payout of ${landed.number}`).to.deep.equal(landed.payout);
    landed.payout = payout;
  }
}
