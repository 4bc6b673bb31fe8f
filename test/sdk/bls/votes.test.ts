import { expect } from "chai";
import fc from "fast-check";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { decodePublicKey, decodeSignature, encodeSignature } from "../../../sdk/bls/points.ts";
import { sign, verifyAggregate } from "../../../sdk/bls/sign.ts";
import { checkVotes, type SignedVote } from "../../../sdk/bls/votes.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const message: Hex = `0x${"5a".repeat(32)}`;
const otherMessage: Hex = `0x${"a5".repeat(32)}`;

const voters = Array.from({ length: 8 }, (_, index) => {
  const secretKey = secretKeyFromSeed(new Uint8Array(32).fill(index + 1));
  return {
    publicKey: decodePublicKey(publicKeyOf(secretKey)),
    signature: sign(message, secretKey),
    wrong: sign(otherMessage, secretKey),
  };
});

describe("checkVotes", function () {
  this.timeout(30_000);

  it("finds exactly the bad votes and sums exactly the good ones", () => {
    const kinds = fc.array(fc.constantFrom("good", "wrong", "malformed"), { minLength: 1, maxLength: voters.length });
    const property = fc.property(kinds, (choice) => {
      const votes = choice.map((kind, index): SignedVote => {
        const voter = voters[index];
        if (!voter) throw new Error("more choices than voters");
        const signature = kind === "good" ? voter.signature : kind === "wrong" ? voter.wrong : "0x1234";
        return { publicKey: voter.publicKey, signature };
      });
      const positions = (good: boolean): number[] =>
        [...choice.keys()].filter((index) => (choice[index] === "good") === good);

      const result = checkVotes(message, votes);
      expect(result.valid).to.deep.equal(positions(true));
      expect(result.invalid).to.deep.equal(positions(false));
      if (result.valid.length === 0) expect(result.aggregate).to.equal(undefined);
      else {
        const keys = votes.filter((_, index) => choice[index] === "good").map(({ publicKey }) => publicKey);
        expect(verifyAggregate(message, result.aggregate as Hex, keys)).to.equal(true);
      }
    });
    fc.assert(property, { numRuns: 12 });
  });

  it("survives signatures that cancel each other out", () => {
    const [first, second] = voters;
    if (!first || !second) throw new Error("two voters are needed");
    const negated = encodeSignature(decodeSignature(first.signature).negate());
    const result = checkVotes(message, [
      { publicKey: first.publicKey, signature: first.signature },
      { publicKey: second.publicKey, signature: negated },
    ]);
    expect(result).to.deep.equal({ valid: [0], invalid: [1], aggregate: first.signature });
  });

  it("answers for no votes at all", () => {
    expect(checkVotes(message, [])).to.deep.equal({ valid: [], invalid: [], aggregate: undefined });
  });
});
