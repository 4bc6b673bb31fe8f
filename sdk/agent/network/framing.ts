import type { Stream } from "@libp2p/interface";

const LENGTH_BYTES = 4;
const CHUNK_BYTES = 65_536;

/** Writes a frame: its length in 4 bytes, big endian, then the bytes; waits where the peer is slower than we are. */
export async function writeFrame(stream: Stream, data: Uint8Array, signal: AbortSignal): Promise<void> {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(data.length);
  const frame = Buffer.concat([length, data]);
  for (let at = 0; at < frame.length; at += CHUNK_BYTES) {
    if (!stream.send(frame.subarray(at, at + CHUNK_BYTES))) await stream.onDrain({ signal });
  }
}

/**
 * Reads one frame. Rejects, with the bytes unread, when it announces more than `maxBytes`, when the stream ends first,
 * or when the signal aborts.
 */
export function readFrame(stream: Stream, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let received = 0;
    let expected: number | undefined;
    const finish = (settle: () => void): void => {
      stream.removeEventListener("message", onMessage);
      stream.removeEventListener("end", onEnd);
      stream.removeEventListener("close", onEnd);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onMessage = ({ data }: { data: { subarray(): Uint8Array } }): void => {
      const chunk = data.subarray();
      chunks.push(chunk);
      received += chunk.length;
      if (expected === undefined && received >= LENGTH_BYTES) {
        expected = LENGTH_BYTES + Buffer.concat(chunks).readUInt32BE();
      }
      if (expected === undefined) return;
      const announced = expected - LENGTH_BYTES;
      if (announced > maxBytes)
        finish(() => reject(new RangeError(`expected at most ${maxBytes} bytes, ${announced} announced`)));
      else if (received > expected) finish(() => reject(new RangeError(`expected ${expected} bytes, got ${received}`)));
      else if (received === expected) finish(() => resolve(Buffer.concat(chunks).subarray(LENGTH_BYTES)));
    };
    const onEnd = (): void => finish(() => reject(new Error(`the stream ended after ${received} bytes`)));
    const onAbort = (): void => finish(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    stream.addEventListener("message", onMessage);
    stream.addEventListener("end", onEnd);
    stream.addEventListener("close", onEnd);
  });
}
