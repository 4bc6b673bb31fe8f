import { expect } from "chai";
import { aggregatePublicKeys, aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { POSSESSION_DST, SIGNATURE_DST } from "../../../sdk/bls/domains.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { encodePublicKey, encodeSignature } from "../../../sdk/bls/points.ts";
import { possessionMessage, provePossession, verifyPossession } from "../../../sdk/bls/possession.ts";
import { hashToCurve, sign, verify, verifyAggregate } from "../../../sdk/bls/sign.ts";
import { publicKeyFromSolidity, publicKeyToSolidity, signatureFromSolidity } from "../../../sdk/bls/solidity.ts";
import { bytesToHex, type Hex, hexToBytes } from "../../../sdk/types/hex.ts";
import vectors from "../../vectors/bls.json" with { type: "json" };

const message = vectors.message as Hex;
const hex = (value: string): Hex => value as Hex;

describe("BLS vectors shared with the contracts", function () {
  this.timeout(30_000);

  it("derives EIP-2333's root key from its published seed", () => {
    const seed =
      "0xc55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04";
    const secretKey = secretKeyFromSeed(hexToBytes(seed));
    expect(BigInt(bytesToHex(secretKey))).to.equal(
      6083874454709270928345386274498605044986640685124978867557563392430687146096n,
    );
  });

  it("uses the vectors' domains", () => {
    expect(SIGNATURE_DST).to.equal(vectors.signatureDomain);
    expect(POSSESSION_DST).to.equal(vectors.possessionDomain);
  });

  it("hashes the message to the vectors' point", () => {
    expect(encodeSignature(hashToCurve(message, SIGNATURE_DST))).to.equal(vectors.messagePoint);
  });

  for (const [index, vector] of vectors.validators.entries()) {
    it(`gives validator ${index} its keys, signature and proof of possession`, () => {
      const secretKey = secretKeyFromSeed(hexToBytes(vector.seed));
      expect(bytesToHex(secretKey)).to.equal(vector.secretKey);
      expect(publicKeyOf(secretKey)).to.equal(vector.publicKey);
      expect(publicKeyToSolidity(hex(vector.publicKey))).to.deep.equal(vector.publicKeyWords);
      expect(publicKeyFromSolidity(vector.publicKeyWords)).to.equal(vector.publicKey);
      expect(sign(message, secretKey)).to.equal(vector.signature);
      expect(signatureFromSolidity(vector.signatureWords)).to.equal(vector.signature);
      expect(verify(message, hex(vector.signature), hex(vector.publicKey))).to.equal(true);

      const context = { chainId: BigInt(vectors.chainId), registry: hex(vectors.registry), owner: hex(vector.owner) };
      expect(possessionMessage(context, hex(vector.publicKey))).to.equal(vector.possessionMessage);
      expect(provePossession(context, secretKey)).to.equal(vector.possession);
      expect(verifyPossession(context, hex(vector.publicKey), hex(vector.possession))).to.equal(true);
    });
  }

  it("adds up to the vectors' aggregate", () => {
    const keys = vectors.validators.map(({ publicKey }) => hex(publicKey));
    const signature = aggregateSignatures(vectors.validators.map((vector) => hex(vector.signature)));
    expect(signature).to.equal(vectors.aggregate.signature);
    expect(encodePublicKey(aggregatePublicKeys(keys))).to.equal(vectors.aggregate.publicKey);
    expect(verifyAggregate(message, signature, keys)).to.equal(true);
  });
});
