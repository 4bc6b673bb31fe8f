import { expect } from "chai";
import { lesser, shareOf } from "../../../sdk/rewards/rules.ts";
import type { Payout } from "../../../sdk/rewards/settle.ts";
import type { Told } from "../support/settling.ts";
import type { Landed } from "./model/chain.ts";
import type { Model } from "./model/model.ts";

/** Requires a payout to be what was determined before it settled, and to keep E1 to E7 and E12. */
export function checkPayout(
  { config, chain }: Model,
  { reward }: Landed,
  payout: Payout,
  told: Told,
  child: Landed | undefined,
): void {
  const { number, slot, proposerWei, sharedWei, burnedWei, missingWei, proverWei, sharedWith } = payout;
  expect(told, "E11 payout as determined").to.deep.equal({
    number,
    slot,
    proposerWei,
    sharedWei,
    ...(sharedWith !== undefined && { shared: { account: sharedWith, burnedWei } }),
    ...(missingWei > 0n && { missingWei }),
    ...(proverWei > 0n && { proverWei }),
  });
  const wholeWei = chain.splitWei(payout);
  expect(proposerWei + sharedWei + burnedWei, "E1 parts of a reward").to.equal(wholeWei);
  const capWei = shareOf(wholeWei, config.capBps);
  const lateWei = shareOf(wholeWei, config.burnBps);
  if (!reward.late) {
    expect(burnedWei, "E2 nothing burns on time").to.equal(0n);
    if (!reward.shared) expect(proposerWei, "E2 the whole reward on time").to.equal(wholeWei);
    return;
  }
  const confirmed = child?.slot === slot + 1;
  expect(proposerWei + sharedWei <= wholeWei - lateWei, "E3 what burns, burns").to.equal(true);
  expect(sharedWei <= capWei, "E4, E12 paid at most the cap").to.equal(true);
  const chargeWei = lesser(reward.chargedWei, capWei);
  expect(proposerWei, "E4, E5 the proposer's part").to.equal(confirmed ? wholeWei - lateWei - chargeWei : 0n);
  if (confirmed && reward.successor) expect(sharedWith, "E7 the successor's credit").to.equal(child.reward.coinbase);
  else expect(sharedWith, "E7 the recipient's credit").to.equal(reward.recipient);
}
