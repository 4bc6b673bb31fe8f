import { expect } from "chai";
import { type Contract, toUtf8Bytes } from "ethers";
import hre from "hardhat";
import vectors from "../../vectors/bls.json" with { type: "json" };
import digests from "../../vectors/digest.json" with { type: "json" };
import outbox from "../../vectors/outbox.json" with { type: "json" };
import { deployHarness } from "../support/harness.ts";
import { reverts } from "../support/reverts.ts";

describe("vectors shared with TypeScript", () => {
  const signatureTag = toUtf8Bytes(vectors.signatureDomain);
  const possessionTag = toUtf8Bytes(vectors.possessionDomain);
  let harness: Contract;
  const call = (name: string, ...args: unknown[]) => harness.getFunction(name).staticCall(...args);

  before(async function () {
    this.timeout(60_000);
    harness = await deployHarness(await hre.network.create());
    expect((await harness.getAddress()).toLowerCase()).to.equal(vectors.registry);
  });

  it("agree on the domain tags", async () => {
    expect(await call("tags")).to.deep.equal([vectors.signatureDomain, vectors.possessionDomain]);
  });

  it("agree on hash-to-curve", async () => {
    const point = (await call("hashToCurve", vectors.message, signatureTag)) as string;
    expect(point.slice(34, 130) + point.slice(162)).to.equal(vectors.messagePoint.slice(2));
    expect(point.slice(2, 34) + point.slice(130, 162)).to.equal("0".repeat(64));
  });

  it("agree on what an attester signs", async () => {
    const vector = digests.signingMessages.find(({ kind }) => kind === "attestation");
    expect(await call("attestationMessage", vector!.slot, vector!.digest)).to.equal(vector!.message);
  });

  it("agree on the outbox's leaves, and on the way from each to the root", async () => {
    expect((await harness.getAddress()).toLowerCase()).to.equal(outbox.rollup);
    for (const { index, recipient, amountWei, leaf } of outbox.withdrawals) {
      expect(await call("outboxLeaf", index, recipient, amountWei)).to.equal(leaf);
    }
    for (const { root, proofs } of outbox.trees) {
      for (const { index, siblings } of proofs) {
        expect(await call("outboxRoot", outbox.withdrawals[index]?.leaf, index, siblings)).to.equal(root);
      }
    }
  });

  it("agree on what proves possession", async () => {
    for (const { owner, publicKeyHash, possessionMessage } of vectors.validators) {
      expect(await call("possessionMessage", owner, publicKeyHash)).to.equal(possessionMessage);
    }
  });

  it("verify signatures and proofs, each under its own tag only", async () => {
    for (const { publicKeyWords, signatureWords, possessionMessage, possessionWords } of vectors.validators) {
      expect(await call("verify", signatureWords, publicKeyWords, vectors.message, signatureTag)).to.equal(true);
      expect(await call("verify", signatureWords, publicKeyWords, vectors.message, possessionTag)).to.equal(false);
      expect(await call("verify", possessionWords, publicKeyWords, possessionMessage, possessionTag)).to.equal(true);
      expect(await call("verify", possessionWords, publicKeyWords, possessionMessage, signatureTag)).to.equal(false);
    }
  });

  it("prove no good signature invalid, and every other one", async () => {
    const [one, two] = vectors.validators;
    const proven = (signature: unknown, key: unknown) =>
      call("isProvenInvalid", signature, key, vectors.message, signatureTag);
    expect(await proven(one!.signatureWords, one!.publicKeyWords)).to.equal(false);
    expect(await proven(two!.signatureWords, one!.publicKeyWords)).to.equal(true);
    expect(await proven(one!.possessionWords, one!.publicKeyWords)).to.equal(true);
  });

  it("agree on aggregates: of keys by addition, of signatures by their check", async () => {
    const [first, ...others] = vectors.validators.map(({ publicKeyWords }) => publicKeyWords);
    let sum = first;
    for (const key of others) sum = [...(await call("addKeys", sum, key))];
    expect(sum).to.deep.equal(vectors.aggregate.publicKeyWords);
    const { signatureWords, publicKeyWords } = vectors.aggregate;
    expect(await call("verify", signatureWords, publicKeyWords, vectors.message, signatureTag)).to.equal(true);
  });

  it("subtract a key by adding its negation", async () => {
    const [first, second] = vectors.validators.map(({ publicKeyWords }) => publicKeyWords);
    const negated = [...(await call("negateKey", second))];
    const sum = [...(await call("addKeys", first, second))];
    expect(await call("addKeys", sum, negated)).to.deep.equal(first);
    expect(await call("negateKey", negated)).to.deep.equal(second);
  });

  it("refuse to work on an L1 without the precompiles", async () => {
    const connection = await hre.network.create({ network: "default", override: { hardfork: "cancun" } });
    const bare = await deployHarness(connection);
    const [{ signatureWords, publicKeyWords } = { signatureWords: [], publicKeyWords: [] }] = vectors.validators;
    const args = [signatureWords, publicKeyWords, vectors.message, signatureTag];
    await reverts(bare.getFunction("verify").staticCall(...args), "HashToCurve__PrecompileFailed", {});
    await reverts(bare.getFunction("isProvenInvalid").staticCall(...args), "HashToCurve__PrecompileFailed", {});
    await reverts(bare.getFunction("addKeys").staticCall(publicKeyWords, publicKeyWords), "Bls__KeyNotOnCurve", {});
  });
});
