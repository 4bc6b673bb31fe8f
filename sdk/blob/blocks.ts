import { BlobError } from "./error.ts";
import {
  BLOB_BYTES,
  BLOB_PAYLOAD_BYTES,
  blobsNeeded,
  ELEMENT_BYTES,
  ELEMENT_PAYLOAD_BYTES,
  LENGTH_PREFIX_BYTES,
  paddedBytes,
} from "./layout.ts";

/**
 * Writes a checkpoint's blocks into as few blobs as hold them.
 *
 * Each block starts at a field-element boundary, so that appending one changes no element before it and a commitment
 * can be kept incrementally.
 * @param blockDatas Each block's data, in order, as gossiped.
 * @throws BlobError "no-block" for none or an empty one (a zero length ends the payload), "too-large" beyond `maxBlobs`.
 */
export function encodeBlocks(blockDatas: readonly Uint8Array[], maxBlobs: number): Uint8Array[] {
  if (blockDatas.length === 0) throw new BlobError("no-block", "a checkpoint has at least one block, got none");
  const count = blobsNeeded(blockDatas.map(({ length }) => length));
  if (count > maxBlobs)
    throw new BlobError("too-large", `the blocks need ${count} blobs, at most ${maxBlobs} are allowed`);

  const blobs = Array.from({ length: count }, () => new Uint8Array(BLOB_BYTES));
  let offset = 0;
  for (const [index, data] of blockDatas.entries()) {
    if (data.length === 0) throw new BlobError("no-block", `block ${index} has no data`);
    writePayload(blobs, offset, withLength(data));
    offset += paddedBytes(data.length);
  }
  return blobs;
}

/**
 * Reads the blocks' data back; the exact inverse, so one checkpoint has one encoding and nothing can hide in padding.
 * @param blobs A checkpoint's blobs, in order.
 * @param maxBlocks Blocks a checkpoint can have at most; bounds what malformed data can make us allocate.
 * @throws BlobError naming the first byte that is wrong.
 */
export function decodeBlocks(blobs: readonly Uint8Array[], maxBlocks: number): Uint8Array[] {
  const payload = readPayload(blobs);
  const view = new DataView(payload.buffer);
  const blocks: Uint8Array[] = [];
  let offset = 0;
  while (offset < payload.length) {
    const length = view.getUint32(offset);
    if (length === 0) break;
    const end = offset + LENGTH_PREFIX_BYTES + length;
    if (end > payload.length) {
      throw new BlobError(
        "bad-length-prefix",
        `block ${blocks.length} claims ${length} bytes at ${offset} of ${payload.length}`,
      );
    }
    if (blocks.length === maxBlocks)
      throw new BlobError("too-large", `more than ${maxBlocks} blocks in one checkpoint`);
    blocks.push(payload.slice(offset + LENGTH_PREFIX_BYTES, end));
    offset += paddedBytes(length);
    requireZeros(payload, end, offset);
  }
  if (blocks.length === 0)
    throw new BlobError("no-block", "a checkpoint has at least one block, the payload holds none");
  requireZeros(payload, offset, payload.length);
  const needed = blobsNeeded(blocks.map(({ length }) => length));
  if (needed !== blobs.length)
    throw new BlobError("bad-padding", `the blocks need ${needed} blobs, got ${blobs.length}`);
  return blocks;
}

function withLength(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(LENGTH_PREFIX_BYTES + data.length);
  new DataView(record.buffer).setUint32(0, data.length);
  record.set(data, LENGTH_PREFIX_BYTES);
  return record;
}

/** @param offset Payload offset, at a field-element boundary. */
function writePayload(blobs: readonly Uint8Array[], offset: number, record: Uint8Array): void {
  for (let done = 0; done < record.length; done += ELEMENT_PAYLOAD_BYTES) {
    const position = offset + done;
    const blob = blobs[Math.floor(position / BLOB_PAYLOAD_BYTES)];
    const element = (position % BLOB_PAYLOAD_BYTES) / ELEMENT_PAYLOAD_BYTES;
    blob?.set(record.subarray(done, done + ELEMENT_PAYLOAD_BYTES), element * ELEMENT_BYTES + 1);
  }
}

function readPayload(blobs: readonly Uint8Array[]): Uint8Array {
  const payload = new Uint8Array(blobs.length * BLOB_PAYLOAD_BYTES);
  let offset = 0;
  for (const [index, blob] of blobs.entries()) {
    if (blob.length !== BLOB_BYTES) {
      throw new BlobError("bad-blob-length", `blob ${index}: expected ${BLOB_BYTES} bytes, got ${blob.length}`);
    }
    for (let element = 0; element < BLOB_BYTES; element += ELEMENT_BYTES) {
      if (blob[element] !== 0) {
        throw new BlobError(
          "bad-field-element",
          `blob ${index}: expected a zero byte at ${element}, got ${blob[element]}`,
        );
      }
      payload.set(blob.subarray(element + 1, element + ELEMENT_BYTES), offset);
      offset += ELEMENT_PAYLOAD_BYTES;
    }
  }
  return payload;
}

function requireZeros(payload: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (payload[i] !== 0)
      throw new BlobError("bad-padding", `expected zeros from payload byte ${from}, got ${payload[i]} at ${i}`);
  }
}
