import type { Network } from "../../sdk/agent/network/interface.ts";
import type { MemoryNetwork } from "../../sdk/agent/network/memory-network.ts";
import type { Life } from "./life.ts";

const NEVER = new Promise<never>(() => {});

/** An agent's network for one life: what comes after its end reaches nobody. */
export function networkOf(network: MemoryNetwork, life: Life): Network {
  return {
    peerId: network.peerId,
    addresses: network.addresses,
    start: () => network.start(),
    stop: () => network.stop(),
    subscribe: (topic, handler) =>
      network.subscribe(topic, (data, from) => (life.isOver ? NEVER : life.gate(handler(data, from)))),
    publish: (topic, data) => (life.isOver ? NEVER : network.publish(topic, data)),
    serve: (protocol, handler) =>
      network.serve(protocol, (request, from) => (life.isOver ? NEVER : life.gate(handler(request, from)))),
    request: (protocol, request, timeoutMs, accept) => life.gate(network.request(protocol, request, timeoutMs, accept)),
    peerCount: () => network.peerCount(),
  };
}
