import { expect } from "chai";
import type { OwnValidator } from "../../../sdk/agent/guard/interface.ts";
import { LocalSigner } from "../../../sdk/agent/guard/local-signer.ts";
import { blockProposalCodec } from "../../../sdk/agent/messages/block-proposal.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { getProposer } from "../../../sdk/get/validators.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ForeignClient } from "../engine/api/foreign-client.ts";
import { untilPeers } from "../network/fixtures.ts";
import { MemoryGuard } from "../pipeline/support.ts";
import { type FreshAgent, openNetwork, ShiftedClock, startFresh } from "./agent.ts";
import { buildChain, type ChainOnL1 } from "./chain.ts";

const SLOTS = 4;
const COINBASE: Hex = `0x${"c1".repeat(20)}`;

describe("a whole agent on an execution client by others", function () {
  // The client is a process that takes seconds to start, and a slot is built in real time.
  this.timeout(240_000);

  let chain: ChainOnL1;
  let clock: ShiftedClock;
  let client: ForeignClient | undefined;
  let agent: FreshAgent;
  /** The first slot after the next whose proposer is another than the next one's. */
  let ownSlot: number;
  const events: PipelineEvent[] = [];

  before(async () => {
    chain = await buildChain(SLOTS);
    const { world, lastSlot } = chain;
    const at = { provider: world.l1.provider, rollup: world.rollup };
    const [next, ...later] = await Promise.all([1, 2, 3].map((ahead) => getProposer(at, lastSlot + ahead)));
    const ahead = later.findIndex((proposer) => proposer !== next);
    expect(ahead, "the test's chain has such a slot").to.be.at.least(0);
    ownSlot = lastSlot + 2 + ahead;
    clock = new ShiftedClock(chain.timetable.startMs(lastSlot) + 3_000);
    agent = await startFresh(chain, clock, {
      blobSources: [{ name: "kept", get: async (wanted) => chain.blobs.get(wanted)?.blob }],
      validators: [validatorOf(later[ahead] as number)],
      openEngine: async (genesis) => {
        client = new ForeignClient(genesis);
        await client.start();
        return client.open({ buildMs: 100 });
      },
    });
    agent.agent.events.on((event) => events.push(event));
  });
  after(async () => {
    await agent?.stop();
    await client?.cleanUp();
    await chain.close();
  });

  function validatorOf(index: number): OwnValidator {
    const { chainId, rollup, secretKeys } = chain.world;
    const guard = new MemoryGuard();
    const options = { secretKey: secretKeys[index] as Uint8Array, chainId: Number(chainId), rollup };
    return { guard, coinbase: COINBASE, signer: new LocalSigner(options, { guard, bls: BLS }) };
  }

  it("syncs from nothing to L1's tip", async () => {
    await agent.until(({ submitted }) => submitted.slot === chain.lastSlot);
    expect(agent.tips().submitted.blockHash).to.equal(chain.lastBlockHash);
  });

  it("follows gossip", async () => {
    const peer = await openNetwork(chain, clock, agent.network.addresses);
    await peer.start();
    try {
      const block = await chain.nextBlock();
      await untilPeers(peer, () => peer.subscriberCount("blocks") > 0);
      clock.set(chain.timetable.startMs(chain.lastSlot) + 4_000);
      await peer.publish("blocks", blockProposalCodec.encode(block));
      await agent.until(({ head }) => head.blockHash === block.blockHash);
    } finally {
      await peer.stop();
    }
  });

  it("builds a checkpoint of its own slot, with what a discarded block had shown, and proposes it", async () => {
    const { buildStartMs } = chain.timetable.of(ownSlot);
    clock.set(buildStartMs + 6_000);
    await agent.until(({ proposed }) => proposed.slot === ownSlot);
    const built = events.flatMap((event) =>
      event.type === "head" && event.block.slot === ownSlot ? [event.block] : [],
    );
    expect(built.length).to.be.greaterThan(1);
    expect(built.reduce((sum, block) => sum + block.transactionCount, 0)).to.be.greaterThan(0);
    expect(events.filter(({ type }) => type === "missed-duty")).to.deep.equal([]);
    expect(client?.lost).to.deep.equal([]);
  });
});
