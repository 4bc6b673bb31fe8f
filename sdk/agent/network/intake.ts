import { MAX_MESSAGE_BYTES } from "../messages/limits.ts";
import { ignore, reject, type Verdict } from "../types/verdict.ts";
import type { NetworkCounters } from "./counters.ts";
import type { MessageHandler, Topic } from "./interface.ts";
import { MAX_MESSAGES_IN_FLIGHT, MAX_MESSAGES_IN_FLIGHT_PER_PEER, type NetworkLog } from "./options.ts";

/** Takes messages from peers to their handlers: bounded in size and number, and safe from handlers that throw. */
export class Intake {
  readonly #handlers = new Map<Topic, MessageHandler>();
  /** Messages being judged, by topic, and by topic and peer. */
  readonly #inFlight = new Map<string, number>();
  readonly #counters: NetworkCounters;
  readonly #log: NetworkLog;

  constructor(dependencies: { counters: NetworkCounters; log: NetworkLog }) {
    this.#counters = dependencies.counters;
    this.#log = dependencies.log;
  }

  get topics(): Topic[] {
    return [...this.#handlers.keys()];
  }

  /** Messages of a topic that are being judged. */
  judging(topic: Topic): number {
    return this.#inFlight.get(topic) ?? 0;
  }

  setHandler(topic: Topic, handler: MessageHandler): void {
    this.#handlers.set(topic, handler);
  }

  /** Never throws and never rejects. */
  async judge(topic: Topic, data: Uint8Array, from: string): Promise<Verdict> {
    const verdict = await this.#judge(topic, data, from);
    this.#counters.verdicts[topic][verdict.verdict]++;
    return verdict;
  }

  async #judge(topic: Topic, data: Uint8Array, from: string): Promise<Verdict> {
    const limit = MAX_MESSAGE_BYTES[topic];
    if (data.length > limit) {
      this.#counters.oversized++;
      return reject(`expected at most ${limit} bytes on ${topic}, got ${data.length}`);
    }
    const handler = this.#handlers.get(topic);
    if (handler === undefined) return ignore(`nobody listens on ${topic}`);
    const ofPeer = `${topic}/${from}`;
    const isFull =
      this.judging(topic) >= MAX_MESSAGES_IN_FLIGHT[topic] ||
      (this.#inFlight.get(ofPeer) ?? 0) >= MAX_MESSAGES_IN_FLIGHT_PER_PEER[topic];
    if (isFull) {
      this.#counters.dropped[topic]++;
      return ignore(`too many messages on ${topic} are being judged already`);
    }
    for (const key of [topic, ofPeer]) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
    try {
      return await handler(data, from);
    } catch (error) {
      this.#counters.handlerFailures++;
      this.#log.warn({ topic, from, error: String(error) }, "a message handler threw; the message is ignored");
      return ignore("the handler failed");
    } finally {
      for (const key of [topic, ofPeer]) this.#release(key);
    }
  }

  #release(key: string): void {
    const left = (this.#inFlight.get(key) ?? 1) - 1;
    if (left > 0) this.#inFlight.set(key, left);
    else this.#inFlight.delete(key);
  }
}
