import { expect } from "chai";
import fc from "fast-check";
import { decodeBlocks, encodeBlocks } from "../../../sdk/blob/blocks.ts";
import { BlobError, type BlobErrorCode } from "../../../sdk/blob/error.ts";
import { BLOB_BYTES, BLOB_PAYLOAD_BYTES, blobsNeeded, remainingCapacity } from "../../../sdk/blob/layout.ts";

const MAX_BLOBS = 3;
const MAX_BLOCKS = 64;

const block = fc.oneof(
  { weight: 5, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 60_000 }).map((length) => new Uint8Array(length).fill(length % 256)),
  },
);
const checkpoint = fc.array(block, { minLength: 1, maxLength: 6 });

function refuses(code: BlobErrorCode, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(BlobError);
    expect((error as BlobError).code).to.equal(code);
    return;
  }
  expect.fail(`expected BlobError ${code}, nothing was thrown`);
}

/** One blob whose payload starts with these bytes. */
function blobOf(...payload: number[]): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES);
  for (const [index, byte] of payload.entries()) blob[Math.floor(index / 31) * 32 + 1 + (index % 31)] = byte;
  return blob;
}

describe("blob codec", function () {
  this.timeout(30_000);

  it("reads back what it wrote, in as few blobs as announced", () => {
    const property = fc.property(checkpoint, (blocks) => {
      const blobs = encodeBlocks(blocks, MAX_BLOBS);
      expect(blobs.length).to.equal(blobsNeeded(blocks.map(({ length }) => length)));
      expect(decodeBlocks(blobs, MAX_BLOCKS)).to.deep.equal(blocks);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it("writes only field elements below the modulus: every 32nd byte is zero", () => {
    const [blob] = encodeBlocks([new Uint8Array(BLOB_PAYLOAD_BYTES - 4).fill(0xff)], 1);
    expect(blob?.filter((_, index) => index % 32 === 0).every((byte) => byte === 0)).to.equal(true);
  });

  it("leaves earlier field elements alone when a block is appended", () => {
    const first = new Uint8Array(100).fill(1);
    const [alone] = encodeBlocks([first], 1);
    const [both] = encodeBlocks([first, new Uint8Array(50).fill(2)], 1);
    const elements = Math.ceil(104 / 31) * 32;
    expect(both?.subarray(0, elements)).to.deep.equal(alone?.subarray(0, elements));
  });

  it("fits exactly what remainingCapacity promises, and not one byte more", () => {
    const property = fc.property(checkpoint, (blocks) => {
      const lengths = blocks.map(({ length }) => length);
      const room = remainingCapacity(lengths, MAX_BLOBS);
      if (room > 0) expect(blobsNeeded([...lengths, room])).to.be.at.most(MAX_BLOBS);
      expect(blobsNeeded([...lengths, room + 1])).to.be.greaterThan(MAX_BLOBS);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("offers no room when full", () => {
    expect(remainingCapacity([BLOB_PAYLOAD_BYTES - 4], 1)).to.equal(0);
  });

  it("refuses to write nothing, an empty block, or more than the blobs hold", () => {
    refuses("no-block", () => encodeBlocks([], MAX_BLOBS));
    refuses("no-block", () => encodeBlocks([new Uint8Array(0)], MAX_BLOBS));
    refuses("too-large", () => encodeBlocks([new Uint8Array(BLOB_PAYLOAD_BYTES - 3)], 1));
  });
});

describe("blob codec, malformed blobs", function () {
  this.timeout(30_000);

  it("refuses blobs of another length and elements that start with a bit set", () => {
    refuses("bad-blob-length", () => decodeBlocks([new Uint8Array(BLOB_BYTES - 1)], MAX_BLOCKS));
    const blob = blobOf(0, 0, 0, 1, 9);
    blob[64] = 1;
    refuses("bad-field-element", () => decodeBlocks([blob], MAX_BLOCKS));
  });

  it("refuses a length beyond the payload", () => {
    refuses("bad-length-prefix", () => decodeBlocks([blobOf(0xff, 0xff, 0xff, 0xff)], MAX_BLOCKS));
  });

  it("refuses bytes in the padding of a block and after the last one", () => {
    refuses("bad-padding", () => decodeBlocks([blobOf(0, 0, 0, 1, 9, 9)], MAX_BLOCKS));
    const trailing = blobOf(0, 0, 0, 1, 9);
    trailing[BLOB_BYTES - 1] = 1;
    refuses("bad-padding", () => decodeBlocks([trailing], MAX_BLOCKS));
  });

  it("refuses a blob more than needed, none at all, and an empty payload", () => {
    refuses("bad-padding", () => decodeBlocks([blobOf(0, 0, 0, 1, 9), blobOf()], MAX_BLOCKS));
    refuses("no-block", () => decodeBlocks([], MAX_BLOCKS));
    refuses("no-block", () => decodeBlocks([blobOf()], MAX_BLOCKS));
  });

  it("stops at the most blocks a checkpoint can have", () => {
    const blocks = Array.from({ length: 5 }, () => new Uint8Array([1]));
    refuses("too-large", () => decodeBlocks(encodeBlocks(blocks, 1), 4));
    expect(decodeBlocks(encodeBlocks(blocks, 1), 5)).to.have.length(5);
  });

  it("refuses or reads any mutation, and never anything else", () => {
    const [valid] = encodeBlocks([new Uint8Array(40).fill(3), new Uint8Array(70).fill(4)], 1);
    if (!valid) throw new Error("one blob was asked for");
    const property = fc.property(fc.nat(200), fc.nat(255), (position, byte) => {
      const blob = valid.slice();
      blob[position] = byte;
      try {
        const blocks = decodeBlocks([blob], MAX_BLOCKS);
        expect(encodeBlocks(blocks, 1)).to.deep.equal([blob]);
      } catch (error) {
        expect(error).to.be.instanceOf(BlobError);
      }
    });
    fc.assert(property, { numRuns: 150 });
  });
});
