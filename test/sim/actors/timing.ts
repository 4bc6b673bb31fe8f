import { checkpointDataCodec } from "../../../sdk/agent/messages/checkpoint-data.ts";
import type { Scheme } from "./interface.ts";
import type { Villain } from "./villain.ts";

/** Serves what is certified, which others have as well, and keeps the rest to itself. */
async function onlyCertified(truth: Uint8Array | undefined): Promise<Uint8Array | undefined> {
  const data = truth && checkpointDataCodec.decode(truth);
  return data?.ok && data.value.certificate !== undefined ? truth : undefined;
}

/** A proposal that arrives around the end of its window, where some take it and some do not. */
export function withholds(villain: Villain): Scheme {
  return {
    async say(message) {
      if (message.topic !== "checkpoints") return undefined;
      const { slot } = message.said.header;
      villain.note(`withholds the proposal of slot ${slot}`);
      return [{ message, atMs: villain.proposalDeadlineMs(slot) + villain.chance.between(-100, 120) }];
    },
  };
}

/** The same, to one other agent; who gets it from that one gets it too late. */
export function leaks(villain: Villain): Scheme {
  return {
    answer: onlyCertified,
    async say(message) {
      if (message.topic !== "checkpoints") return undefined;
      const { slot } = message.said.header;
      const [to] = villain.others();
      villain.note(`leaks the proposal of slot ${slot} to ${to}`);
      const atMs = villain.proposalDeadlineMs(slot) + villain.chance.between(30, 90);
      return [{ message, to: [to as string], atMs }];
    },
  };
}

/** Nobody gets to see its slots, not even on request. */
export function silent(villain: Villain): Scheme {
  return {
    answer: async () => undefined,
    async say({ topic, said }) {
      if (topic === "blocks" && said.index === 0) villain.note(`keeps slot ${said.slot} to itself`);
      return topic === "blocks" || topic === "checkpoints" ? [] : undefined;
    },
  };
}

export function noProposal(villain: Villain): Scheme {
  return {
    answer: onlyCertified,
    async say({ topic, said }) {
      if (topic !== "checkpoints") return undefined;
      villain.note(`does not propose slot ${said.header.slot}`);
      return [];
    },
  };
}

/** Every now and then it hears nothing of a slot: as the next one's proposer it passes over it. */
export function impatient(villain: Villain): Scheme {
  const deafTo = new Map<number, boolean>();
  const isDeafTo = (slot: number): boolean => {
    const known = deafTo.get(slot) ?? villain.chance.hits(0.5);
    deafTo.set(slot, known);
    return known;
  };
  return {
    hears({ topic, said }) {
      if (topic === "blocks") return !isDeafTo(said.slot);
      return topic === "checkpoints" ? !isDeafTo(said.header.slot) : true;
    },
  };
}

export const neverPublishes = (): Scheme => ({ publishes: () => false });
