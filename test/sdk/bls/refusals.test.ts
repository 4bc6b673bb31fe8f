import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { aggregatePublicKeys, aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { BlsError, type BlsErrorCode } from "../../../sdk/bls/error.ts";
import { PublicKeyCache, publicKeyPoint } from "../../../sdk/bls/keyCache.ts";
import { publicKeyOf, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { decodePublicKey, decodeSignature } from "../../../sdk/bls/points.ts";
import { verifyPossession } from "../../../sdk/bls/possession.ts";
import { sign, verify, verifyAggregate } from "../../../sdk/bls/sign.ts";
import { publicKeyFromSolidity, publicKeyToSolidity, signatureFromSolidity } from "../../../sdk/bls/solidity.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import vectors from "../../vectors/bls.json" with { type: "json" };

const message = vectors.message as Hex;
const [first, second] = vectors.validators.map((vector) => ({
  publicKey: vector.publicKey as Hex,
  signature: vector.signature as Hex,
  possession: vector.possession as Hex,
  owner: vector.owner as Hex,
}));
if (!first || !second) throw new Error("the vectors hold at least two validators");

const coordinate = (value: bigint): string => value.toString(16).padStart(96, "0");
const FIELD_MODULUS = coordinate(bls12_381.fields.Fp.ORDER);

function refuses(code: BlsErrorCode, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(BlsError);
    expect((error as BlsError).code).to.equal(code);
    return;
  }
  expect.fail(`expected BlsError ${code}, nothing was thrown`);
}

/** A point of the curve outside the prime-order subgroup, found by trying x = 1, 2, … */
function outsideSubgroup(): Hex {
  const { Fp } = bls12_381.fields;
  for (let x = 1n; ; x++) {
    const squared = Fp.add(Fp.pow(x, 3n), 4n);
    if (Fp.pow(squared, (Fp.ORDER - 1n) / 2n) !== 1n) continue;
    const y = Fp.sqrt(squared);
    if (!bls12_381.G1.Point.fromAffine({ x, y }).isTorsionFree()) return `0x${coordinate(x)}${coordinate(y)}`;
  }
}

describe("BLS points that are refused", () => {
  it("refuses infinity in each of its encodings", () => {
    refuses("infinity", () => decodeSignature(`0x${"00".repeat(96)}`));
    refuses("infinity", () => decodeSignature(`0x40${"00".repeat(95)}`));
    refuses("infinity", () => decodePublicKey(`0x${"00".repeat(192)}`));
    refuses("infinity", () => decodePublicKey(`0x40${"00".repeat(191)}`));
    refuses("infinity", () => signatureFromSolidity([0, 1, 2].map(() => `0x${"00".repeat(32)}`)));
  });

  it("refuses points off the curve", () => {
    refuses("not-on-curve", () => decodeSignature(`${first.signature.slice(0, -2)}00` as Hex));
    refuses("not-on-curve", () => decodePublicKey(`${first.publicKey.slice(0, -2)}00` as Hex));
  });

  it("refuses points outside the subgroup", () => {
    refuses("not-in-subgroup", () => decodeSignature(outsideSubgroup()));
  });

  it("refuses coordinates that are not reduced", () => {
    refuses("bad-encoding", () => decodeSignature(`0x${FIELD_MODULUS}${FIELD_MODULUS}`));
  });

  it("refuses compressed points and other lengths", () => {
    refuses("bad-encoding", () => decodeSignature(`0x8${first.signature.slice(3)}`));
    refuses("bad-length", () => decodeSignature(first.signature.slice(0, 98) as Hex));
    refuses("bad-length", () => decodePublicKey("0x"));
    refuses("bad-encoding", () => decodeSignature(`0x${"zz".repeat(96)}`));
  });

  it("refuses Solidity keys with dirty padding or a missing word", () => {
    const words = publicKeyToSolidity(first.publicKey);
    const dirty = [`0x01${words[0].slice(4)}`, ...words.slice(1)];
    refuses("bad-encoding", () => publicKeyFromSolidity(dirty));
    refuses("bad-length", () => publicKeyFromSolidity(words.slice(1)));
    refuses("bad-encoding", () => publicKeyFromSolidity([...words.slice(1), "0x12"]));
  });

  it("refuses secret keys out of range and short seeds", () => {
    refuses("bad-secret-key", () => publicKeyOf(new Uint8Array(32)));
    refuses("bad-secret-key", () => publicKeyOf(new Uint8Array(32).fill(0xff)));
    refuses("bad-secret-key", () => sign(message, new Uint8Array(31).fill(1)));
    refuses("bad-length", () => secretKeyFromSeed(new Uint8Array(31)));
  });

  it("refuses to sum nothing, or keys and signatures that cancel out", () => {
    const key = decodePublicKey(first.publicKey);
    const signature = decodeSignature(first.signature);
    refuses("empty", () => aggregateSignatures([]));
    refuses("empty", () => aggregatePublicKeys([]));
    refuses("infinity", () => aggregateSignatures([signature, signature.negate()]));
    refuses("infinity", () => aggregatePublicKeys([key, key.negate()]));
    refuses("infinity", () => verifyAggregate(message, first.signature, [key, key.negate()]));
  });

  it("refuses messages that are not 32 bytes", () => {
    refuses("bad-length", () => verify("0x1234", first.signature, first.publicKey));
  });
});

describe("BLS signatures that do not hold", () => {
  const other: Hex = `0x${"12".repeat(32)}`;

  it("answers false for another message, key or domain", () => {
    expect(verify(other, first.signature, first.publicKey)).to.equal(false);
    expect(verify(message, first.signature, second.publicKey)).to.equal(false);
    expect(verify(message, first.signature, first.publicKey, vectors.possessionDomain)).to.equal(false);
  });

  it("answers false for an aggregate of other signers", () => {
    const both = vectors.aggregate.signature as Hex;
    expect(verifyAggregate(message, both, [first.publicKey, second.publicKey])).to.equal(false);
  });

  it("answers false for a possession proof moved to another owner, chain or registry", () => {
    const context = { chainId: BigInt(vectors.chainId), registry: vectors.registry as Hex, owner: first.owner };
    const holds = (change: Partial<typeof context>): boolean =>
      verifyPossession({ ...context, ...change }, first.publicKey, first.possession);
    expect(holds({})).to.equal(true);
    expect(holds({ owner: second.owner })).to.equal(false);
    expect(holds({ chainId: 1n })).to.equal(false);
    expect(holds({ registry: second.owner })).to.equal(false);
  });
});

describe("PublicKeyCache", () => {
  it("gives one point for a key, whoever asks, and none for a bad one however often it is asked for", () => {
    const key = vectors.validators[0]?.publicKey as Hex;
    expect(publicKeyPoint(key)).to.equal(publicKeyPoint(key));
    const bad = `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}` as Hex;
    for (const _ of [1, 2]) expect(() => publicKeyPoint(bad)).to.throw(BlsError);
  });

  it("keeps at most its capacity and drops the key unused for longest", () => {
    const keys = vectors.validators.map(({ publicKey }) => publicKey as Hex);
    const [a, b, c] = keys as [Hex, Hex, Hex];
    const cache = new PublicKeyCache(2);
    const pointA = cache.get(a);
    const pointB = cache.get(b);
    expect(cache.get(a)).to.equal(pointA);
    cache.get(c);
    expect(cache.size).to.equal(2);
    expect(cache.get(a)).to.equal(pointA);
    expect(cache.get(b)).not.to.equal(pointB);
  });
});
