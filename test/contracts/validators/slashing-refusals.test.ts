import { expect } from "chai";
import type { SoliditySignature } from "../../../sdk/bls/solidity.ts";
import type { Evidence } from "../../../sdk/build/evidence.ts";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { bitmap, range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { attests, evidenceOf, OTHER_DIGEST, type Said, skips } from "../support/evidence.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6, config: SHORT_EPOCHS });
const loadSmall = fixtureOf({ validators: 6, config: { ...SHORT_EPOCHS, minValidators: 4 } });

const { deployer, challenger, stranger } = ACCOUNTS;
const SLOT = 2;

const FIRST = attests([1, 2, 3]);
const SECOND = attests([2, 3, 4, 5], OTHER_DIGEST);

/** Requires the evidence to be refused because of the signature of one side, and to have slashed nobody. */
async function expectInvalid(test: TestRollup, evidence: Evidence, side: "first" | "second"): Promise<void> {
  const { kind, digest, signers } = evidence[side];
  const attempt = test.attempt(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
  await reverts(attempt, "Slashing__SignatureInvalid", { kind: BigInt(kind), digest, signers });
  for (const index of range(6)) expect((await test.rollup.validator(index)).slashed).to.equal(false);
  expect(await test.rollup.creditOf(challenger.address)).to.equal(0n);
}

describe("slash, given a signature that is not the signers'", () => {
  for (const [what, signature] of Object.entries(malformedSignatures()) as [string, SoliditySignature][]) {
    for (const side of ["first", "second"] as const) {
      it(`convicts nobody for ${what}, as the ${side}`, async () => {
        const test = await load();
        const good = evidenceOf(test, SLOT, FIRST, SECOND);
        await expectInvalid(test, { ...good, [side]: { ...good[side], signature } }, side);
      });
    }
  }

  const lies: Record<string, Partial<Said>> = {
    "one that did not sign is named": { seeds: [2, 3, 4] },
    "one that signed is not named": { seeds: [1, 2, 3, 4, 5] },
    "others signed": { seeds: [0] },
    "it was for another slot": { signedSlot: SLOT + 1 },
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`convicts nobody when ${what}`, async () => {
      const test = await load();
      await expectInvalid(test, evidenceOf(test, SLOT, FIRST, { ...SECOND, ...lie }), "second");
    });
  }

  it("convicts nobody for a proposal passed off as an attestation", async () => {
    const test = await load();
    const proposal = evidenceOf(test, SLOT, { ...FIRST, kind: "proposal" }, SECOND);
    const evidence = { ...proposal, first: { ...proposal.first, kind: 3 } };
    await expectInvalid(test, evidence, "first");
  });

  it("convicts nobody for signatures made for another rollup or chain", async () => {
    const test = await load();
    for (const place of [{ chainId: 1n }, { address: `0x${"11".repeat(20)}` as const }]) {
      const elsewhere = { ...test, ...place } as TestRollup;
      await expectInvalid(test, evidenceOf(elsewhere, SLOT, FIRST, SECOND), "first");
    }
  });
});

describe("slash, at every gas limit", () => {
  it("slashes all or nobody, credits what it took, and never calls a good signature bad", async function () {
    this.timeout(120_000);
    const test = await load();
    await test.connection.networkHelpers.time.increaseTo(test.time(SLOT));
    const evidence = evidenceOf(test, SLOT, attests([1, 2, 3, 4]), skips([2, 3, 4]));
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const seen = new Set<string>();
    for (let gasLimit = 60_000; gasLimit < 620_000; gasLimit += 7_000) {
      await snapshot.restore();
      const mined = await test.attempt(challenger, "slash", [evidence], { gasLimit });
      const slashed = [];
      for (const index of range(6)) if ((await test.rollup.validator(index)).slashed) slashed.push(index);
      const expected = mined.succeeded ? [2, 3, 4] : [];
      expect(slashed, `with ${gasLimit} gas`).to.deep.equal(expected);
      expect((await test.rollup.validatorSet(2)).count).to.equal(BigInt(6 - expected.length));
      const credit = BigInt(expected.length) * (test.config.stakeWei / 2n);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(credit);
      seen.add(mined.succeeded ? "slashed" : (mined.error?.name ?? "out of gas"));
    }
    expect([...seen]).to.have.members(["slashed", "Bls__NotEnoughGas", "out of gas"]);
  });

  it("slashes nobody for a bad signature", async function () {
    this.timeout(120_000);
    const test = await load();
    await test.connection.networkHelpers.time.increaseTo(test.time(SLOT));
    const evidence = evidenceOf(test, SLOT, FIRST, { ...SECOND, seeds: [2, 3, 4] });
    for (let gasLimit = 60_000; gasLimit < 620_000; gasLimit += 7_000) {
      const mined = await test.attempt(challenger, "slash", [evidence], { gasLimit });
      expect(mined.succeeded, `with ${gasLimit} gas`).to.equal(false);
    }
    expect((await test.rollup.validatorSet(2)).count).to.equal(6n);
  });
});

describe("slash, at the minimum", () => {
  it("takes every stake, and ejects as many as the minimum allows", async () => {
    const test = await loadSmall();
    const evidence = evidenceOf(test, SLOT, attests(range(6)), skips(range(6)));
    const mined = await test.call(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
    const told = eventsOf(mined).map((event) => ("index" in event ? [event.type, event.index] : []));
    expect(told).to.deep.equal([
      ...range(6).map((index) => ["validator-slashed", index]),
      ["validator-left", 0],
      ["validator-left", 1],
    ]);
    expect(await test.rollup.creditOf(challenger.address)).to.equal((test.config.stakeWei / 2n) * 6n);
    const [members, count] = await test.rollup.validatorSet(2);
    expect([members, count]).to.deep.equal([bitmap([2, 3, 4, 5]), 4n]);
    expect((await test.rollup.validatorSet(1)).count).to.equal(6n);
  });

  it("counts those that leave already as gone", async () => {
    const test = await loadSmall();
    await test.call(deployer, "exit", [5], { timeSec: test.time(1) });
    const evidence = evidenceOf(test, SLOT, attests([0, 1, 5]), skips([0, 1, 5]));
    await test.call(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
    expect((await test.rollup.validatorSet(2)).members).to.equal(bitmap([1, 2, 3, 4]));
  });

  it("lets anyone make who had to stay leave, once there are others, and nobody an honest one", async () => {
    const test = await loadSmall();
    const evidence = evidenceOf(test, SLOT, attests([0, 1, 2]), skips([0, 1, 2]));
    await test.call(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
    await reverts(test.attempt(stranger, "exit", [2]), "Validators__SetTooSmall", { size: 4n, minimum: 4n });
    await test.register(6);
    await test.call(stranger, "exit", [2]);
    const foreign = await test.attempt(stranger, "exit", [3]);
    expect(foreign.error?.name).to.equal("Validators__NotOwner");
    // The newcomer holds index 6: the indices of those that leave are not free yet.
    expect((await test.rollup.validatorSet(2)).members).to.equal(bitmap([3, 4, 5, 6]));
    const [, , untilEpoch] = await test.rollup.validator(2);
    expect(untilEpoch).to.equal(2n);
  });
});
