import { createServer, type Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { FeedEvent, FlashblockFeed } from "../builder/feed.ts";
import type { Flashblock } from "../builder/interface.ts";
import type { Clock } from "../time/interface.ts";
import { frameOf, type ReorgFrame, reorgOf } from "./frame.ts";

export interface StreamOptions {
  host: string;
  /** 0 for any that is free. */
  port: number;
  maxSubscribers: number;
  /** Unsent bytes after which a subscriber is closed as too slow. */
  maxBacklogBytes: number;
  /** One that has not answered the ping before is cut off at the next. */
  pingMs: number;
}

/** A subscriber that lags by two blocks of a megabyte each is not coming back. */
export const DEFAULT_STREAM_OPTIONS: Omit<StreamOptions, "host" | "port"> = {
  maxSubscribers: 256,
  maxBacklogBytes: 4 * 1024 * 1024,
  pingMs: 10_000,
};

export interface StreamParts {
  feed: FlashblockFeed;
  /** Tells of blocks that left the chain, until the returned function is called. */
  onReorg: (listener: (reorg: ReorgFrame) => void) => () => void;
  clock: Clock;
}

/** Why the stream cannot start. */
export class StreamError extends Error {
  readonly code: "listen-failed";
  constructor(message: string) {
    super(message);
    this.name = "StreamError";
    this.code = "listen-failed";
  }
}

/** Private use: this subscriber reads slower than blocks are built. */
export const CLOSE_TOO_SLOW = 4008;
const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;
/** A closed subscriber that does not answer is cut off after this. */
const CLOSE_GRACE_MS = 2_000;
/** A subscriber says nothing but pings. */
const MAX_MESSAGE_BYTES = 1_024;
/** Asks for frames that tell of reorgs, which clients of other streams do not know. */
const WITH_REORGS = "reorgs";

interface Subscriber {
  socket: WebSocket;
  withReorgs: boolean;
  answeredPing: boolean;
}

/**
 * The flashblock stream: one JSON text frame for each part of a block. Whoever comes in the middle of a block gets it
 * from its beginning; whoever lags is closed with a code, and never misses a frame in silence.
 */
export class FlashblockStream {
  readonly #options: StreamOptions;
  readonly #parts: StreamParts;
  readonly #http: Server;
  readonly #server: WebSocketServer;
  readonly #subscribers = new Set<Subscriber>();
  readonly #unsubscribe: (() => void)[];
  /** The current block's frames as they were sent. */
  #sent: { payloadId: string; texts: string[] } = { payloadId: "", texts: [] };
  #cancelPing: (() => void) | undefined;
  #lagged = 0;

  private constructor(options: StreamOptions, parts: StreamParts, http: Server) {
    this.#options = options;
    this.#parts = parts;
    this.#http = http;
    this.#server = new WebSocketServer({ server: http, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
    this.#server.on("connection", (socket, request) => this.#open(socket, request.url ?? "/"));
    this.#unsubscribe = [
      parts.feed.on("wire", (event) => this.#onFeed(event)),
      parts.onReorg((reorg) => this.#tell(JSON.stringify(reorg), true)),
    ];
    this.#schedulePing();
  }

  /** Rejects with StreamError if the address cannot be had. */
  static async start(options: StreamOptions, parts: StreamParts): Promise<FlashblockStream> {
    const { host, port } = options;
    const http = createServer((_, response) => {
      response.writeHead(426, { connection: "close", "content-type": "text/plain" });
      response.end("the flashblock stream is a WebSocket\n");
    });
    await new Promise<void>((resolve, reject) => {
      http.once("error", (error: NodeJS.ErrnoException) => {
        const what = `flashblocks cannot be served on ${host}:${port} (${error.code})`;
        reject(new StreamError(`${what}: stop what uses it, or configure another address in \`flashblocks\``));
      });
      http.listen(port, host, resolve);
    });
    return new FlashblockStream(options, parts, http);
  }

  /** Where it is, such as "ws://127.0.0.1:1111". */
  get url(): string {
    const { host, port } = this.#options;
    const bound = this.#http.address();
    const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
    return `ws://${host.includes(":") ? `[${host}]` : host}:${boundPort}`;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** Subscribers closed because they lagged. */
  get lagged(): number {
    return this.#lagged;
  }

  /** Closes every subscriber with 1001; what does not answer is cut off. */
  async stop(): Promise<void> {
    this.#cancelPing?.();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { socket } of this.#subscribers) socket.close(CLOSE_GOING_AWAY, "node is stopping");
    const { clock } = this.#parts;
    const cancel = clock.at(clock.nowMs() + CLOSE_GRACE_MS, () => {
      for (const { socket } of this.#subscribers) socket.terminate();
    });
    await new Promise<void>((resolve) => {
      this.#server.close();
      this.#http.close(() => resolve());
      this.#http.closeIdleConnections();
    });
    cancel();
  }

  #open(socket: WebSocket, url: string): void {
    socket.on("error", () => socket.terminate());
    if (this.#subscribers.size >= this.#options.maxSubscribers) {
      socket.close(CLOSE_TRY_LATER, "too many subscribers");
      return;
    }
    const withReorgs = new URLSearchParams(url.split("?")[1]).has(WITH_REORGS);
    const subscriber: Subscriber = { socket, withReorgs, answeredPing: true };
    this.#subscribers.add(subscriber);
    socket.on("close", () => this.#subscribers.delete(subscriber));
    socket.on("pong", () => {
      subscriber.answeredPing = true;
    });
    // Its messages are read, for pings and closing are among them, and mean nothing.
    socket.on("message", () => {});
    if (this.#parts.feed.latest?.payloadId !== this.#sent.payloadId) return;
    for (const text of this.#sent.texts) this.#send(subscriber, text);
  }

  #onFeed(event: FeedEvent): void {
    if (event.type === "abandoned") {
      this.#sent = { payloadId: "", texts: [] };
      this.#tell(JSON.stringify(reorgOf(event)), true);
    } else this.#onFlashblock(event.flashblock);
  }

  #onFlashblock(flashblock: Flashblock): void {
    if (flashblock.payloadId !== this.#sent.payloadId) this.#sent = { payloadId: flashblock.payloadId, texts: [] };
    const text = JSON.stringify(frameOf(flashblock));
    this.#sent.texts.push(text);
    this.#tell(text, false);
  }

  #tell(text: string, isReorg: boolean): void {
    for (const subscriber of this.#subscribers) if (!isReorg || subscriber.withReorgs) this.#send(subscriber, text);
  }

  #send({ socket }: Subscriber, text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount <= this.#options.maxBacklogBytes) {
      socket.send(text);
      return;
    }
    this.#lagged++;
    socket.close(CLOSE_TOO_SLOW, "subscriber too slow: frames are not read as fast as they come");
    const { clock } = this.#parts;
    // The close frame waits behind what it does not read.
    const cancel = clock.at(clock.nowMs() + CLOSE_GRACE_MS, () => socket.terminate());
    socket.once("close", cancel);
  }

  #schedulePing(): void {
    const { clock } = this.#parts;
    this.#cancelPing = clock.at(clock.nowMs() + this.#options.pingMs, () => {
      for (const subscriber of this.#subscribers) {
        if (subscriber.answeredPing) subscriber.socket.ping();
        else subscriber.socket.terminate();
        subscriber.answeredPing = false;
      }
      this.#schedulePing();
    });
  }
}
