import { blobHashesOf, digestOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import type { BlockProposal, CheckpointProposal } from "../../../sdk/agent/types/messages.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Delivery, Scheme } from "./interface.ts";
import { twinOf } from "./twins.ts";
import type { Villain } from "./villain.ts";

const OTHER_ACCOUNT: Hex = `0x${"bad0".repeat(10)}`;

/** One half of the others gets the one proposal, the other half the other; both are attested to everybody. */
function split(
  villain: Villain,
  first: CheckpointProposal,
  second: CheckpointProposal,
  halves: readonly [string[], string[]],
): Delivery[] {
  const { slot } = first.header;
  const attested = villain.vote("attestation", slot, digestOf(villain.identity, second));
  villain.perjures(slot);
  return [
    { message: { topic: "checkpoints", said: first }, to: halves[0] },
    { message: { topic: "checkpoints", said: second }, to: halves[1] },
    { message: { topic: "votes", said: attested } },
  ];
}

/** One and two of the other three, in turn. */
function halvesOf(villain: Villain): [string[], string[]] {
  const names = villain.others();
  const at = villain.chance.whole(1, names.length - 1);
  return [names.slice(0, at), names.slice(at)];
}

/** Two proposals on the same blocks, which differ in who is paid. */
export function twoProposals(villain: Villain): Scheme {
  return {
    async say(message) {
      if (message.topic !== "checkpoints") return undefined;
      const { signature: _, ...content } = message.said;
      const other = villain.signProposal({ ...content, header: { ...content.header, coinbase: OTHER_ACCOUNT } });
      return split(villain, message.said, other, halvesOf(villain));
    },
  };
}

/** Two last blocks, and a proposal on each. */
export function twoBlocks(villain: Villain): Scheme {
  let twins: { slot: number; twin: BlockProposal; halves: [string[], string[]] } | undefined;
  let shown: BlockProposal[] = [];
  return {
    async say(message) {
      if (message.topic === "blocks") {
        const { said } = message;
        shown = [...shown.filter(({ slot, index }) => slot === said.slot && index < said.index), said];
        const twin = said.last ? await twinOf(villain, said, { feeRecipient: OTHER_ACCOUNT }) : undefined;
        if (twin === undefined) return undefined;
        villain.note(`shows two last blocks of slot ${said.slot}`);
        const halves = halvesOf(villain);
        twins = { slot: said.slot, twin, halves };
        return [
          { message, to: halves[0] },
          { message: { topic: "blocks", said: twin }, to: halves[1] },
        ];
      }
      if (message.topic !== "checkpoints" || twins?.slot !== message.said.header.slot) return undefined;
      const { twin, halves } = twins;
      const datas = [...shown.filter(({ index }) => index < twin.index), twin].map(({ data }) => data);
      const { kzg, setting } = villain.haunts;
      const { maxBlobsPerCheckpoint } = setting.parameters;
      const blobHashes = await villain.work(() => blobHashesOf(kzg, datas, maxBlobsPerCheckpoint));
      const { signature: _, ...content } = message.said;
      const header = { ...content.header, lastBlockHash: twin.blockHash };
      return split(villain, message.said, villain.signProposal({ ...content, header, blobHashes }), halves);
    },
  };
}
