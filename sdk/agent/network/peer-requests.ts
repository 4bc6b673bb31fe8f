import type { Connection, Stream } from "@libp2p/interface";
import type { Clock } from "../time/interface.ts";
import { deadline } from "./deadline.ts";
import { readFrame, writeFrame } from "./framing.ts";
import { MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES, REQUEST_HANDLER_TIMEOUT_MS } from "./options.ts";
import type { Reply, RequestServer } from "./request-server.ts";

/** First byte of an answer. */
const STATUS = { answer: 1, none: 2, refused: 3 } as const;

/** Streams of one request protocol a peer may hold open. */
export const MAX_REQUEST_STREAMS = 8;

/** One request over one stream of `connection`. Rejects when there is no well-formed answer in time. */
export async function ask(
  connection: Connection,
  protocol: string,
  request: Uint8Array,
  { clock, timeoutMs }: { clock: Clock; timeoutMs: number },
): Promise<Reply> {
  const { signal, cancel } = deadline(clock, timeoutMs, "request");
  let stream: Stream | undefined;
  try {
    stream = await connection.newStream(protocol, { signal, maxOutboundStreams: 4 * MAX_REQUEST_STREAMS });
    const reading = readFrame(stream, MAX_RESPONSE_BYTES + 1, signal);
    await Promise.all([writeFrame(stream, request, signal), reading]);
    const reply = decodeReply(await reading);
    await stream.close({ signal });
    return reply;
  } catch (error) {
    stream?.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    cancel();
  }
}

/** Reads one request from `stream` and writes its answer. Never throws. */
export async function serve(
  stream: Stream,
  connection: Connection,
  protocol: string,
  { clock, server }: { clock: Clock; server: RequestServer },
): Promise<void> {
  const { signal, cancel } = deadline(clock, 2 * REQUEST_HANDLER_TIMEOUT_MS, "answer");
  try {
    // One byte more than is allowed is read, so that the server can count and refuse it.
    const request = await readFrame(stream, MAX_REQUEST_BYTES + 1, signal);
    const reply = await server.answer(protocol, request, connection.remotePeer.toString());
    await writeFrame(stream, encodeReply(reply), signal);
    await stream.close({ signal });
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
  } finally {
    cancel();
  }
}

function encodeReply(reply: Reply): Uint8Array {
  const data = reply.status === "answer" ? reply.data : new Uint8Array(0);
  return Buffer.concat([Uint8Array.of(STATUS[reply.status]), data]);
}

function decodeReply(bytes: Uint8Array): Reply {
  const [status] = bytes;
  if (status === STATUS.answer) return { status: "answer", data: bytes.subarray(1) };
  if (status === STATUS.none || status === STATUS.refused) {
    return { status: status === STATUS.none ? "none" : "refused" };
  }
  throw new Error(`expected an answer's status, got ${status}`);
}
