import type { Vote } from "../../../sdk/agent/types/messages.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Delivery, Scheme } from "./interface.ts";
import type { Villain } from "./villain.ts";

/** Votes kept to be said again. */
const MAX_HEARD = 64;

const votes = (...said: Vote[]): Delivery[] => said.map((vote) => ({ message: { topic: "votes", said: vote } }));

export function attestsAndSkips(villain: Villain): Scheme {
  return {
    async say(message) {
      if (message.topic !== "votes" || message.said.kind !== "attestation") return undefined;
      villain.perjures(message.said.slot);
      return votes(message.said, villain.vote("skip", message.said.slot));
    },
  };
}

/** Its own votes with others' signatures, others' votes in its name, votes of other slots, and points out of nowhere. */
export function garbageVotes(villain: Villain): Scheme {
  const heard: Vote[] = [];
  const validators = villain.haunts.setting.validatorsOf.flat().length;
  const garbage = (vote: Vote): Vote => {
    const other = heard.length > 0 ? villain.chance.pick(heard) : vote;
    return villain.chance.pick<Vote>([
      { ...other, validatorIndex: villain.validator },
      { ...vote, validatorIndex: (villain.validator + 1) % validators },
      { ...vote, validatorIndex: validators + 3 },
      { ...vote, slot: vote.slot + villain.chance.whole(-3, 3) },
      { ...vote, signature: `0x${"11".repeat(96)}` as Hex },
      other,
    ]);
  };
  return {
    hears({ topic, said }) {
      if (topic === "votes") heard.push(said);
      if (heard.length > MAX_HEARD) heard.shift();
      return true;
    },
    async say(message) {
      if (message.topic !== "votes") return undefined;
      villain.note(`votes in slot ${message.said.slot}, and much else`);
      return votes(message.said, garbage(message.said), garbage(message.said));
    },
  };
}

export const noVotes = (): Scheme => ({ say: async ({ topic }) => (topic === "votes" ? [] : undefined) });

export function hidesCertificate(villain: Villain): Scheme {
  return {
    async say(message) {
      if (message.topic !== "votes" && message.topic !== "certificates") return undefined;
      const [to] = villain.others();
      return [{ message, to: [to as string] }];
    },
  };
}
