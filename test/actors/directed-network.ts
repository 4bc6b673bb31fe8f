import { certificatesRequestCodec, checkpointRequestCodec } from "../../sdk/agent/messages/checkpoint-data.ts";
import { certificateCodec, voteCodec } from "../../sdk/agent/messages/votes.ts";
import type { MessageHandler, Network, RequestHandler, Topic } from "../../sdk/agent/network/interface.ts";
import type { Directions } from "./directions.ts";

/** The real network, but for the attestations it was told to hold, and whatever would show them. */
export class DirectedNetwork implements Network {
  readonly #real: Network;
  readonly #directions: Directions;

  constructor(real: Network, directions: Directions) {
    this.#real = real;
    this.#directions = directions;
  }

  get peerId(): string {
    return this.#real.peerId;
  }

  get addresses(): string[] {
    return this.#real.addresses;
  }

  start(): Promise<void> {
    return this.#real.start();
  }

  stop(): Promise<void> {
    return this.#real.stop();
  }

  subscribe(topic: Topic, handler: MessageHandler): void {
    this.#real.subscribe(topic, handler);
  }

  async publish(topic: Topic, data: Uint8Array): Promise<void> {
    const heldMs = this.#heldMs(attestedSlot(topic, data));
    if (heldMs <= 0) return this.#real.publish(topic, data);
    setTimeout(() => void this.#real.publish(topic, data), heldMs);
  }

  serve(protocol: string, handler: RequestHandler): void {
    this.#real.serve(protocol, async (request, from) => {
      return this.#heldMs(askedSlot(request)) > 0 ? undefined : handler(request, from);
    });
  }

  request(...asked: Parameters<Network["request"]>): ReturnType<Network["request"]> {
    return this.#real.request(...asked);
  }

  peerCount(): number {
    return this.#real.peerCount();
  }

  #heldMs(slot: number | undefined): number {
    const held = slot === undefined ? undefined : this.#directions.of("hold-attestation", slot);
    return held === undefined ? 0 : held.untilMs - Date.now();
  }
}

/** The slot of which a peer asks for the checkpoint or the certificates. */
function askedSlot(request: Uint8Array): number | undefined {
  for (const codec of [checkpointRequestCodec, certificatesRequestCodec]) {
    const asked = codec.decode(request);
    if (asked.ok) return asked.value.slot;
  }
  return undefined;
}

/** The slot that a message attests, alone or as a certificate. */
function attestedSlot(topic: Topic, data: Uint8Array): number | undefined {
  if (topic !== "votes" && topic !== "certificates") return undefined;
  const read = (topic === "votes" ? voteCodec : certificateCodec).decode(data);
  return read.ok && read.value.kind === "attestation" ? read.value.slot : undefined;
}
