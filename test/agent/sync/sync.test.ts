import { expect } from "chai";
import type { BlobArchive, BlobSource } from "../../../sdk/agent/archive/interface.ts";
import { blockProposalCodec } from "../../../sdk/agent/messages/block-proposal.ts";
import {
  blobRequestCodec,
  checkpointDataCodec,
  checkpointRequestCodec,
} from "../../../sdk/agent/messages/checkpoint-data.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { untilPeers } from "../network/fixtures.ts";
import { type FreshAgent, openNetwork, ShiftedClock, startFresh } from "./agent.ts";
import { buildChain, type ChainOnL1 } from "./chain.ts";

/** Four slots are an epoch: parts of four. */
const SLOTS = 10;

/** What L1's blobs were, kept somewhere. */
class KeptBlobs implements BlobArchive {
  readonly name = "kept";
  readonly #blobs: ChainOnL1["blobs"];
  readonly asked: Hex[] = [];

  constructor(blobs: ChainOnL1["blobs"]) {
    this.#blobs = blobs;
  }

  has(hash: Hex): boolean {
    return this.#blobs.has(hash);
  }

  async get(hash: Hex): Promise<Uint8Array | undefined> {
    this.asked.push(hash);
    return this.#blobs.get(hash)?.blob;
  }

  put(): Promise<void> {
    return Promise.resolve();
  }
}

describe("a new agent with nothing but L1 and others to ask", function () {
  // Real agents on real sockets, a chain of epochs executed five times: seconds each.
  this.timeout(120_000);

  let chain: ChainOnL1;
  let clock: ShiftedClock;
  let first: FreshAgent;
  const running: { stop: () => Promise<void> }[] = [];

  before(async () => {
    chain = await buildChain(SLOTS);
    clock = new ShiftedClock(chain.timetable.startMs(chain.lastSlot) + 3_000);
    first = await start({ blobSources: [new KeptBlobs(chain.blobs)] });
  });
  afterEach(async () => {
    for (const one of running.splice(1).reverse()) await one.stop();
  });
  after(async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
    await chain.close();
  });

  async function start(around: Parameters<typeof startFresh>[2]): Promise<FreshAgent> {
    const fresh = await startFresh(chain, clock, around);
    running.push(fresh);
    return fresh;
  }

  const atTip = ({ submitted }: { submitted: { slot: number; blockHash: Hex } }): boolean =>
    submitted.slot === chain.lastSlot && submitted.blockHash === chain.lastBlockHash;

  it("reaches L1's tip by blobs alone, each checked against L1, and knows what is settled and final", async () => {
    await first.until((tips) => atTip(tips) && tips.finalized.slot === chain.settledSlot);
    const { settled, finalized, head } = first.tips();
    expect(head.blockHash).to.equal(chain.lastBlockHash);
    expect(finalized).to.deep.equal(settled);
    expect(first.agent.keeper.state.unsettled.every(({ entry }) => entry.proposed?.certificate !== undefined)).to.equal(
      true,
    );
  });

  it("reaches it by peers that serve checkpoints, and follows gossip from there", async () => {
    await first.until(atTip);
    const second = await start({ peers: first.network.addresses });
    await second.until(atTip);
    const block = await chain.nextBlock();
    await untilPeers(first.network, () => first.network.subscriberCount("blocks") > 0);
    clock.set(chain.timetable.startMs(chain.lastSlot) + 4_000);
    await first.network.publish("blocks", blockProposalCodec.encode(block));
    await second.until(({ head }) => head.blockHash === block.blockHash);
  });

  it("reaches it by peers that have pruned the checkpoints but keep the blobs", async () => {
    const archive = new KeptBlobs(chain.blobs);
    const pruned = await start({ archive, retainSlots: 2 });
    await pruned.until(atTip);
    const asked = archive.asked.length;
    const last = await start({ peers: pruned.network.addresses });
    await last.until(atTip);
    expect(archive.asked.length - asked, "blobs served").to.be.greaterThan(0);
  });

  it("loses nothing but time to peers that serve what is false or half, or stall", async () => {
    await first.until(atTip);
    const liar = await openNetwork(chain, clock, first.network.addresses);
    let lies = 0;
    liar.serve("checkpoint", async (request) => {
      const { slot } = (checkpointRequestCodec.decode(request) as { value: { slot: number } }).value;
      const honest = await first.network.request("checkpoint", request, 1_000).catch(() => undefined);
      const served = await liar.request(
        "checkpoint",
        checkpointRequestCodec.encode({ slot: slot - 1, digest: undefined }),
        1_000,
      );
      const data = served && checkpointDataCodec.decode(served);
      switch (lies++ % 4) {
        case 0:
          return served;
        case 1:
          return data?.ok ? checkpointDataCodec.encode({ ...data.value, blocks: data.value.blocks.slice(1) }) : honest;
        case 2:
          return new Uint8Array(1_000).fill(7);
        default:
          return new Promise(() => {});
      }
    });
    const false_ = [...chain.blobs.values()][0]?.blob;
    liar.serve("blob", async (request) => (blobRequestCodec.decode(request).ok ? false_ : undefined));
    await liar.start();
    running.push(liar);
    const misled = await start({ peers: [...liar.addresses, ...first.network.addresses] });
    await misled.until(atTip);
    expect(lies).to.be.greaterThan(3);
  });

  it("waits for a blob that nobody has, and goes on when somebody does", async () => {
    const withheld = [...chain.blobs.keys()].at(6) as Hex;
    let isThere = false;
    const kept = new KeptBlobs(chain.blobs);
    const source: BlobSource = {
      name: "withholding",
      get: async (hash) => (hash === withheld && !isThere ? undefined : kept.get(hash)),
    };
    const waiting = await start({ blobSources: [source] });
    await waiting.until(({ submitted }) => submitted.slot > 5);
    while (!waiting.log.lines.some((line) => line.includes("none of the archives"))) {
      await clock.sleepUntil(clock.nowMs() + 20);
    }
    expect(waiting.tips().submitted.slot).to.equal(10);
    isThere = true;
    await waiting.until(atTip);
  });
});
