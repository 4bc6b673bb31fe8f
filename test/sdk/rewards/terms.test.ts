import { expect } from "chai";
import { quote } from "../../../sdk/rewards/quote.ts";
import { termsOfLanding } from "../../../sdk/rewards/terms.ts";
import { landing, RULES } from "./rules.ts";

describe("terms of a landing", () => {
  const kinds = (seconds: number): string => {
    const terms = termsOfLanding(RULES, landing(seconds));
    if (terms === undefined) return "none";
    return terms.late ? (terms.successor ? "successor" : "late") : "on time";
  };

  it("E8 change exactly at the edges of the windows", () => {
    const edges: [number, string][] = [
      [-73, "none"],
      [-72, "on time"],
      [-1, "on time"],
      [0, "successor"],
      [12, "successor"],
      [23, "successor"],
      [24, "late"],
      [47, "late"],
      [48, "none"],
      [72, "none"],
    ];
    expect(edges.map(([seconds]) => [seconds, kinds(seconds)])).to.deep.equal(edges);
  });

  it("owe nothing on time, unless the header names somebody to share with", () => {
    const onTime = termsOfLanding(RULES, landing(-60));
    expect(onTime).to.include({ shared: false, chargedWei: 0n, paidWei: 0n });
    const { fees } = landing(-60);
    const price = quote(RULES, RULES.gasQuota, fees, 1, RULES.premiumBps);
    expect(termsOfLanding(RULES, landing(-60, { namesRecipient: true }))).to.include({
      shared: true,
      chargedWei: price,
      paidWei: price,
    });
  });

  it("pay cost without premium, of the same charge, when another checkpoint lands in the same call", () => {
    const alone = termsOfLanding(RULES, landing(12))!;
    const batched = termsOfLanding(RULES, landing(12, { followed: true }))!;
    expect(alone).to.include({ batched: false, paidWei: alone.chargedWei });
    expect(batched).to.include({ batched: true, chargedWei: alone.chargedWei });
    expect(batched.paidWei).to.equal(quote(RULES, RULES.gasQuotaBatch, landing(12).fees, 1, 0));
  });

  it("E10 are those of an on-time landing when the slot lands again after a rollback", () => {
    expect(termsOfLanding(RULES, landing(12, { refilled: true }))).to.include({ late: false, chargedWei: 0n });
    expect(termsOfLanding(RULES, landing(48, { refilled: true }))).to.equal(undefined);
  });
});
