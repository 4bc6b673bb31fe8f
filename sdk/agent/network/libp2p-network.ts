import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { TopicValidatorResult } from "@libp2p/gossipsub";
import type { Connection, PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { MAX_MESSAGE_BYTES } from "../messages/limits.ts";
import type { Clock } from "../time/interface.ts";
import { assertAddress } from "./addresses.ts";
import { askInTurn, requestTimes, Turns } from "./ask-in-turn.ts";
import { type NetworkCounters, newCounters } from "./counters.ts";
import { helloOf, networkName } from "./handshake.ts";
import { HANDSHAKE_PROTOCOL, Handshaker } from "./handshaker.ts";
import { Intake } from "./intake.ts";
import { type MessageHandler, type Network, type RequestHandler, TOPICS, type Topic } from "./interface.ts";
import { createNode, type Node } from "./libp2p-node.ts";
import { MAX_REQUEST_BYTES, NetworkError, type NetworkIdentity, type NetworkLog, seenMs } from "./options.ts";
import { ask, MAX_REQUEST_STREAMS, serve } from "./peer-requests.ts";
import { Redialer } from "./redialer.ts";
import { RequestServer } from "./request-server.ts";
import { Standing } from "./standing.ts";

export interface Libp2pNetworkOptions {
  identity: NetworkIdentity;
  /** 32 secret bytes the peer id is derived from; the same seed gives the same id. */
  keySeed: Uint8Array;
  /** Multiaddresses to listen on, such as /ip4/0.0.0.0/tcp/9000. */
  listen: string[];
  /** Multiaddresses of static peers, kept connected. One's own address among them is harmless. */
  bootstrap: string[];
}

export interface Libp2pNetworkDependencies {
  clock: Clock;
  log: NetworkLog;
}

/** A connection that does not end by itself is cut after this long, so that stopping always ends. */
const STOP_TIMEOUT_MS = 2_000;

/** The network over TCP, Noise, Yamux and gossipsub. */
export class Libp2pNetwork implements Network {
  readonly peerId: string;
  readonly counters: NetworkCounters = newCounters();
  readonly #options: Libp2pNetworkOptions;
  readonly #key: PrivateKey;
  readonly #name: string;
  readonly #minShareMs: number;
  readonly #clock: Clock;
  readonly #log: NetworkLog;
  readonly #intake: Intake;
  readonly #server: RequestServer;
  readonly #handshaker: Handshaker;
  readonly #redialer: Redialer;
  readonly #standing: Standing;
  readonly #peers = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #turns = new Turns();
  #node: Node | undefined;

  private constructor(options: Libp2pNetworkOptions, key: PrivateKey, { clock, log }: Libp2pNetworkDependencies) {
    this.#options = options;
    this.#key = key;
    this.#clock = clock;
    this.#log = log;
    this.peerId = peerIdFromPrivateKey(key).toString();
    this.#name = networkName(options.identity);
    this.#minShareMs = requestTimes(options.identity.parameters).minShareMs;
    const { counters } = this;
    this.#standing = new Standing({ clock });
    this.#intake = new Intake({ counters, log });
    this.#server = new RequestServer({ clock, counters, log });
    this.#handshaker = new Handshaker(helloOf(options.identity), {
      clock,
      counters,
      log,
      onAgreed: (peer) => this.#onAgreed(peer),
    });
    const spread = (options.keySeed[0] ?? 0) / 256;
    this.#redialer = new Redialer(
      { addresses: options.bootstrap, spread },
      { clock, dial: (address) => this.#dial(address) },
    );
  }

  /** @throws NetworkError "bad-address" for an address that is none; RangeError for a seed that is not 32 bytes. */
  static async create(options: Libp2pNetworkOptions, dependencies: Libp2pNetworkDependencies): Promise<Libp2pNetwork> {
    if (options.keySeed.length !== 32)
      throw new RangeError(`key seed: expected 32 bytes, got ${options.keySeed.length}`);
    for (const address of [...options.listen, ...options.bootstrap]) assertAddress(address);
    return new Libp2pNetwork(options, await generateKeyPairFromSeed("Ed25519", options.keySeed), dependencies);
  }

  get addresses(): string[] {
    return this.#node?.getMultiaddrs().map(String) ?? [];
  }

  /** Rejects with NetworkError "listen-failed", for example when the port is in use. */
  async start(): Promise<void> {
    if (this.#node !== undefined) return;
    const node = await createNode({
      key: this.#key,
      listen: this.#options.listen,
      topicNames: TOPICS.map((topic) => this.#topicName(topic)),
      seenMs: seenMs(this.#options.identity.parameters),
      isRefused: (peer) => this.#standing.isSilenced(peer),
    });
    node.addEventListener("connection:open", ({ detail }) => this.#handshaker.onOpen(detail));
    node.addEventListener("connection:close", ({ detail }) => this.#handshaker.onClose(detail));
    node.addEventListener("peer:disconnect", ({ detail }) => this.#onDisconnect(detail.toString()));
    node.services.gossip.addEventListener("subscription-change", () => this.#changed());
    await node.handle(HANDSHAKE_PROTOCOL, (stream, connection) => this.#handshaker.respond(stream, connection));
    this.#node = node;
    for (const protocol of this.#server.protocols) await this.#register(node, protocol);
    try {
      await node.start();
    } catch (error) {
      this.#node = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      throw new NetworkError("listen-failed", `cannot listen on ${this.#options.listen.join(", ")}: ${reason}`);
    }
    for (const topic of this.#intake.topics) this.#join(node, topic);
    this.#redialer.start();
  }

  /** Ends within `STOP_TIMEOUT_MS`, whatever peers do. */
  async stop(): Promise<void> {
    const node = this.#node;
    if (node === undefined) return;
    this.#node = undefined;
    this.#redialer.stop();
    for (const connection of node.getConnections()) connection.abort(new NetworkError("not-running", "stopping"));
    const given = new AbortController();
    const late = this.#clock.sleepUntil(this.#clock.nowMs() + STOP_TIMEOUT_MS, given.signal).catch(() => undefined);
    await Promise.race([Promise.resolve(node.stop()).catch((error: unknown) => this.#warn(error)), late]);
    given.abort();
    this.#peers.clear();
  }

  subscribe(topic: Topic, handler: MessageHandler): void {
    this.#intake.setHandler(topic, handler);
    if (this.#node?.status === "started") this.#join(this.#node, topic);
  }

  /** Rejects with NetworkError "too-large", or "not-running" before start and after stop. */
  async publish(topic: Topic, data: Uint8Array): Promise<void> {
    const limit = MAX_MESSAGE_BYTES[topic];
    if (data.length > limit) {
      throw new NetworkError("too-large", `expected at most ${limit} bytes on ${topic}, got ${data.length}`);
    }
    if (this.#node === undefined) throw new NetworkError("not-running", "the network is not running");
    await this.#node.services.gossip.publish(this.#topicName(topic), data);
  }

  serve(protocol: string, handler: RequestHandler): void {
    this.#server.setHandler(protocol, handler);
    const node = this.#node;
    if (node !== undefined) this.#register(node, protocol).catch((error: unknown) => this.#warn(error));
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
    return askInTurn(
      this.#turns.order(protocol, [...this.#peers]),
      async (peer, shareMs) => {
        const connection = this.#connectionTo(peer);
        if (connection === undefined) return { status: "none" };
        return ask(connection, this.#protocolName(protocol), request, { clock: this.#clock, timeoutMs: shareMs });
      },
      { timeoutMs, minShareMs: this.#minShareMs },
      this.#clock,
      accept,
    );
  }

  peerCount(): number {
    return this.#peers.size;
  }

  /** The standing of a peer: what it sent that was rejected, or against the rules of gossip, makes it negative. */
  scoreOf(peer: string): number {
    return Math.min(this.#standing.scoreOf(peer), this.#node?.services.gossip.getScore(peer) ?? 0);
  }

  /** Messages of a topic being judged, at most `MAX_MESSAGES_IN_FLIGHT`. */
  judging(topic: Topic): number {
    return this.#intake.judging(topic);
  }

  /** Requests being answered, at most `MAX_REQUESTS_IN_FLIGHT`. */
  get answering(): number {
    return this.#server.answering;
  }

  /**
   * Peers known to take part in a topic. A message published now goes to each at once, but for those that connected a
   * moment ago: our stream to them may still be opening.
   */
  subscriberCount(topic: Topic): number {
    return this.#node?.services.gossip.getSubscribers(this.#topicName(topic)).length ?? 0;
  }

  /** Calls `listener` after every change of peers or of their topics; the returned function ends that. */
  onPeersChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #join(node: Node, topic: Topic): void {
    const { gossip } = node.services;
    const name = this.#topicName(topic);
    gossip.topicValidators.set(name, async (peer, message) => {
      const from = peer.toString();
      // Gossip looks at the score now and then only: until it does, nothing more is judged.
      if (this.#standing.isSilenced(from)) return TopicValidatorResult.Ignore;
      const { verdict } = await this.#intake.judge(topic, message.data, from);
      if (verdict === "reject" && this.#standing.reject(from)) this.#silence(from);
      return TOPIC_RESULTS[verdict];
    });
    gossip.subscribe(name);
  }

  async #register(node: Node, protocol: string): Promise<void> {
    await node.handle(
      this.#protocolName(protocol),
      (stream, connection) => serve(stream, connection, protocol, { clock: this.#clock, server: this.#server }),
      { maxInboundStreams: MAX_REQUEST_STREAMS, force: true },
    );
  }

  async #dial(address: string): Promise<string> {
    const node = this.#node;
    if (node === undefined) throw new NetworkError("not-running", "the network is not running");
    const connection = await node.dial(multiaddr(address));
    await this.#handshaker.agreed(connection);
    const peer = connection.remotePeer.toString();
    if (!this.#peers.has(peer)) throw new NetworkError("handshake-failed", `peer ${peer} left again`);
    return peer;
  }

  #connectionTo(peer: string): Connection | undefined {
    return this.#node?.getConnections().find((each) => each.remotePeer.toString() === peer && each.status === "open");
  }

  #onAgreed(peer: string): void {
    this.#peers.add(peer);
    this.#log.info({ peer, peers: this.#peers.size }, "peer connected");
    this.#changed();
  }

  #onDisconnect(peer: string): void {
    if (this.#peers.delete(peer)) this.#log.info({ peer, peers: this.#peers.size }, "peer disconnected");
    this.#redialer.onDisconnect(peer);
    this.#changed();
  }

  /** It may come back when what it sent has faded. */
  #silence(peer: string): void {
    this.counters.silenced++;
    this.#log.warn({ peer, score: this.#standing.scoreOf(peer) }, "peer cut off for what it sent");
    for (const connection of this.#node?.getConnections() ?? []) {
      if (connection.remotePeer.toString() === peer)
        connection.abort(new NetworkError("silenced", "too much was rejected"));
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #warn(error: unknown): void {
    this.#log.warn({ error: String(error) }, "network");
  }

  #topicName(topic: Topic): string {
    return `/baton/${this.#name}/${topic}/1`;
  }

  #protocolName(protocol: string): string {
    return `/baton/${this.#name}/ask/${protocol}/1`;
  }
}

const TOPIC_RESULTS = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const;
