import { expect } from "chai";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { landForgery, SLOT } from "../support/forgery.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, challenger, stranger } = ACCOUNTS;

describe("refilling a slot that a challenge emptied", () => {
  it("lands the right checkpoint in the emptied slot, and late counts as on time", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(challenger, "challenge", [[log]]);
    const right = test.checkpoint({ slot: SLOT + 1, parent: good.tip });
    const [landed] = landedIn(await test.land(otherBonded, [right], { timeSec: test.time(SLOT + 2, 47) }));
    expect(landed).to.include({ number: 2, late: false, successor: false, batched: false, chargedWei: 0n });
  });

  it("does not lengthen the window", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(challenger, "challenge", [[log]]);
    const right = test.checkpoint({ slot: SLOT + 1, parent: good.tip });
    const timeSec = test.time(SLOT + 2, 48);
    await reverts(test.tryLand(otherBonded, [right], { timeSec }), "Rollup__OutsideWindow", {
      slot: BigInt(SLOT + 1),
      currentSlot: BigInt(SLOT + 2),
      secondsIntoSlot: 48n,
    });
  });

  it("does not make a later slot's late landing count as on time", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(challenger, "challenge", [[log]]);
    const later = test.checkpoint({ slot: SLOT + 2, parent: good.tip });
    const [landed] = landedIn(await test.land(otherBonded, [later], { timeSec: test.time(SLOT + 3) }));
    expect(landed).to.include({ late: true });
  });
});

describe("challengeAndSubmit", () => {
  const arguments_ = (
    test: TestRollup,
    log: CheckpointLog,
    slot: number,
    good: ReturnType<TestRollup["checkpoint"]>,
  ) => {
    const right = test.checkpoint({ slot, parent: good.tip });
    return [[log], [right.submission], addressOf(challenger), test.time(slot + 1)] as const;
  };

  it("replaces the bad one in one transaction", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    const mined = await test.call(otherBonded, "challengeAndSubmit", arguments_(test, log, SLOT + 1, good), {
      blobs: test.blobs.slice(0, 1),
    });
    const [landed] = landedIn(mined);
    expect(landed).to.include({ number: 2, slot: SLOT + 1, late: false, submitter: addressOf(otherBonded) });
    expect(await test.rollup.creditOf(otherBonded.address)).to.equal(test.config.bondWei / 2n);
  });

  it("still lands when somebody else removed the bad one first", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(stranger, "challenge", [[log]]);
    await test.call(otherBonded, "challengeAndSubmit", arguments_(test, log, SLOT + 1, good), {
      blobs: test.blobs.slice(0, 1),
    });
    expect((await test.rollup.tips()).number).to.equal(2n);
  });

  it("lands nothing when the accused was good", async () => {
    const test = await load();
    const good = test.checkpoint({ slot: SLOT });
    const [log] = logsIn(await test.land(bonded, [good]));
    const mined = test.attempt(otherBonded, "challengeAndSubmit", arguments_(test, log!, SLOT + 1, good), {
      blobs: test.blobs.slice(0, 1),
      timeSec: test.time(SLOT + 1),
    });
    await reverts(mined, "Challenges__AttestationValid", { number: 1n });
    expect((await test.rollup.tips()).number).to.equal(1n);
  });
});
