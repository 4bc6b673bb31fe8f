import { expect } from "chai";
import { type Contract, getCreateAddress, toUtf8Bytes } from "ethers";
import fc from "fast-check";
import hre from "hardhat";
import { hashToCurve } from "../../../sdk/bls/sign.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { deployHarness } from "../support/harness.ts";

const UINT256 = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });
const UINT96_MAX = (1n << 96n) - 1n;
const RUNS = { numRuns: 60 };

describe("libraries", () => {
  let harness: Contract;
  const call = (name: string, ...args: unknown[]) => harness.getFunction(name).staticCall(...args);
  const indicesOf = (bits: bigint): number[] =>
    Array.from({ length: 256 }, (_, index) => index).filter((index) => (bits >> BigInt(index)) & 1n);

  before(async function () {
    this.timeout(60_000);
    harness = await deployHarness(await hre.network.create());
  });

  describe("Bitmap", () => {
    for (const bits of [0n, 1n, 1n << 255n, (1n << 256n) - 1n, (1n << 256n) - 2n, 0x5555n << 240n]) {
      it(`counts 0x${bits.toString(16).slice(0, 12)}… as its ${indicesOf(bits).length} bits`, async () => {
        expect(await call("count", bits)).to.equal(BigInt(indicesOf(bits).length));
      });
    }

    it("counts, finds the lowest and selects like a naive model", async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(UINT256, fc.nat(255), async (bits, rank) => {
          const indices = indicesOf(bits);
          expect(await call("count", bits)).to.equal(BigInt(indices.length));
          if (indices.length === 0) return;
          expect(await call("lowest", bits)).to.equal(BigInt(indices[0]!));
          const nth = rank % indices.length;
          expect(await call("select", bits, nth)).to.equal(BigInt(indices[nth]!));
        }),
        RUNS,
      );
    });

    it("knows every dense set, the empty and the full one included", async () => {
      for (const size of [0, 1, 48, 255, 256]) expect(await call("dense", size)).to.equal((1n << BigInt(size)) - 1n);
    });
  });

  describe("KeyCode", () => {
    it("finds the address of every creation, at all lengths of the nonce", async () => {
      const from = await harness.getAddress();
      for (const nonce of [1, 2, 127, 128, 255, 256, 65_535, 65_536, 2 ** 24 - 1]) {
        expect(await call("addressOf", nonce)).to.equal(getCreateAddress({ from, nonce }));
      }
    });
  });

  describe("HashToCurve", () => {
    it("is RFC 9380's for any message and tag", async function () {
      this.timeout(60_000);
      const message = fc.uint8Array({ minLength: 32, maxLength: 32 });
      const tag = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 255 });
      await fc.assert(
        fc.asyncProperty(message, tag, async (bytes, domain) => {
          const hex: Hex = `0x${Buffer.from(bytes).toString("hex")}`;
          const point = (await call("hashToCurve", hex, toUtf8Bytes(domain))) as string;
          const { x, y } = hashToCurve(hex, domain).toAffine();
          expect([BigInt(`0x${point.slice(2, 130)}`), BigInt(`0x${point.slice(130)}`)]).to.deep.equal([x, y]);
        }),
        { numRuns: 30 },
      );
    });
  });

  describe("Quote", () => {
    /** From such a fee on, in wei, a quote is as high as one can be. */
    const absurd = (fee: bigint): boolean => fee >> 56n !== 0n;

    it("is the exact cost with its premium, or the most there is, and never reverts", async function () {
      this.timeout(60_000);
      const below = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
      const fee = fc.oneof(below(40), below(56), below(57), UINT256);
      const inputs = fc.tuple(below(32), fee, below(56), below(8), fee, fc.bigInt({ min: 0n, max: 10_000n }));
      await fc.assert(
        fc.asyncProperty(inputs, async ([gas, baseFee, tip, blobs, blobFee, premium]) => {
          const exact = ((gas * (baseFee + tip) + blobs * 131_072n * blobFee) * (10_000n + premium)) / 10_000n;
          const expected = absurd(baseFee) || absurd(blobFee) ? UINT96_MAX : exact;
          expect(await call("price", gas, baseFee, tip, blobs, blobFee, premium)).to.equal(expected);
          expect(expected <= UINT96_MAX).to.equal(true);
        }),
        RUNS,
      );
    });
  });
});
