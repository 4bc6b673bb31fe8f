import { noise } from "@chainsafe/libp2p-noise";
import { type GossipSub, gossipsub } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { createLibp2p } from "libp2p";
import { gossipOptions } from "./gossip-options.ts";
import { MAX_CONNECTIONS } from "./options.ts";
import { safeYamux } from "./safe-muxer.ts";

/** Its own type does not tell that it has peers' scores. */
type ScoredGossip = GossipSub & { getScore(peer: string): number };
type MakeGossip = (...components: Parameters<ReturnType<typeof gossipsub>>) => ScoredGossip;

export type Node = Libp2p<{ gossip: ScoredGossip; identify: Identify }>;

export interface NodeOptions {
  key: PrivateKey;
  /** Multiaddresses. */
  listen: string[];
  topicNames: readonly string[];
  /** How long a message counts as seen. */
  seenMs: number;
  /** Whether connections of a peer are not taken for now. */
  isRefused: (peer: string) => boolean;
}

/** A libp2p node as all agents have it, not started. */
export function createNode({ key, listen, topicNames, seenMs, isRefused }: NodeOptions): Promise<Node> {
  return createLibp2p({
    start: false,
    privateKey: key,
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [safeYamux()],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      maxIncomingPendingConnections: MAX_CONNECTIONS,
      // Agents of one operator often share an address, and start together.
      inboundConnectionThreshold: MAX_CONNECTIONS,
      dialTimeout: 5_000,
      // A socket that speaks no Noise keeps its place no longer than an honest peer needs.
      inboundUpgradeTimeout: 5_000,
      reconnectRetries: 0,
    },
    connectionGater: {
      denyInboundEncryptedConnection: (peer) => isRefused(peer.toString()),
      denyOutboundEncryptedConnection: (peer) => isRefused(peer.toString()),
    },
    services: { identify: identify(), gossip: gossipsub(gossipOptions(topicNames, seenMs)) as MakeGossip },
  });
}
