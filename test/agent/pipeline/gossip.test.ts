import { expect } from "chai";
import { checkpointDataCodec } from "../../../sdk/agent/messages/checkpoint-data.ts";
import type { Network } from "../../../sdk/agent/network/interface.ts";
import { fetchCheckpoint } from "../../../sdk/agent/pipeline/gossip.ts";
import type { BlockProposal, CheckpointData } from "../../../sdk/agent/types/messages.ts";
import { decodeBlockData, encodeBlockData } from "../../../sdk/blob/blockData.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { genesis } from "../chain/support.ts";
import { checkpointOn, kzg } from "./support.ts";

const SIGNATURE: Hex = `0x${"01".repeat(96)}`;

/** The checkpoint as it travels. */
function signed(data: CheckpointData): CheckpointData {
  return {
    ...data,
    blocks: data.blocks.map((block) => ({ ...block, signature: SIGNATURE })),
    proposal: { ...data.proposal, signature: SIGNATURE },
  };
}

/** A network with one peer that answers this. */
const answering = (data: CheckpointData): Network =>
  ({ request: () => Promise.resolve(checkpointDataCodec.encode(data)) }) as Partial<Network> as Network;

describe("what a peer serves of a checkpoint", () => {
  it("is taken whole, and not with a block less, more or in other bytes", async () => {
    const { data } = await checkpointOn(genesis().submitted, 1);
    const whole = signed(data);
    const [first, last] = whole.blocks as [BlockProposal, BlockProposal];
    const otherBytes = encodeBlockData({ ...decodeBlockData(last.data), gasUsed: 1n });
    const served = {
      whole: [first, last],
      less: [{ ...first, last: true }],
      more: [first, { ...last, last: false }, { ...last, index: 2 }],
      otherSlot: [first, { ...last, slot: 2 }],
      otherBytes: [first, { ...last, data: otherBytes }],
    };
    const taken = [];
    for (const [name, blocks] of Object.entries(served)) {
      if ((await fetchCheckpoint(answering({ ...whole, blocks }), 1, kzg, 3)) !== undefined) taken.push(name);
    }
    expect(taken).to.deep.equal(["whole"]);
  });
});
