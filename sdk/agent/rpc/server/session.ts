import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../time/interface.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { RpcOptions } from "../options.ts";
import type { Subscriber } from "../subscriptions.ts";

/** Private use: this subscriber reads slower than it is notified. */
export const CLOSE_TOO_SLOW = 4008;
/** Private use: a notification could not be made, and it must not be missed silently. */
export const CLOSE_INCOMPLETE = 4011;
const CLOSE_UNSUPPORTED_DATA = 1003;
/** A peer that does not answer the close frame is cut off after this. */
const CLOSE_GRACE_MS = 2_000;

/** One WebSocket connection: answers requests, and is notified. */
export class WebSocketSession implements Subscriber {
  readonly #socket: WebSocket;
  readonly #options: RpcOptions;
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  #inWork = 0;
  #answeredPing = true;

  constructor(socket: WebSocket, options: RpcOptions, { dispatcher, clock }: { dispatcher: Dispatcher; clock: Clock }) {
    this.#socket = socket;
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    socket.on("message", (data, isBinary) => void this.#onMessage(data, isBinary));
    socket.on("pong", () => {
      this.#answeredPing = true;
    });
    // A protocol error closes the socket with the fitting code by itself; without a listener it would end the process.
    socket.on("error", () => undefined);
  }

  notify(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#options.maxSubscriberBacklogBytes) {
      this.close(CLOSE_TOO_SLOW, "subscriber too slow: notifications are not read as fast as they come");
      return;
    }
    this.#socket.send(text);
  }

  fail(reason: string): void {
    this.close(CLOSE_INCOMPLETE, reason);
  }

  close(code: number, reason: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const cancel = this.#clock.at(this.#clock.nowMs() + CLOSE_GRACE_MS, () => this.#socket.terminate());
    this.#socket.once("close", cancel);
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Cuts the connection if the ping before this one was not answered. */
  ping(): void {
    if (this.#answeredPing) this.#socket.ping();
    else this.#socket.terminate();
    this.#answeredPing = false;
  }

  async #onMessage(data: RawData, isBinary: boolean): Promise<void> {
    if (isBinary) return this.close(CLOSE_UNSUPPORTED_DATA, "expected JSON-RPC as text");
    this.#inWork++;
    if (this.#inWork >= this.#options.maxRequestsPerWebSocket) this.#socket.pause();
    const answer = await this.#dispatcher.answer(String(data), this);
    this.#inWork--;
    if (this.#socket.isPaused) this.#socket.resume();
    if (answer !== undefined) this.notify(answer);
  }
}
