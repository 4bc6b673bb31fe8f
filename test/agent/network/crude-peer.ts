import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { multiaddr } from "@multiformats/multiaddr";
import { newCounters } from "../../../sdk/agent/network/counters.ts";
import { helloOf, networkName } from "../../../sdk/agent/network/handshake.ts";
import { HANDSHAKE_PROTOCOL, Handshaker } from "../../../sdk/agent/network/handshaker.ts";
import { TOPICS, type Topic } from "../../../sdk/agent/network/interface.ts";
import { createNode } from "../../../sdk/agent/network/libp2p-node.ts";
import { type NetworkIdentity, seenMs } from "../../../sdk/agent/network/options.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import { KeptLog } from "./fixtures.ts";

/** A peer that shakes hands as it should and then sends whatever it likes, of any size. */
export interface CrudePeer {
  peerId: string;
  send(topic: Topic, data: Uint8Array): Promise<void>;
  /** False once the other side has cut it off. */
  isConnected(): boolean;
  dial(): Promise<void>;
  stop(): Promise<void>;
}

export async function crudePeer(identity: NetworkIdentity, seed: number, address: string): Promise<CrudePeer> {
  const topic = (name: Topic): string => `/baton/${networkName(identity)}/${name}/1`;
  const node = await createNode({
    key: await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(seed)),
    listen: [],
    topicNames: TOPICS.map(topic),
    seenMs: seenMs(identity.parameters),
    isRefused: () => false,
  });
  const handshaker = new Handshaker(helloOf(identity), {
    clock: new SystemClock(),
    counters: newCounters(),
    log: new KeptLog(),
    onAgreed: () => {},
  });
  node.addEventListener("connection:open", ({ detail }) => handshaker.onOpen(detail));
  node.addEventListener("connection:close", ({ detail }) => handshaker.onClose(detail));
  await node.handle(HANDSHAKE_PROTOCOL, (stream, connection) => handshaker.respond(stream, connection));
  await node.start();
  const dial = async (): Promise<void> => handshaker.agreed(await node.dial(multiaddr(address)));
  const { gossip } = node.services;
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  gossip.addEventListener("subscription-change", () => {
    if (TOPICS.every((name) => gossip.getSubscribers(topic(name)).length > 0)) resolve();
  });
  await dial();
  // Published before it is known who listens, a message would go to nobody.
  await heard;
  return {
    peerId: node.peerId.toString(),
    send: async (name, data) => void (await gossip.publish(topic(name), data)),
    isConnected: () => node.getConnections().length > 0,
    dial,
    stop: async () => node.stop(),
  };
}
