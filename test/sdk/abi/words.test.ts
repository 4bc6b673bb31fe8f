import { expect } from "chai";
import fc from "fast-check";
import { type PackedWord, packWord, unpackWord } from "../../../sdk/abi/words.ts";

const word: PackedWord<"low" | "middle" | "high"> = {
  slot: `0x${"00".repeat(32)}`,
  fields: { low: { offset: 0, bits: 32 }, middle: { offset: 40, bits: 8 }, high: { offset: 96, bits: 160 } },
};

describe("packWord", () => {
  it("is undone by unpackWord", () => {
    const bits = (count: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** count - 1n });
    const values = fc.record({ low: bits(32n), middle: bits(8n), high: bits(160n) });
    const property = fc.property(values, (value) => {
      expect(unpackWord(word, packWord(word, value))).to.deep.equal(value);
    });
    fc.assert(property);
  });

  it("puts each value at its place", () => {
    const packed = packWord(word, { low: 1n, middle: 0xffn, high: 2n });
    expect(BigInt(packed)).to.equal(1n | (0xffn << 40n) | (2n << 96n));
  });

  it("refuses values beyond their bits", () => {
    expect(() => packWord(word, { low: 2n ** 32n, middle: 0n, high: 0n })).to.throw(RangeError, "low");
    expect(() => packWord(word, { low: 0n, middle: -1n, high: 0n })).to.throw(RangeError, "middle");
  });
});
