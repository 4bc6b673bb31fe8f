import { expect } from "chai";
import { ACCOUNTS, fixtureOf, logsIn } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { landForgery, SLOT } from "../support/forgery.ts";
import { addressOf } from "../support/l1.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, challenger } = ACCOUNTS;

describe("challenge, cure and replacement, at every gas limit", () => {
  /** Every limit from too little for anything to more than enough. */
  const limits = Array.from({ length: 60 }, (_, index) => 40_000 + index * 9_000);

  it("convicts no good checkpoint at any gas limit", async function () {
    this.timeout(60_000);
    const test = await load();
    const logs = logsIn(await test.land(bonded, [test.checkpoint({ slot: SLOT, signers: range(5) })]));
    const tips = await test.rollup.tips();
    for (const gasLimit of limits) {
      const mined = await test.attempt(challenger, "challenge", [logs], { gasLimit });
      expect(mined.succeeded, `with ${gasLimit} gas`).to.equal(false);
    }
    expect(await test.rollup.tips()).to.deep.equal(tips);
    expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
  });

  it("cures nothing that is good at any gas limit", async function () {
    this.timeout(60_000);
    const test = await load();
    const checkpoint = test.checkpoint({ slot: SLOT, signers: range(5) });
    const [log] = logsIn(await test.land(bonded, [checkpoint]));
    const good = test.attest(checkpoint, range(6));
    for (const gasLimit of limits) {
      const mined = await test.attempt(challenger, "cure", [log, good], { gasLimit });
      expect(mined.succeeded, `with ${gasLimit} gas`).to.equal(false);
    }
    expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
  });

  it("removes a bad one or changes nothing, and says when it had too little", async function () {
    this.timeout(60_000);
    const test = await load();
    const { log } = await landForgery(test);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const seen = new Set<string>();
    for (const gasLimit of limits) {
      await snapshot.restore();
      const mined = await test.attempt(challenger, "challenge", [[log]], { gasLimit });
      const { number } = await test.rollup.tips();
      expect(number, `with ${gasLimit} gas`).to.equal(mined.succeeded ? 1n : 2n);
      seen.add(mined.succeeded ? "removed" : (mined.error?.name ?? "out of gas"));
      if (mined.error?.name === "Bls__NotEnoughGas") {
        expect(mined.error.args.available < mined.error.args.required).to.equal(true);
      }
    }
    expect([...seen]).to.include.members(["removed", "Bls__NotEnoughGas"]);
  });

  it("cures a bad one or changes nothing", async function () {
    this.timeout(60_000);
    const test = await load();
    const [log] = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
    const good = test.attest(test.checkpoint({ slot: SLOT }), range(5));
    const before = await test.rollup.logHash(1);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const seen = new Set<string>();
    for (const gasLimit of limits) {
      await snapshot.restore();
      const mined = await test.attempt(challenger, "cure", [log, good], { gasLimit });
      const { amountWei } = await test.rollup.bondOf(bonded.address);
      expect(amountWei, `with ${gasLimit} gas`).to.equal(mined.succeeded ? 0n : test.config.bondWei);
      expect((await test.rollup.logHash(1)) !== before, `with ${gasLimit} gas`).to.equal(mined.succeeded);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(mined.succeeded ? test.config.bondWei / 2n : 0n);
      seen.add(mined.succeeded ? "cured" : (mined.error?.name ?? "out of gas"));
    }
    expect([...seen]).to.include.members(["cured", "Bls__NotEnoughGas"]);
  });

  it("replaces a bad one, landing the right one, or changes nothing", async function () {
    this.timeout(120_000);
    const test = await load();
    const { good, log } = await landForgery(test);
    const right = test.checkpoint({ slot: SLOT + 1, parent: good.tip });
    const args = [[log], [right.submission], addressOf(challenger), test.time(SLOT + 2)];
    const before = await test.rollup.tips();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const seen = new Set<string>();
    // A transaction with less is not valid: its calldata alone costs more.
    for (const gasLimit of limits.filter((limit) => limit > 47_000)) {
      await snapshot.restore();
      const mined = await test.attempt(otherBonded, "challengeAndSubmit", args, { gasLimit, blobs: right.blobs });
      const { number, digest } = await test.rollup.tips();
      expect(number, `with ${gasLimit} gas`).to.equal(2n);
      const expected = mined.succeeded ? BigInt(right.tip.digest) : before.digest;
      expect(digest, `with ${gasLimit} gas`).to.equal(expected);
      expect((await test.rollup.bondOf(bonded.address)).active, `with ${gasLimit} gas`).to.equal(!mined.succeeded);
      seen.add(mined.succeeded ? "replaced" : (mined.error?.name ?? "out of gas"));
    }
    expect([...seen]).to.include.members(["replaced", "Bls__NotEnoughGas"]);
  });
});
