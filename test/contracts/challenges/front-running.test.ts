import { expect } from "chai";
import { id } from "ethers";
import { buildLog, buildLogHead, type CheckpointLog, hashLog } from "../../../sdk/build/log.ts";
import { parentDigestOf } from "../../../sdk/digest/checkpoint.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type SendOptions, type TestRollup } from "../fixture.ts";
import { claiming, type TestCheckpoint } from "../support/checkpoints.ts";
import { landForgery, SLOT } from "../support/forgery.ts";
import { addressOf, type Mined } from "../support/l1.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, unbonded, challenger, recipient, stranger } = ACCOUNTS;

/** A bad checkpoint is the tip; what a quorum signed for its slot, and for the next, is at hand. */
interface Scene {
  good: TestCheckpoint;
  log: CheckpointLog;
  right: TestCheckpoint;
  next: TestCheckpoint;
}

async function begin(test: TestRollup): Promise<Scene> {
  const { good, log } = await landForgery(test);
  // Other content than the bad one's: else its digest would be right, and only its signature bad.
  const right = test.checkpoint({ slot: SLOT + 1, parent: good.tip, salt: "right" });
  const next = test.checkpoint({ slot: SLOT + 2, parent: right.tip, blobs: test.blobs.slice(1, 2) });
  return { good, log, right, next };
}

/** `challengeAndSubmit`, whatever becomes of it; late for the first checkpoint, on time for the next. */
function replace(
  test: TestRollup,
  from: typeof stranger,
  logs: readonly CheckpointLog[],
  checkpoints: readonly TestCheckpoint[],
  { to = addressOf(from), ...options }: SendOptions & { to?: Hex } = {},
): Promise<Mined> {
  const submissions = checkpoints.map(({ submission }) => submission);
  const blobs = checkpoints.flatMap((checkpoint) => checkpoint.blobs);
  const args = [logs, submissions, to, test.time(SLOT + 3)];
  return test.attempt(from, "challengeAndSubmit", args, { blobs, ...options });
}

async function succeeds(attempt: Promise<Mined>): Promise<Mined> {
  const mined = await attempt;
  expect(mined.error?.message ?? mined.succeeded).to.equal(true);
  return mined;
}

/** Who landed what stands as a number, and requires that it is this checkpoint. */
async function expectTip(test: TestRollup, number: number, { tip }: TestCheckpoint): Promise<void> {
  const tips = await test.rollup.tips();
  expect(tips.number).to.equal(BigInt(number));
  expect(tips.digest).to.equal(BigInt(tip.digest));
}

/** Requires that half a bond was credited once, to one account. */
async function expectBounty(test: TestRollup, informer: typeof stranger, other: typeof stranger): Promise<void> {
  expect(await test.rollup.creditOf(informer.address)).to.equal(test.config.bondWei / 2n);
  expect(await test.rollup.creditOf(other.address)).to.equal(0n);
}

const late = (test: TestRollup) => ({ timeSec: test.time(SLOT + 2, 12) });

