import { once } from "node:events";
import { WebSocket } from "ws";

/** Subscribed to everything; keeps the first of each. */
export class Listener {
  readonly #socket: WebSocket;
  readonly #topics = new Map<string, string>();
  readonly #told: Record<string, unknown> = {};
  #changed: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (text) => {
      const message = JSON.parse(String(text)) as { params?: { subscription: string; result: unknown } };
      const topic = this.#topics.get(message.params?.subscription ?? "");
      if (topic !== undefined) this.#told[topic] ??= message.params?.result;
      this.#changed();
    });
  }

  static async open(url: string): Promise<Listener> {
    const socket = new WebSocket(url.replace("http", "ws"));
    await once(socket, "open");
    const listener = new Listener(socket);
    for (const topic of ["newHeads", "logs", "newPendingTransactions"]) {
      const params = topic === "logs" ? [topic, {}] : [topic];
      const answer = once(socket, "message");
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: topic, method: "eth_subscribe", params }));
      listener.#topics.set((JSON.parse(String((await answer)[0])) as { result: string }).result, topic);
    }
    return listener;
  }

  async three(): Promise<Record<string, unknown>> {
    while (Object.keys(this.#told).length < 3) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    this.#socket.close();
    return this.#told;
  }
}
