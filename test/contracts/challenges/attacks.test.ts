import { expect } from "chai";
import { Interface, id } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { buildLog, buildLogHead, buildSettlement, type CheckpointLog, hashLog } from "../../../sdk/build/log.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { claiming, range } from "../support/checkpoints.ts";
import { landForgery, SLOT } from "../support/forgery.ts";
import { deployHider, hidden } from "../support/forwarder.ts";
import { account, addressOf, mine, TIP_WEI } from "../support/l1.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const abi = new Interface(ROLLUP_ABI);
const EPOCH = 32;
/** Another account of whoever owns `bonded`. */
const accomplice = account(7);

/** Arguments that replace a forgery by the checkpoint a quorum signed for its slot. */
function replacement(test: TestRollup, log: CheckpointLog, parent: ReturnType<TestRollup["checkpoint"]>) {
  const right = test.checkpoint({ slot: SLOT + 1, parent: parent.tip });
  return [[log], [right.submission], addressOf(challenger), test.time(SLOT + 2)] as const;
}

describe("attacks on challenges", () => {
  it("front-running a challenge takes its reward, and cannot stop the resubmission that came with it", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(stranger, "challenge", [[log]]);
    const blobs = test.blobs.slice(0, 1);
    const mined = await test.call(challenger, "challengeAndSubmit", replacement(test, log, good), { blobs });
    const [landed] = landedIn(mined);
    expect(landed).to.include({ number: 2, slot: SLOT + 1, late: false, submitter: addressOf(challenger) });
    expect(await test.rollup.creditOf(stranger.address)).to.equal(test.config.bondWei / 2n);
    expect(await test.rollup.creditOf(challenger.address)).to.equal(0n);
  });

  it("challenging oneself costs half the bond, and gas", async () => {
    const test = await load();
    const { provider } = test.connection.ethers;
    const { log } = await landForgery(test);
    const before = (await provider.getBalance(bonded.address)) + (await provider.getBalance(accomplice.address));
    const { gasUsed } = await test.call(accomplice, "challenge", [[log]]);
    const claim = await test.call(accomplice, "claim", []);
    await reverts(test.attempt(bonded, "unbond", []), "Bonds__NoBond", { submitter: addressOf(bonded) });
    const after = (await provider.getBalance(bonded.address)) + (await provider.getBalance(accomplice.address));
    // The refused call's gas comes on top.
    const spentWei = BigInt(gasUsed + claim.gasUsed) * TIP_WEI;
    expect(after <= before + test.config.bondWei / 2n - spentWei).to.equal(true);
  });

  it("a garbage signature on a true digest under a pile of honest checkpoints is cured; none of them falls", async () => {
    const test = await load();
    const signature = malformedSignatures()["a point off the curve"]!;
    const [first, ...pile] = test.chain([SLOT, SLOT + 1, SLOT + 2, SLOT + 3]);
    const [garbage] = logsIn(await test.land(bonded, [claiming(first!, { signature })]));
    const above = (await test.landEach(pile, otherBonded)).map(buildLog);
    const tips = await test.rollup.tips();

    await reverts(test.attempt(challenger, "challenge", [[garbage]]), "Challenges__NotTip", { number: 1n, tip: 4n });
    const all = [...above.reverse(), garbage];
    await reverts(test.attempt(challenger, "challenge", [all]), "Challenges__AttestationValid", { number: 4n });
    expect(await test.rollup.tips()).to.deep.equal(tips);

    await test.call(challenger, "cure", [garbage, test.attest(first!, range(6))]);
    expect(await test.rollup.tips()).to.deep.equal(tips);
    expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
    expect((await test.rollup.bondOf(otherBonded.address)).active).to.equal(true);
  });

  it("one bond behind many forgeries is slashed once; each falls, nothing is paid for any, the right ends", async () => {
    const test = await load();
    const slots = [SLOT, SLOT + 1, SLOT + 2, SLOT + 3];
    const forgeries = test.chain(slots, { signedDigest: id("never signed") as Hex });
    const landed = await test.landEach(forgeries);
    const logs = landed.map(buildLog).reverse();
    const mined = await test.call(challenger, "challenge", [logs]);

    const half = test.config.bondWei / 2n;
    const taken = eventsOf(mined).flatMap((event) =>
      event.type === "bond-slashed" ? [[event.burnedWei, event.creditedWei]] : [],
    );
    expect(taken).to.deep.equal([
      [half, half],
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
    expect((await test.rollup.tips()).number).to.equal(0n);
    expect(await test.rollup.creditOf(challenger.address)).to.equal(half);
    for (const { submission } of landed) expect(await test.rollup.creditOf(submission.header.coinbase)).to.equal(0n);
    // Whoever wants to forge again must be verified, or bond again.
    const again = test.forged({ slot: SLOT + 4 });
    await reverts(test.tryLand(bonded, [again]), "Rollup__AttestationInvalid", {
      slot: BigInt(SLOT + 4),
      digest: again.submission.digest,
    });
  });

  it("naming one forgery twice in a call is paid once", async () => {
    const test = await load();
    const { log } = await landForgery(test);
    await test.call(challenger, "challenge", [[log, log]]);
    expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei / 2n);
    expect((await test.rollup.tips()).number).to.equal(1n);
  });

  it("unbonding right after a forgery leaves the bond where it is until after the challenge window", async () => {
    const test = await load();
    const { log } = await landForgery(test);
    const start = test.time(SLOT + 1);
    await test.call(bonded, "unbond", [], { timeSec: start });
    const early = test.attempt(bonded, "withdrawBond", [], { timeSec: test.time(SLOT + 1 + EPOCH, -1) });
    const releaseAt = BigInt(test.time(SLOT + 1 + EPOCH + 2));
    await reverts(early, "Bonds__NotReleased", {
      submitter: addressOf(bonded),
      releaseAt,
      time: BigInt(test.time(SLOT + 1 + EPOCH, -1)),
    });
    await test.call(challenger, "challenge", [[log]], { timeSec: test.time(SLOT + 1 + EPOCH, -1) });
    expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei / 2n);
    await reverts(test.attempt(bonded, "withdrawBond", [], { timeSec: Number(releaseAt) }), "Bonds__NoBond", {
      submitter: addressOf(bonded),
    });
  });

  it("unbonding first, and forging with what is still there, is not possible: the right ends at once", async () => {
    const test = await load();
    await test.call(bonded, "unbond", [], { timeSec: test.time(SLOT) });
    const forged = test.forged({ slot: SLOT });
    await reverts(test.tryLand(bonded, [forged]), "Rollup__AttestationInvalid", {
      slot: BigInt(SLOT),
      digest: forged.submission.digest,
    });
  });

  it("a forgery landed through a contract that hides its calldata is challenged from its event alone", async () => {
    const test = await load();
    const hider = await deployHider(test);
    const { networkHelpers, ethers } = test.connection;
    const { bondWei } = test.config;
    await networkHelpers.impersonateAccount(hider);
    await networkHelpers.setBalance(hider, bondWei + 10n ** 18n);
    const bonding = {
      from: hider,
      to: test.address,
      value: `0x${bondWei.toString(16)}`,
      data: abi.encodeFunctionData("bond"),
    };
    await ethers.provider.send("eth_sendTransaction", [bonding]);
    expect((await test.rollup.bondOf(hider)).active).to.equal(true);

    const timeSec = test.time(SLOT);
    const { submission, blobs } = test.forged({ slot: SLOT });
    const data = abi.encodeFunctionData("submit", [[submission], addressOf(stranger), timeSec]) as Hex;
    const mined = await mine(test.connection, { from: stranger, to: hider, data: hidden(data), blobs, timeSec });
    expect(mined.data).to.not.include(submission.digest.slice(2));

    const logs = logsIn(mined);
    await test.call(challenger, "challenge", [logs]);
    expect((await test.rollup.tips()).number).to.equal(0n);
    expect(await test.rollup.bondOf(hider)).to.deep.equal([0n, 0n, false]);
    expect(await test.rollup.creditOf(challenger.address)).to.equal(bondWei / 2n);
  });

  it("a challenge cannot choose what becomes the tip: a log with another parent word is not the one that landed", async () => {
    const test = await load();
    const { log } = await landForgery(test);
    const expected = (await test.rollup.logHash(2)) as Hex;
    for (const parent of [0n, log.details.parent ^ 1n, log.details.parent ^ (1n << 96n), 2n ** 256n - 1n]) {
      const given = { ...log, details: { ...log.details, parent } };
      await reverts(test.attempt(challenger, "challenge", [[given]]), "Challenges__LogMismatch", {
        number: 2n,
        expected,
        actual: hashLog(buildLogHead(given)),
      });
    }
    expect((await test.rollup.tips()).number).to.equal(2n);
  });

  it("a log of one that was removed says nothing about what landed under its number afterwards", async () => {
    const test = await load();
    const { good, log } = await landForgery(test);
    await test.call(challenger, "challenge", [[log]]);
    await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1, parent: good.tip })], {
      timeSec: test.time(SLOT + 1, 40),
    });
    await reverts(test.attempt(stranger, "challenge", [[log]]), "Challenges__LogMismatch", {
      number: 2n,
      expected: (await test.rollup.logHash(2)) as Hex,
      actual: hashLog(buildLogHead(log)),
    });
    expect((await test.rollup.bondOf(otherBonded.address)).active).to.equal(true);
  });

  it("of two challengers that race, the first is paid and the second loses its gas, and neither call fails", async () => {
    const test = await load();
    const { log } = await landForgery(test);
    const timeSec = test.time(SLOT + 2);
    const first = await test.call(challenger, "challenge", [[log]], { timeSec });
    const second = await test.call(stranger, "challenge", [[log]], { timeSec });
    expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei / 2n);
    expect(await test.rollup.creditOf(stranger.address)).to.equal(0n);
    // No pairing is done for the loser.
    expect(second.gasUsed).to.be.below(first.gasUsed / 2);
  });

  it("a challenge and a cure that race leave what the first of them made of it", async () => {
    const test = await load();
    const checkpoint = test.checkpoint({ slot: SLOT });
    const [log] = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
    const good = test.attest(checkpoint, range(6));
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    await test.call(challenger, "challenge", [[log]]);
    await test.call(stranger, "cure", [log, good]);
    expect((await test.rollup.tips()).number).to.equal(0n);
    await snapshot.restore();
    await test.call(stranger, "cure", [log, good]);
    const late = await test.attempt(challenger, "challenge", [[log]]);
    expect(late.error?.name).to.equal("Challenges__LogMismatch");
    expect((await test.rollup.tips()).number).to.equal(1n);
  });

  it("to the second, a forgery can be challenged or settled, never both", async () => {
    const test = await load();
    const [log] = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
    const settlement = buildSettlement([log!]);
    const until = test.time(SLOT + EPOCH);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();

    const early = test.attempt(stranger, "settle", settlement, { timeSec: until - 1 });
    await reverts(early, "Settlement__NothingToSettle", { settled: 0n });
    await test.call(challenger, "challenge", [[log]], { timeSec: until - 1 });
    expect((await test.rollup.tips()).number).to.equal(0n);

    await snapshot.restore();
    await reverts(test.attempt(challenger, "challenge", [[log]], { timeSec: until }), "Challenges__WindowOver", {
      number: 1n,
      until: BigInt(until),
      time: BigInt(until),
    });
    await test.call(stranger, "settle", settlement, { timeSec: until });
    expect((await test.rollup.settledTip()).number).to.equal(1n);
  });

  it("a forgery below a verified child stays: the child would have to fail first, and cannot", async () => {
    const test = await load();
    const forged = test.forged({ slot: SLOT });
    const bad = logsIn(await test.land(bonded, [forged]));
    const child = logsIn(await test.land(unbonded, [test.checkpoint({ slot: SLOT + 1, parent: forged.tip })]));
    await reverts(test.attempt(challenger, "challenge", [bad]), "Challenges__NotTip", { number: 1n, tip: 2n });
    await reverts(test.attempt(challenger, "challenge", [[...child, ...bad]]), "Challenges__AlreadyVerified", {
      number: 2n,
    });
    expect((await test.rollup.tips()).number).to.equal(2n);
    // Those that signed the child know its parent, so they have signed that too: the forger still pays.
    const good = test.attest(forged, range(6));
    await test.call(challenger, "cure", [bad[0], good]);
    expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
  });
});
