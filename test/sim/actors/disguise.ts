import type { AgentPorts, AgentSeams } from "../../../sdk/agent/assembly/ports.ts";
import { blockProposalCodec } from "../../../sdk/agent/messages/block-proposal.ts";
import { checkpointProposalCodec } from "../../../sdk/agent/messages/checkpoint-proposal.ts";
import type { Codec } from "../../../sdk/agent/messages/codec.ts";
import { certificateCodec, voteCodec } from "../../../sdk/agent/messages/votes.ts";
import type { Network, Topic } from "../../../sdk/agent/network/interface.ts";
import type { Publishing } from "../../../sdk/agent/pipeline/publisher.ts";
import { ignore } from "../../../sdk/agent/types/verdict.ts";
import type { L1Request } from "../l1/provider.ts";
import type { Act } from "./acts.ts";
import type { Delivery, Message, Scheme } from "./interface.ts";
import { SCHEMES } from "./schemes.ts";
import type { Villain } from "./villain.ts";

const CODECS: Partial<Record<Topic, Codec<unknown>>> = {
  blocks: blockProposalCodec as Codec<unknown>,
  checkpoints: checkpointProposalCodec as Codec<unknown>,
  votes: voteCodec as Codec<unknown>,
  certificates: certificateCodec as Codec<unknown>,
};

/** Puts a villain between an agent and its ports; the agent itself is the real one, and knows nothing of it. */
export class Disguise {
  readonly #villain: Villain;
  readonly #schemes: readonly Scheme[];

  constructor(villain: Villain, acts: readonly Act[]) {
    this.#villain = villain;
    this.#schemes = acts.flatMap((act) => SCHEMES[act]?.(villain) ?? []);
  }

  get seams(): AgentSeams {
    return { publisher: (real) => this.#publisher(real) };
  }

  portsOf(ports: AgentPorts): AgentPorts {
    return { ...ports, network: this.#network(ports.network) };
  }

  /** What it sends to L1 takes its time, or comes again; the node's answer is the usual one. */
  l1RequestOf(real: L1Request): L1Request {
    const { loop } = this.#villain.haunts;
    return async (method, params) => {
      const times =
        method === "eth_sendRawTransaction" ? this.#active.find(({ sends }) => sends)?.sends?.() : undefined;
      if (times === undefined) return real(method, params);
      const [first, ...others] = times.map(
        (timeMs) =>
          new Promise((resolve, reject) => {
            loop.at(timeMs, () => {
              real(method, params).then(resolve, reject);
            });
          }),
      );
      for (const other of others) other.catch(() => undefined);
      return first;
    };
  }

  get #active(): readonly Scheme[] {
    return this.#villain.isActive ? this.#schemes : [];
  }

  #network(real: Network): Network {
    return {
      peerId: real.peerId,
      addresses: real.addresses,
      start: () => real.start(),
      stop: () => real.stop(),
      peerCount: () => real.peerCount(),
      request: (...asked) => real.request(...asked),
      publish: (topic, data) => this.#publish(real, topic, data),
      subscribe: (topic, handler) =>
        real.subscribe(topic, async (data, from) => {
          const message = read(topic, data);
          const isHeard = message === undefined || this.#active.every((scheme) => scheme.hears?.(message) ?? true);
          return isHeard ? handler(data, from) : ignore("a villain does not listen");
        }),
      serve: (protocol, handler) =>
        real.serve(protocol, async (request, from) => {
          const truth = await handler(request, from);
          const liar = this.#active.find(({ answer }) => answer);
          return liar?.answer === undefined ? truth : liar.answer(truth);
        }),
    };
  }

  async #publish(real: Network, topic: Topic, data: Uint8Array): Promise<void> {
    const message = read(topic, data);
    if (message === undefined) return real.publish(topic, data);
    let deliveries: readonly Delivery[] = [{ message }];
    for (const scheme of this.#active) {
      const next: Delivery[] = [];
      for (const delivery of deliveries) next.push(...(await instead(scheme, delivery)));
      deliveries = next;
    }
    for (const delivery of deliveries) this.#deliver(real, delivery);
  }

  #deliver(real: Network, { message, to, atMs }: Delivery): void {
    const { loop, hub } = this.#villain.haunts;
    const bytes = "bytes" in message ? message.bytes : (CODECS[message.topic] as Codec<unknown>).encode(message.said);
    const send = (): void => {
      // It may have crashed since.
      const publish = (): Promise<void> => real.publish(message.topic, bytes).catch(() => undefined);
      void (to === undefined ? publish() : hub.only(to, publish));
    };
    if (atMs === undefined) send();
    else loop.at(atMs, send);
  }

  #publisher(real: Publishing): Publishing {
    return {
      ...real,
      tick: (state, moment, isProposer) => {
        if (this.#active.every((scheme) => scheme.publishes?.() ?? true)) real.tick(state, moment, isProposer);
      },
      stop: () => real.stop(),
    };
  }
}

/** What a scheme makes of one delivery; who gets it, and when, stays unless the scheme says so. */
async function instead(scheme: Scheme, delivery: Delivery): Promise<readonly Delivery[]> {
  if ("bytes" in delivery.message) return [delivery];
  const said = await scheme.say?.(delivery.message);
  return said?.map((one) => ({ ...delivery, ...one })) ?? [delivery];
}

function read(topic: Topic, data: Uint8Array): Message | undefined {
  const decoded = CODECS[topic]?.decode(data);
  return decoded?.ok ? ({ topic, said: decoded.value } as Message) : undefined;
}
