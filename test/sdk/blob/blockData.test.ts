import { brotliCompressSync } from "node:zlib";
import { encode } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { decodeBlockData, encodeBlockData, MAX_BLOCK_BYTES } from "../../../sdk/blob/blockData.ts";
import { BlobError, type BlobErrorCode } from "../../../sdk/blob/error.ts";
import { bytesToHex, type Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";

const hex = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const safeInteger = fc.nat({ max: Number.MAX_SAFE_INTEGER });

const payload: fc.Arbitrary<ExecutionPayload> = fc.record({
  parentHash: hex(32),
  feeRecipient: hex(20),
  stateRoot: hex(32),
  receiptsRoot: hex(32),
  logsBloom: hex(256),
  prevRandao: hex(32),
  blockNumber: safeInteger,
  gasLimit: uint64,
  gasUsed: uint64,
  timestamp: safeInteger,
  extraData: fc.uint8Array({ maxLength: 32 }).map(bytesToHex),
  baseFeePerGas: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  blockHash: hex(32),
  transactions: fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytesToHex), { maxLength: 5 }),
  withdrawals: fc.array(
    fc.record({ index: safeInteger, validatorIndex: safeInteger, address: hex(20), amountGwei: uint64 }),
    { maxLength: 3 },
  ),
});

function refuses(code: BlobErrorCode, data: Uint8Array): void {
  try {
    decodeBlockData(data);
  } catch (error) {
    expect(error).to.be.instanceOf(BlobError);
    expect((error as BlobError).code, (error as BlobError).message).to.equal(code);
    return;
  }
  expect.fail(`expected BlobError ${code}, nothing was thrown`);
}

const FIXED: Uint8Array[] = [20, 32, 32, 256].map((length) => new Uint8Array(length));
const [ADDRESS, WORD, , BLOOM] = FIXED as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const EMPTY = new Uint8Array(0);

/** A well-formed block's RLP fields, some replaced. */
function fields(change: Record<number, Uint8Array | Uint8Array[] | Uint8Array[][]>): Uint8Array {
  const list: (Uint8Array | Uint8Array[] | Uint8Array[][])[] = [
    EMPTY,
    EMPTY,
    WORD,
    ADDRESS,
    EMPTY,
    EMPTY,
    [],
    [],
    WORD,
    WORD,
    BLOOM,
    EMPTY,
    EMPTY,
    WORD,
    WORD,
  ];
  for (const [index, value] of Object.entries(change)) list[Number(index)] = value;
  return brotliCompressSync(encode(list));
}

describe("block data codec", function () {
  this.timeout(30_000);

  it("reads back what it wrote", () => {
    const property = fc.property(payload, (block) => {
      expect(decodeBlockData(encodeBlockData(block))).to.deep.equal(block);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("reads a block of zeros", () => {
    expect(decodeBlockData(fields({})).blockNumber).to.equal(0);
  });

  it("refuses what is not brotli, and what is not RLP", () => {
    refuses("bad-compression", new Uint8Array([1, 2, 3]));
    refuses("bad-compression", EMPTY);
    refuses("bad-rlp", brotliCompressSync(new Uint8Array([0xf8])));
  });

  it("stops decompressing at its limit", () => {
    refuses("too-large", brotliCompressSync(new Uint8Array(MAX_BLOCK_BYTES + 1)));
  });

  it("refuses other shapes than a block's", () => {
    refuses("bad-rlp", brotliCompressSync(encode(WORD)));
    refuses("bad-rlp", brotliCompressSync(encode([WORD])));
    refuses("bad-rlp", fields({ 0: [WORD] }));
    refuses("bad-rlp", fields({ 2: ADDRESS }));
    refuses("bad-rlp", fields({ 6: WORD }));
    refuses("bad-rlp", fields({ 7: [[WORD]] }));
  });

  it("refuses integers with leading zeros or beyond their range", () => {
    refuses("bad-rlp", fields({ 1: new Uint8Array([0, 1]) }));
    refuses("bad-rlp", fields({ 1: new Uint8Array(8).fill(0xff) }));
    refuses("bad-rlp", fields({ 4: new Uint8Array(9).fill(1) }));
  });

  it("refuses more transactions or withdrawals than a block can hold", () => {
    refuses("too-large", fields({ 6: Array.from({ length: 1_429 }, () => new Uint8Array([1])) }));
    refuses("too-large", fields({ 7: Array.from({ length: 1_025 }, () => [EMPTY, EMPTY, ADDRESS, EMPTY]) }));
  });

  it("refuses or reads any mutation, and never anything else", () => {
    const [block] = fc.sample(payload, 1);
    if (!block) throw new Error("one block was asked for");
    const valid = encodeBlockData(block);
    const property = fc.property(fc.nat(valid.length - 1), fc.nat(255), (position, byte) => {
      const data = valid.slice();
      data[position] = byte;
      try {
        decodeBlockData(data);
      } catch (error) {
        expect(error).to.be.instanceOf(BlobError);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