describe("challengeAndSubmit after somebody who copied it", () => {
  it("does nothing when it was copied whole: what it was to land has landed, and costs less than landing it", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    const copy = await succeeds(replace(test, stranger, [log], [right], late(test)));
    const honest = await succeeds(replace(test, challenger, [log], [right]));
    expect(landedIn(copy)).to.have.length(1);
    expect(eventsOf(honest)).to.deep.equal([]);
    expect(honest.gasUsed).to.be.below(copy.gasUsed / 2);
    await expectTip(test, 2, right);
    await expectBounty(test, stranger, challenger);
  });

  it("lands when only the challenge was copied", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    await test.call(stranger, "challenge", [[log]], late(test));
    const honest = await succeeds(replace(test, challenger, [log], [right]));
    expect(landedIn(honest)).to.have.length(1);
    await expectTip(test, 2, right);
    await expectBounty(test, stranger, challenger);
  });

  it("does nothing when the copy challenged first and landed in a call of its own", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    await test.call(stranger, "challenge", [[log]], late(test));
    await test.land(unbonded, [right], { timeSec: test.time(SLOT + 2, 13) });
    expect(eventsOf(await succeeds(replace(test, challenger, [log], [right])))).to.deep.equal([]);
    await expectBounty(test, stranger, challenger);
  });

  it("does nothing when the copy named another recipient, who is then the one that is paid, once", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    const copy = replace(test, stranger, [log], [right], { ...late(test), to: addressOf(recipient) });
    const [landed] = landedIn(await succeeds(copy));
    expect(landed).to.include({ recipient: addressOf(recipient), submitter: addressOf(stranger) });
    const before = await test.rollup.logHash(2);
    await succeeds(replace(test, challenger, [log], [right]));
    expect(await test.rollup.logHash(2), "the terms stay the copy's").to.equal(before);
    await expectBounty(test, stranger, challenger);
  });

  it("lands the second of two when the copy landed the first alone, and neither when it landed both", async () => {
    const test = await load();
    const { log, right, next } = await begin(test);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    for (const copied of [[right], [right, next]]) {
      await succeeds(replace(test, stranger, [log], copied, late(test)));
      const honest = await succeeds(replace(test, challenger, [log], [right, next]));
      expect(landedIn(honest).map(({ slot }) => slot)).to.deep.equal([SLOT + 1, SLOT + 2].slice(copied.length));
      await expectTip(test, 3, next);
      await expectBounty(test, stranger, challenger);
      await snapshot.restore();
    }
  });

  it("does nothing when the copy landed the next one on top as well", async () => {
    const test = await load();
    const { log, right, next } = await begin(test);
    await succeeds(replace(test, stranger, [log], [right, next], late(test)));
    expect(eventsOf(await succeeds(replace(test, challenger, [log], [right])))).to.deep.equal([]);
    await expectTip(test, 3, next);
  });

  it("goes on where the copy stopped, with several challenges in one call", async () => {
    const test = await load();
    const { log, right, next } = await begin(test);
    const parent = { inboxCount: 0, digest: parentDigestOf(log.details.digest) };
    const pile = await test.land(otherBonded, [test.forged({ slot: SLOT + 2, parent })]);
    const logs = [...logsIn(pile), log];
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const orders: [string, () => Promise<unknown>][] = [
      ["nothing", async () => undefined],
      ["the upper challenge", () => test.call(stranger, "challenge", [logs.slice(0, 1)], late(test))],
      ["both challenges", () => test.call(stranger, "challenge", [logs], late(test))],
      ["all but the second landing", () => succeeds(replace(test, stranger, logs, [right], late(test)))],
      ["all of it", () => succeeds(replace(test, stranger, logs, [right, next], late(test)))],
    ];
    for (const [what, copy] of orders) {
      await copy();
      const honest = await replace(test, challenger, logs, [right, next], { timeSec: test.time(SLOT + 2, 24) });
      expect(honest.error?.message ?? honest.succeeded, `after ${what}`).to.equal(true);
      await expectTip(test, 3, next);
      const credits = [stranger, challenger].map(({ address }) => test.rollup.creditOf(address));
      const paid = (await Promise.all(credits)).reduce((sum, wei) => sum + wei);
      expect(paid, `half of each of two bonds, after ${what}`).to.equal(test.config.bondWei);
      await snapshot.restore();
    }
  });

  it("does nothing when a garbage signature on the right digest was cured meanwhile, and replaces it otherwise", async () => {
    const test = await load();
    const checkpoint = test.checkpoint({ slot: SLOT });
    const signature = malformedSignatures()["a point off the curve"] as TestCheckpoint["submission"]["signature"];
    const [log] = logsIn(await test.land(bonded, [claiming(checkpoint, { signature })]));
    const snapshot = await test.connection.networkHelpers.takeSnapshot();

    const replaced = await succeeds(replace(test, challenger, [log!], [checkpoint], { timeSec: test.time(SLOT, 24) }));
    expect(landedIn(replaced).map(buildLog)[0]?.details.signature).to.deep.equal(checkpoint.submission.signature);
    expect((await test.rollup.bondOf(bonded.address)).amountWei).to.equal(0n);

    await snapshot.restore();
    await test.call(stranger, "cure", [log, test.attest(checkpoint, [0, 1, 2, 3, 4])], {
      timeSec: test.time(SLOT, 24),
    });
    expect(eventsOf(await succeeds(replace(test, challenger, [log!], [checkpoint])))).to.deep.equal([]);
    await expectTip(test, 1, checkpoint);
    await expectBounty(test, stranger, challenger);
  });

  it("refuses a log that never landed while the right one has not", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    const garbage = { ...log, outboxRoot: id("garbage") as Hex };
    await reverts(replace(test, challenger, [garbage], [right], late(test)), "Challenges__LogMismatch", {
      number: 2n,
      expected: (await test.rollup.logHash(2)) as Hex,
      actual: hashLog(buildLogHead(garbage)),
    });
  });

  it("refuses the old log when another bad one stands in its place", async () => {
    const test = await load();
    const { good, log, right } = await begin(test);
    await test.call(stranger, "challenge", [[log]], late(test));
    const other = test.forged({ slot: SLOT + 1, parent: good.tip, salt: "other" });
    await test.land(otherBonded, [other], { timeSec: test.time(SLOT + 2, 13) });
    const { error } = await replace(test, challenger, [log], [right]);
    expect(error?.name).to.equal("Challenges__LogMismatch");
    expect((await test.rollup.bondOf(otherBonded.address)).active).to.equal(true);
  });

  it("still says that a bad one lies under another", async () => {
    const test = await load();
    const { log, right } = await begin(test);
    const parent = { inboxCount: 0, digest: parentDigestOf(log.details.digest) };
    await test.land(otherBonded, [test.forged({ slot: SLOT + 2, parent })]);
    await reverts(replace(test, challenger, [log], [right]), "Challenges__NotTip", { number: 2n, tip: 3n });
  });

  it("refuses nothing to submit, and what stands without a rollback", async () => {
    const test = await load();
    const { log } = await begin(test);
    await reverts(replace(test, challenger, [log], [], late(test)), "Rollup__NothingSubmitted", {});
    const old = test.checkpoint({ slot: SLOT - 1 });
    await reverts(replace(test, challenger, [], [old]), "Rollup__SlotAlreadySubmitted", {
      slot: BigInt(SLOT - 1),
      lastSubmittedSlot: BigInt(SLOT + 1),
    });
  });
});
