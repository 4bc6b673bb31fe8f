import { createHash } from "node:crypto";
import { MAX_MESSAGE_BYTES } from "../messages/limits.ts";
import { askInTurn, requestTimes, Turns } from "./ask-in-turn.ts";
import { type NetworkCounters, newCounters } from "./counters.ts";
import { type Hello, helloOf } from "./handshake.ts";
import { Intake } from "./intake.ts";
import type { MessageHandler, Network, RequestHandler, Topic } from "./interface.ts";
import type { Member, MemoryHub } from "./memory-hub.ts";
import { MAX_REQUEST_BYTES, NetworkError, type NetworkIdentity, type NetworkLog, seenMs } from "./options.ts";
import { type Reply, RequestServer } from "./request-server.ts";
import { Standing } from "./standing.ts";

export interface MemoryNetworkOptions {
  /** Unique among the hub's members. */
  peerId: string;
  identity: NetworkIdentity;
}

/** Message ids remembered, so that a message is judged and forwarded once; beyond it the oldest are forgotten early. */
const MAX_SEEN = 65_536;

/** The network within one process: full mesh, same rules as over libp2p, time and chance from the hub. */
export class MemoryNetwork implements Network, Member {
  readonly peerId: string;
  readonly hello: Hello;
  readonly counters: NetworkCounters = newCounters();
  readonly #hub: MemoryHub;
  readonly #minShareMs: number;
  readonly #log: NetworkLog;
  readonly #intake: Intake;
  readonly #server: RequestServer;
  readonly #peers = new Map<string, MemoryNetwork>();
  readonly #seenMs: number;
  /** Until when each counts as seen, the oldest first. */
  readonly #seen = new Map<string, number>();
  readonly #standing: Standing;
  readonly #listeners = new Set<() => void>();
  readonly #turns = new Turns();
  #running = false;

  constructor(options: MemoryNetworkOptions, { hub, log }: { hub: MemoryHub; log: NetworkLog }) {
    this.peerId = options.peerId;
    this.hello = helloOf(options.identity);
    this.#hub = hub;
    this.#seenMs = seenMs(options.identity.parameters);
    this.#minShareMs = requestTimes(options.identity.parameters).minShareMs;
    this.#log = log;
    this.#standing = new Standing({ clock: hub.clock });
    this.#intake = new Intake({ counters: this.counters, log });
    this.#server = new RequestServer({ clock: hub.clock, counters: this.counters, log });
  }

  get addresses(): string[] {
    return this.#running ? [`/memory/${this.peerId}`] : [];
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#hub.join(this);
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#hub.leave(this);
  }

  subscribe(topic: Topic, handler: MessageHandler): void {
    this.#intake.setHandler(topic, handler);
    for (const peer of this.#peers.values()) peer.#changed();
  }

  /** Rejects with NetworkError "too-large", or "not-running" before start and after stop. */
  async publish(topic: Topic, data: Uint8Array): Promise<void> {
    const limit = MAX_MESSAGE_BYTES[topic];
    if (data.length > limit) {
      throw new NetworkError("too-large", `expected at most ${limit} bytes on ${topic}, got ${data.length}`);
    }
    if (!this.#running) throw new NetworkError("not-running", "the network is not running");
    if (this.#isNew(topic, data)) this.#forward(topic, data, undefined);
  }

  serve(protocol: string, handler: RequestHandler): void {
    this.#server.setHandler(protocol, handler);
  }

  /** Rejects with NetworkError "too-large" for a request above `MAX_REQUEST_BYTES`. */
  async request(
    protocol: string,
    request: Uint8Array,
    timeoutMs: number,
    accept?: (answer: Uint8Array) => Promise<boolean>,
  ): Promise<Uint8Array | undefined> {
    if (request.length > MAX_REQUEST_BYTES) {
      throw new NetworkError(
        "too-large",
        `expected a request of at most ${MAX_REQUEST_BYTES} bytes, got ${request.length}`,
      );
    }
    const heard = [...this.#peers.keys()].filter((peer) => !this.#standing.isSilenced(peer));
    const peers = this.#turns.order(protocol, heard);
    return askInTurn(
      peers,
      (peer, shareMs) => this.#ask(peer, protocol, request, shareMs),
      { timeoutMs, minShareMs: this.#minShareMs },
      this.#hub.clock,
      accept,
    );
  }

  peerCount(): number {
    return this.#peers.size;
  }

  /** Peers that take part in a topic; a message published now goes to them at once. */
  subscriberCount(topic: Topic): number {
    return [...this.#peers.values()].filter((peer) => peer.#intake.topics.includes(topic)).length;
  }

  /** The standing of a peer, negative for what it sent that was rejected. */
  scoreOf(peer: string): number {
    return this.#standing.scoreOf(peer);
  }

  /** Calls `listener` after every change of peers or of their topics; the returned function ends that. */
  onPeersChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onPeer(peer: Member): void {
    if (peer instanceof MemoryNetwork) this.#peers.set(peer.peerId, peer);
    this.#changed();
  }

  onPeerGone(peer: Member): void {
    this.#peers.delete(peer.peerId);
    this.#changed();
  }

  onRefused(peer: Member, error: Error): void {
    this.counters.handshakesRefused++;
    this.#log.warn({ peer: peer.peerId, reason: error.message }, "peer refused");
  }

  #forward(topic: Topic, data: Uint8Array, except: string | undefined): void {
    for (const peer of this.#peers.values()) {
      if (peer.peerId === except) continue;
      // Each receiver gets bytes of its own, as over a wire.
      this.#hub.send(this.peerId, peer.peerId, () => void peer.#receive(topic, data.slice(), this.peerId));
    }
  }

  async #receive(topic: Topic, data: Uint8Array, from: string): Promise<void> {
    if (!this.#running || this.#standing.isSilenced(from) || !this.#isNew(topic, data)) return;
    const { verdict } = await this.#intake.judge(topic, data, from);
    if (verdict === "accept" && this.#running) this.#forward(topic, data, from);
    if (verdict === "reject" && this.#standing.reject(from)) this.counters.silenced++;
  }

  #ask(peerId: string, protocol: string, request: Uint8Array, timeoutMs: number): Promise<Reply> {
    const { clock } = this.#hub;
    return new Promise((resolve, reject) => {
      const cancel = clock.at(clock.nowMs() + timeoutMs, () => reject(new Error("no answer in time")));
      const settle = (reply: Reply): void => {
        cancel();
        resolve(reply);
      };
      this.#hub.send(this.peerId, peerId, () => {
        const peer = this.#peers.get(peerId);
        if (peer === undefined || peer.#standing.isSilenced(this.peerId)) return;
        const answering = peer.#server.answer(protocol, request.slice(), this.peerId);
        void answering.then((reply) => this.#hub.send(peerId, this.peerId, () => settle(reply)));
      });
    });
  }

  #isNew(topic: Topic, data: Uint8Array): boolean {
    const id = createHash("sha256").update(topic).update(data).digest("base64");
    const nowMs = this.#hub.clock.nowMs();
    if ((this.#seen.get(id) ?? 0) > nowMs) return false;
    this.#seen.delete(id);
    this.#seen.set(id, nowMs + this.#seenMs);
    const oldest = this.#seen.keys().next().value;
    if (this.#seen.size > MAX_SEEN && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
