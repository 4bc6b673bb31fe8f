import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../time/interface.ts";
import type { Dispatcher } from "../dispatcher.ts";
import type { RpcOptions } from "../options.ts";
import type { SubscriptionHub } from "../subscriptions.ts";
import { isOriginAllowed } from "./http.ts";
import { WebSocketSession } from "./session.ts";

const CLOSE_GOING_AWAY = 1001;
const CLOSE_TRY_LATER = 1013;

interface Dependencies {
  dispatcher: Dispatcher;
  hub: SubscriptionHub;
  clock: Clock;
}

/** WebSocket connections on the HTTP server's port. */
export class WebSocketGate {
  readonly #options: RpcOptions;
  readonly #dependencies: Dependencies;
  readonly #server: WebSocketServer;
  readonly #sessions = new Set<WebSocketSession>();
  #cancelPing: (() => void) | undefined;

  constructor(http: Server, options: RpcOptions, dependencies: Dependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#server = new WebSocketServer({ noServer: true, maxPayload: options.maxBodyBytes });
    http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#schedulePing();
  }

  /** Closes every connection with 1001; what does not answer the close is cut off. */
  stop(): void {
    this.#cancelPing?.();
    for (const session of this.#sessions) session.close(CLOSE_GOING_AWAY, "node is stopping");
    this.#server.close();
  }

  /** Ends what is still open. */
  cutOff(): void {
    for (const session of this.#sessions) session.terminate();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    if (!isOriginAllowed(request.headers.origin, this.#options)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket));
  }

  #open(webSocket: WebSocket): void {
    if (this.#sessions.size >= this.#options.maxWebSockets) {
      webSocket.on("error", () => webSocket.terminate());
      webSocket.close(CLOSE_TRY_LATER, "too many connections");
      return;
    }
    const session = new WebSocketSession(webSocket, this.#options, this.#dependencies);
    this.#sessions.add(session);
    webSocket.on("close", () => {
      this.#sessions.delete(session);
      this.#dependencies.hub.removeAll(session);
    });
  }

  #schedulePing(): void {
    const { clock } = this.#dependencies;
    this.#cancelPing = clock.at(clock.nowMs() + this.#options.pingIntervalMs, () => {
      for (const session of this.#sessions) session.ping();
      this.#schedulePing();
    });
  }
}
