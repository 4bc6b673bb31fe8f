import { expect } from "chai";
import { Interface, id } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { BlsError } from "../../../sdk/bls/error.ts";
import { splitSignature } from "../../../sdk/bls/solidity.ts";
import { BuildError, type BuildErrorCode } from "../../../sdk/build/error.ts";
import { buildEvidence, buildSlashCalldata, type SignedStatement } from "../../../sdk/build/evidence.ts";
import { SKIP_DIGEST } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import bls from "../../vectors/bls.json" with { type: "json" };

const signature = bls.aggregate.signature as Hex;
const one = id("one") as Hex;
const other = id("other") as Hex;

const vote: SignedStatement = { kind: "attestation", slot: 7, digest: one, validatorIndex: 2, signature };
const skip: SignedStatement = { kind: "skip", slot: 7, digest: SKIP_DIGEST, signers: 0b1100n, signature };
const proposal: SignedStatement = { kind: "proposal", slot: 7, digest: one, validatorIndex: 2, signature };

function refuses(code: BuildErrorCode, first: SignedStatement, second: SignedStatement): void {
  expect(() => buildEvidence(first, second))
    .to.throw(BuildError)
    .with.property("code", code);
}

describe("buildEvidence", () => {
  it("takes a vote and a certificate, with the kinds' numbers and the signers' bits", () => {
    const words = splitSignature(signature);
    expect(buildEvidence(vote, skip)).to.deep.equal({
      slot: 7,
      first: { kind: 3, digest: one, signers: 0b100n, signature: words },
      second: { kind: 4, digest: SKIP_DIGEST, signers: 0b1100n, signature: words },
    });
  });

  it("takes two proposals and two attestations of different digests, and a skip vote first", () => {
    expect(buildEvidence(proposal, { ...proposal, digest: other }).second.digest).to.equal(other);
    expect(buildEvidence(vote, { ...vote, digest: other }).second.digest).to.equal(other);
    expect(buildEvidence(skip, vote).first.kind).to.equal(4);
  });

  it("refuses what an honest validator may sign", () => {
    refuses("no-contradiction", vote, vote);
    refuses("no-contradiction", skip, skip);
    refuses("no-contradiction", proposal, { ...vote, digest: other });
    refuses("no-contradiction", proposal, skip);
    refuses("no-contradiction", vote, { ...skip, digest: other });
    refuses("no-contradiction", vote, { ...vote, digest: other, slot: 8 });
  });

  it("refuses statements that nobody made both", () => {
    refuses("no-offender", { ...vote, validatorIndex: 1 }, skip);
  });

  it("refuses a signature that is no point", () => {
    expect(() => buildEvidence({ ...vote, signature: `0x${"ff".repeat(96)}` }, skip)).to.throw(BlsError);
  });

  it("becomes the calldata of slash", () => {
    const [evidence] = new Interface(ROLLUP_ABI).decodeFunctionData(
      "slash",
      buildSlashCalldata(buildEvidence(vote, skip)),
    );
    expect(evidence.slot).to.equal(7n);
    expect([evidence.first.kind, evidence.first.signers]).to.deep.equal([3n, 0b100n]);
    expect([evidence.second.kind, evidence.second.signers]).to.deep.equal([4n, 0b1100n]);
  });
});
