import type { Verdict } from "../types/verdict.ts";

/** Gossip topics, one per message type. */
export const TOPICS = ["transactions", "blocks", "checkpoints", "votes", "certificates"] as const;
export type Topic = (typeof TOPICS)[number];

/** Judges one message before it is forwarded; its verdict feeds the sender's peer score. Never throws. */
export type MessageHandler = (data: Uint8Array, from: string) => Promise<Verdict>;

/** Answers a peer's request; undefined means "I do not have it". Never throws. */
export type RequestHandler = (request: Uint8Array, from: string) => Promise<Uint8Array | undefined>;

/** Gossip and request/response between agents; libp2p in production, in memory for simulation. */
export interface Network {
  readonly peerId: string;
  /** Addresses others can dial. */
  readonly addresses: string[];
  start(): Promise<void>;
  stop(): Promise<void>;
  subscribe(topic: Topic, handler: MessageHandler): void;
  /** Sends to the mesh; resolves when handed to the transport. With no peers it resolves as well. */
  publish(topic: Topic, data: Uint8Array): Promise<void>;
  /** Registers the answerer of `protocol` (for example "checkpoint-data"). */
  serve(protocol: string, handler: RequestHandler): void;
  /**
   * Asks connected peers in turn until one gives an answer that `accept` takes (any, if it is left out); undefined if none
   * did within `timeoutMs`.
   */
  request(
    protocol: string,
    request: Uint8Array,
    timeoutMs: number,
    accept?: (answer: Uint8Array) => Promise<boolean>,
  ): Promise<Uint8Array | undefined>;
  peerCount(): number;
}
