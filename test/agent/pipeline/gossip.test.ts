import { expect } from "chai";
import { addCertificate } from "../../../sdk/agent/chain/certificates.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import type { Mempool } from "../../../sdk/agent/mempool/interface.ts";
import { checkpointDataCodec } from "../../../sdk/agent/messages/checkpoint-data.ts";
import type { Network, RequestHandler } from "../../../sdk/agent/network/interface.ts";
import { connectGossip, fetchCertificates, fetchCheckpoint, type Peers } from "../../../sdk/agent/pipeline/gossip.ts";
import type { PipelineNode } from "../../../sdk/agent/pipeline/node.ts";
import type { ChainStore } from "../../../sdk/agent/store/interface.ts";
import type { BlockProposal, CheckpointData } from "../../../sdk/agent/types/messages.ts";
import { decodeBlockData, encodeBlockData } from "../../../sdk/blob/blockData.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { genesis, hash, skipCertificate } from "../chain/support.ts";
import { checkpointOn, kzg } from "./support.ts";

const SLOT_1 = { slot: 1, digest: undefined };
const SIGNATURE: Hex = `0x${"01".repeat(96)}`;

/** The checkpoint as it travels. */
function signed(data: CheckpointData): CheckpointData {
  return {
    ...data,
    blocks: data.blocks.map((block) => ({ ...block, signature: SIGNATURE })),
    proposal: { ...data.proposal, signature: SIGNATURE },
  };
}

/** A network with peers that answer this, asked in turn. */
const answering = (...datas: CheckpointData[]): Peers => {
  const request: Network["request"] = async (_protocol, _request, _timeoutMs, accept) => {
    for (const data of datas) {
      const answer = checkpointDataCodec.encode(data);
      if (await accept?.(answer)) return answer;
    }
    return undefined;
  };
  return { network: { request }, timeoutMs: 3_000 };
};

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
      if (
        (await fetchCheckpoint(answering({ ...whole, blocks }), { slot: 1, digest: undefined }, kzg, 3)) !== undefined
      )
        taken.push(name);
    }
    expect(taken).to.deep.equal(["whole"]);
  });

  it("is asked of the next peer while it is not what was asked for", async () => {
    const one = signed((await checkpointOn(genesis().submitted, 1)).data);
    const two = signed((await checkpointOn(genesis().submitted, 2)).data);
    expect(
      await fetchCheckpoint(answering(two, { ...one, blocks: one.blocks.slice(1) }, one), SLOT_1, kzg, 3),
    ).to.deep.equal(one);
    const isExpected = ({ proposal }: CheckpointData): boolean => proposal.header.slot === 2;
    expect(await fetchCheckpoint(answering(one, two), SLOT_1, kzg, 3, isExpected)).to.deep.equal(two);
  });
});

describe("what this node serves", () => {
  interface Checkpoint {
    data: CheckpointData;
    digest: Hex;
  }

  const whole = async (): Promise<Checkpoint> => {
    const { data, digest } = await checkpointOn(genesis().submitted, 1);
    return { data: signed(data), digest };
  };

  /** Asks a node that holds this, and has given up that, through its own handlers. */
  function askerOf(state: ChainState, held?: Checkpoint, isHeldBack = false, given?: Checkpoint): Peers {
    const handlers = new Map<string, RequestHandler>();
    const network: Partial<Network> = {
      subscribe: () => {},
      serve: (protocol, handler) => void handlers.set(protocol, handler),
      request: async (protocol, request, _timeoutMs, accept) => {
        const answer = await handlers.get(protocol)?.(request, "peer");
        return answer !== undefined && (accept === undefined || (await accept(answer))) ? answer : undefined;
      },
    };
    const store: Partial<ChainStore> = {
      blocksOf: () => held?.data.blocks ?? [],
      checkpointOf: (slot) =>
        held && { ...held.data, slot, digest: held.digest, status: "proposed", landing: undefined },
      discardedCheckpoint: (_slot, digest) => (digest === given?.digest ? given.data : undefined),
    };
    const shelf = { store: store as ChainStore, keeper: { state }, archive: undefined, isHeldBack: () => isHeldBack };
    connectGossip(network as Network, {} as PipelineNode, {} as Mempool, shelf, () => {});
    return { network: network as Network, timeoutMs: 3_000 };
  }

  it("is a checkpoint, and no other than the one whose digest was asked for", async () => {
    const held = await whole();
    const peers = askerOf(genesis(), held);
    for (const [digest, isServed] of [
      [undefined, true],
      [held.digest, true],
      [hash("another"), false],
    ] as const) {
      expect((await fetchCheckpoint(peers, { slot: 1, digest }, kzg, 3)) !== undefined).to.equal(isServed);
    }
  });

  it("is also one that it has given up, to whoever names it", async () => {
    const given = await whole();
    const peers = askerOf(genesis(), undefined, false, given);
    expect(await fetchCheckpoint(peers, { slot: 1, digest: given.digest }, kzg, 3)).to.deep.equal(given.data);
    expect(await fetchCheckpoint(peers, { slot: 1, digest: undefined }, kzg, 3)).to.equal(undefined);
  });

  it("is not what is held back", async () => {
    const peers = askerOf(genesis(), await whole(), true);
    expect(await fetchCheckpoint(peers, { slot: 1, digest: undefined }, kzg, 3)).to.equal(undefined);
  });

  it("is the certificates of a slot, of skip votes too, and nothing when there are none", async () => {
    const skip = { ...skipCertificate(2), signature: SIGNATURE };
    const peers = askerOf(addCertificate(genesis(), skip).state);
    expect(await fetchCertificates(peers, 2)).to.deep.equal([skip]);
    expect(await fetchCertificates(peers, 1)).to.deep.equal([]);
  });
});
