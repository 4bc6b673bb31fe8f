import type { Connection, Stream } from "@libp2p/interface";
import type { Clock } from "../time/interface.ts";
import type { NetworkCounters } from "./counters.ts";
import { deadline } from "./deadline.ts";
import { readFrame, writeFrame } from "./framing.ts";
import { assertSameNetwork, decodeHello, encodeHello, type Hello, MAX_HELLO_BYTES } from "./handshake.ts";
import { NetworkError, type NetworkLog } from "./options.ts";

/** The one protocol whose name does not depend on the constants: it has to reach those who hold others. */
export const HANDSHAKE_PROTOCOL = "/baton/handshake/1";

const HANDSHAKE_TIMEOUT_MS = 5_000;

/** The side that was dialled closes this much later: the other one shall have read our hello, and closes itself. */
const REFUSAL_GRACE_MS = 1_000;

export interface HandshakerDependencies {
  clock: Clock;
  counters: NetworkCounters;
  log: NetworkLog;
  /** Both sides agreed to talk. */
  onAgreed: (peer: string) => void;
}

interface Pending {
  agreed: Promise<void>;
  settle: (error: Error | undefined) => void;
  /** Takes back the closing of a refused connection. */
  cancelClose: () => void;
}

/** Has every new connection begin with an exchange of hellos, and ends those that differ or say nothing. */
export class Handshaker {
  readonly #hello: Hello;
  readonly #dependencies: HandshakerDependencies;
  readonly #pending = new Map<string, Pending>();

  constructor(hello: Hello, dependencies: HandshakerDependencies) {
    this.#hello = hello;
    this.#dependencies = dependencies;
  }

  /** To be told of every new connection. The side that dialled speaks first. */
  onOpen(connection: Connection): void {
    const pending = this.#begin(connection);
    if (connection.direction === "outbound") void this.#initiate(connection).then(pending.settle);
  }

  /** To be told of every connection that has gone. */
  onClose(connection: Connection): void {
    const pending = this.#pending.get(connection.id);
    this.#pending.delete(connection.id);
    pending?.settle(new NetworkError("handshake-failed", "the connection closed"));
    pending?.cancelClose();
  }

  /** Resolves once both sides of a connection agreed; rejects with NetworkError. */
  agreed(connection: Connection): Promise<void> {
    const pending = this.#pending.get(connection.id);
    return pending?.agreed ?? Promise.reject(new NetworkError("handshake-failed", "the connection closed"));
  }

  /** Answers the handshake of a peer that dialled us. */
  async respond(stream: Stream, connection: Connection): Promise<void> {
    const error = await this.#exchange(stream, connection, async (signal) => {
      const theirs = await readFrame(stream, MAX_HELLO_BYTES, signal);
      // Ours goes out before theirs is judged: a peer that differs shall see in what.
      await writeFrame(stream, encodeHello(this.#hello), signal);
      return theirs;
    });
    this.#pending.get(connection.id)?.settle(error);
    await stream.close().catch(() => undefined);
  }

  async #initiate(connection: Connection): Promise<Error | undefined> {
    let stream: Stream;
    try {
      stream = await connection.newStream(HANDSHAKE_PROTOCOL);
    } catch (error) {
      return new NetworkError("handshake-failed", `peer ${connection.remotePeer} takes no handshake: ${String(error)}`);
    }
    const error = await this.#exchange(stream, connection, async (signal) => {
      const reading = readFrame(stream, MAX_HELLO_BYTES, signal);
      await Promise.all([writeFrame(stream, encodeHello(this.#hello), signal), reading]);
      return reading;
    });
    stream.close().catch(() => undefined);
    return error;
  }

  async #exchange(
    stream: Stream,
    connection: Connection,
    talk: (signal: AbortSignal) => Promise<Uint8Array>,
  ): Promise<Error | undefined> {
    const { signal, cancel } = deadline(this.#dependencies.clock, HANDSHAKE_TIMEOUT_MS, "handshake");
    try {
      assertSameNetwork(this.#hello, decodeHello(await talk(signal)), connection.remotePeer.toString());
      return undefined;
    } catch (error) {
      if (signal.aborted) stream.abort(signal.reason);
      return error instanceof NetworkError ? error : new NetworkError("handshake-failed", String(error));
    } finally {
      cancel();
    }
  }

  #begin(connection: Connection): Pending {
    const { promise: agreed, resolve, reject } = Promise.withResolvers<void>();
    const { clock } = this.#dependencies;
    const cancel = clock.at(clock.nowMs() + 2 * HANDSHAKE_TIMEOUT_MS, () =>
      settle(new NetworkError("handshake-failed", `peer ${connection.remotePeer} began no handshake`)),
    );
    let settled = false;
    const settle = (error: Error | undefined): void => {
      if (settled) return;
      settled = true;
      cancel();
      if (error === undefined) {
        this.#dependencies.onAgreed(connection.remotePeer.toString());
        resolve();
      } else {
        this.#refuse(connection, error);
        reject(error);
      }
    };
    // Nobody may be waiting for an inbound connection.
    agreed.catch(() => undefined);
    const pending: Pending = { agreed, settle, cancelClose: () => undefined };
    this.#pending.set(connection.id, pending);
    return pending;
  }

  #refuse(connection: Connection, error: Error): void {
    const { clock, counters, log } = this.#dependencies;
    const isMismatch = error instanceof NetworkError && error.code === "handshake-mismatch";
    if (!isMismatch && connection.status !== "open") return;
    if (isMismatch) counters.handshakesRefused++;
    log.warn({ peer: connection.remotePeer.toString(), reason: error.message }, "peer refused");
    const graceMs = connection.direction === "inbound" ? REFUSAL_GRACE_MS : 0;
    const pending = this.#pending.get(connection.id);
    const cancel = clock.at(clock.nowMs() + graceMs, () => connection.close().catch(() => connection.abort(error)));
    if (pending !== undefined) pending.cancelClose = cancel;
  }
}
