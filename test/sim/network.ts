import type { Network, Topic } from "../../sdk/agent/network/interface.ts";
import { MemoryHub } from "../../sdk/agent/network/memory-hub.ts";
import type { MemoryNetwork } from "../../sdk/agent/network/memory-network.ts";
import type { Verdict } from "../../sdk/agent/types/verdict.ts";
import type { Life } from "./life.ts";

/** A hub whose members may talk to some of the others only. */
export class SelectiveHub extends MemoryHub {
  #to: readonly string[] | undefined;

  /** What `work` sends before it waits for anything reaches these members and no other. */
  only<T>(to: readonly string[], work: () => T): T {
    this.#to = to;
    try {
      return work();
    } finally {
      this.#to = undefined;
    }
  }

  override send(from: string, to: string, deliver: () => void): void {
    if (this.#to === undefined || this.#to.includes(to)) super.send(from, to, deliver);
  }
}

const NEVER = new Promise<never>(() => {});

/** What an agent made of a message. */
export type OnVerdict = (topic: Topic, data: Uint8Array, verdict: Verdict) => void;

/** An agent's network for one life: what comes after its end reaches nobody. */
export function networkOf(network: MemoryNetwork, life: Life, onVerdict: OnVerdict): Network {
  const judged = async (topic: Topic, data: Uint8Array, verdict: Promise<Verdict>): Promise<Verdict> => {
    const found = await life.gate(verdict);
    onVerdict(topic, data, found);
    return found;
  };
  return {
    peerId: network.peerId,
    addresses: network.addresses,
    start: () => network.start(),
    stop: () => network.stop(),
    subscribe: (topic, handler) =>
      network.subscribe(topic, (data, from) => (life.isOver ? NEVER : judged(topic, data, handler(data, from)))),
    publish: (topic, data) => (life.isOver ? NEVER : network.publish(topic, data)),
    serve: (protocol, handler) =>
      network.serve(protocol, (request, from) => (life.isOver ? NEVER : life.gate(handler(request, from)))),
    request: (protocol, request, timeoutMs, accept) => life.gate(network.request(protocol, request, timeoutMs, accept)),
    peerCount: () => network.peerCount(),
  };
}
