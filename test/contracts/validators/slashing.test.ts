import { expect } from "chai";
import { aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import { buildEvidence, buildSlashCalldata, type Evidence, type SignedStatement } from "../../../sdk/build/evidence.ts";
import { SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { getValidator } from "../../../sdk/get/validators.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { bitmap, range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { attests, DIGEST, evidenceOf, OTHER_DIGEST, proposes, type Said, skips } from "../support/evidence.ts";
import { secretKey } from "../support/keys.ts";
import { addressOf, type Mined, mine } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

// Epochs of four slots: what changes in epoch 0 counts from epoch 2 on.
const load = fixtureOf({ validators: 6, config: SHORT_EPOCHS });

const { deployer, challenger, stranger, unbonded } = ACCOUNTS;
const SLOT = 2;

/** Indices that a transaction slashed. */
const slashedIn = (mined: Mined): number[] =>
  eventsOf(mined).flatMap((event) => (event.type === "validator-slashed" ? [event.index] : []));
const leftIn = (mined: Mined): number[] =>
  eventsOf(mined).flatMap((event) => (event.type === "validator-left" ? [event.index] : []));

const slash = (test: TestRollup, evidence: Evidence): Promise<Mined> =>
  test.call(challenger, "slash", [evidence], { timeSec: test.time(SLOT) });
const attempt = (test: TestRollup, evidence: Evidence, timeSec = test.time(SLOT)): Promise<Mined> =>
  test.attempt(challenger, "slash", [evidence], { timeSec });

/** Requires that nobody was slashed and nobody is owed anything. */
async function expectUntouched(test: TestRollup): Promise<void> {
  for (const index of range(6)) expect((await test.rollup.validator(index)).slashed).to.equal(false);
  expect((await test.rollup.validatorSet(2)).count).to.equal(6n);
  expect(await test.rollup.creditOf(challenger.address)).to.equal(0n);
}

describe("slash", () => {
  describe("given two signatures of one validator for one slot", () => {
    const offences: Record<string, [Said, Said]> = {
      "two proposals": [proposes([3]), proposes([3], OTHER_DIGEST)],
      "two attestations": [attests([3]), attests([3], OTHER_DIGEST)],
      "an attestation and a skip vote": [attests([3]), skips([3])],
      "a skip vote and an attestation": [skips([3]), attests([3])],
    };
    for (const [what, [first, second]] of Object.entries(offences)) {
      it(`takes its stake for ${what}`, async () => {
        const test = await load();
        const mined = await slash(test, evidenceOf(test, SLOT, first, second));
        const half = test.config.stakeWei / 2n;
        const [slashed] = eventsOf(mined).filter(({ type }) => type === "validator-slashed");
        expect(slashed).to.include({ index: 3, owner: addressOf(deployer), slot: SLOT, creditedWei: half });
        expect((await test.rollup.validator(3)).slashed).to.equal(true);
        expect(leftIn(mined)).to.deep.equal([3]);
      });
    }

    it("takes what agents sign and gossip, put together by the SDK", async () => {
      const test = await load();
      const place = { chainId: test.chainId, rollup: test.address, slot: SLOT };
      const vote = (kind: "attestation" | "skip", digest: Hex, validatorIndex: number): SignedStatement => {
        const signature = sign(signingMessage(kind, place, digest), secretKey(validatorIndex));
        return { kind, slot: SLOT, digest, validatorIndex, signature };
      };
      const votes = range(5).map((index) => vote("attestation", DIGEST, index));
      const certificate: SignedStatement = {
        kind: "attestation",
        slot: SLOT,
        digest: DIGEST,
        signers: bitmap(range(5)),
        signature: aggregateSignatures(votes.map(({ signature }) => signature)),
      };
      const data = buildSlashCalldata(buildEvidence(certificate, vote("skip", SKIP_DIGEST, 4)));
      await mine(test.connection, { from: challenger, to: test.address, data });
      const ref = { provider: test.connection.ethers.provider, rollup: test.address };
      expect(await getValidator(ref, 4)).to.include({ slashed: true, untilEpoch: 2 });
      expect(await getValidator(ref, 3)).to.include({ slashed: false, untilEpoch: 0 });
    });
  });

  describe("given two aggregates", () => {
    for (const [what, first, second, offenders] of [
      ["who signed both, and nobody else", [0, 1, 2, 3], [2, 3, 4, 5], [2, 3]],
      ["who signed alone what many signed too", range(6), [5], [5]],
      ["all, when all signed both", range(6), range(6), range(6)],
      ["one, where both are of few", [1, 4], [4, 5], [4]],
    ] as const) {
      it(`slashes ${what}`, async () => {
        const test = await load();
        const mined = await slash(test, evidenceOf(test, SLOT, attests(first), attests(second, OTHER_DIGEST)));
        expect(slashedIn(mined)).to.deep.equal(offenders);
      });
    }
  });

  describe("stakes", () => {
    it("go half to the caller, and half to nobody: it stays in the contract", async () => {
      const test = await load();
      const { provider } = test.connection.ethers;
      const held = await provider.getBalance(test.address);
      const mined = await slash(test, evidenceOf(test, SLOT, attests([1, 2]), skips([0, 1, 2])));
      const half = test.config.stakeWei / 2n;
      for (const event of eventsOf(mined)) {
        if (event.type === "validator-slashed") {
          expect([event.burnedWei, event.creditedWei]).to.deep.equal([half, half]);
        }
      }
      expect(await provider.getBalance(test.address)).to.equal(held);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(half * 2n);
      await test.call(challenger, "claim", []);
      expect(await provider.getBalance(test.address)).to.equal(held - half * 2n);
    });

    it("burn the odd wei", async () => {
      const test = await loadOdd();
      const mined = await slash(test, evidenceOf(test, SLOT, attests([0]), skips([0])));
      const [slashed] = eventsOf(mined).filter(({ type }) => type === "validator-slashed");
      expect(slashed).to.include({ burnedWei: 4n, creditedWei: 3n });
    });
  });

  describe("given statements an honest validator may have signed both", () => {
    const refused: Record<string, [Said, Said]> = {
      "one attestation twice": [attests([3]), attests([3])],
      "one proposal twice": [proposes([3]), proposes([3])],
      "a proposal and an attestation": [proposes([3]), attests([3], OTHER_DIGEST)],
      "a proposal and a skip vote": [proposes([3]), skips([3])],
      "two skip votes": [skips([3]), skips([3])],
      "two skip votes of which one names a digest": [skips([3]), { ...skips([3]), digest: DIGEST }],
      "an attestation and a skip vote that names a digest": [attests([3]), { ...skips([3]), digest: DIGEST }],
      "two blocks": [
        { ...proposes([3]), kind: "block" },
        { ...proposes([3], OTHER_DIGEST), kind: "block" },
      ],
      "a block and an attestation": [{ ...proposes([3]), kind: "block" }, attests([3])],
    };
    for (const [what, [first, second]] of Object.entries(refused)) {
      it(`refuses ${what}`, async () => {
        const test = await load();
        const evidence = evidenceOf(test, SLOT, first, second);
        await reverts(attempt(test, evidence), "Slashing__NoContradiction", {
          firstKind: BigInt(evidence.first.kind),
          firstDigest: first.digest,
          secondKind: BigInt(evidence.second.kind),
          secondDigest: second.digest,
        });
        await expectUntouched(test);
      });
    }
  });

  describe("given a validator that was slashed", () => {
    it("is not slashed again, for the same or for another slot", async () => {
      const test = await load();
      const evidence = evidenceOf(test, SLOT, attests([3]), attests([3], OTHER_DIGEST));
      await slash(test, evidence);
      await reverts(attempt(test, evidence), "Slashing__NobodyToSlash", { signers: bitmap([3]) });
      const later = evidenceOf(test, SLOT + 1, proposes([3]), proposes([3], OTHER_DIGEST));
      await reverts(attempt(test, later), "Slashing__NobodyToSlash", { signers: bitmap([3]) });
      expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.stakeWei / 2n);
    });

    it("is passed over when others are slashed with it", async () => {
      const test = await load();
      await slash(test, evidenceOf(test, SLOT, attests([3]), attests([3], OTHER_DIGEST)));
      const mined = await slash(test, evidenceOf(test, SLOT, attests([2, 3, 4]), skips([2, 3, 4])));
      expect(slashedIn(mined)).to.deep.equal([2, 4]);
      expect(await test.rollup.creditOf(challenger.address)).to.equal((test.config.stakeWei / 2n) * 3n);
    });

    it("is a member until it is out, so that its signature still counts", async () => {
      const test = await load();
      await slash(test, evidenceOf(test, SLOT, attests([3]), skips([3])));
      await test.land(unbonded, [test.checkpoint({ slot: 7, signers: [0, 1, 2, 3, 4] })]);
      expect((await test.rollup.tips()).number).to.equal(1n);
      const without = test.checkpoint({ slot: 8, parent: test.checkpoint({ slot: 7 }).tip, signers: [0, 1, 2, 4, 5] });
      await test.land(unbonded, [without]);
    });

    it("cannot register its key again", async () => {
      const test = await load();
      await slash(test, evidenceOf(test, SLOT, attests([3]), skips([3])));
      const again = await test.attempt(stranger, "register", test.registration(3, addressOf(stranger)), {
        valueWei: test.config.stakeWei,
      });
      expect(again.error?.name).to.equal("Validators__KeyAlreadyUsed");
    });
  });

  it("refuses two statements that nobody made both", async () => {
    const test = await load();
    const evidence = evidenceOf(test, SLOT, attests([0, 1, 2]), attests([3, 4, 5], OTHER_DIGEST));
    await reverts(attempt(test, evidence), "Slashing__NobodyToSlash", { signers: 0n });
  });
});

const loadOdd = fixtureOf({ validators: 2, config: { ...SHORT_EPOCHS, stakeWei: 7n } });
