import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { getBytes, Wallet } from "ethers";
import { blockProposalCodec, blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { checkpointProposalCodec } from "../../../sdk/agent/messages/checkpoint-proposal.ts";
import { MAX_MESSAGE_BYTES } from "../../../sdk/agent/messages/limits.ts";
import { transactionCodec } from "../../../sdk/agent/messages/transaction.ts";
import type { Topic } from "../../../sdk/agent/network/interface.ts";
import { MAX_MESSAGES_IN_FLIGHT_PER_PEER, type NetworkIdentity } from "../../../sdk/agent/network/options.ts";
import { digestOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import type { BlockProposal, CheckpointProposal } from "../../../sdk/agent/types/messages.ts";
import type { Verdict } from "../../../sdk/agent/types/verdict.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { getProposer } from "../../../sdk/get/validators.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { proposal as anyProposal } from "../chain/support.ts";
import { type CrudePeer, crudePeer } from "../network/crude-peer.ts";
import { type FreshAgent, ShiftedClock, startFresh } from "./agent.ts";
import { buildChain, type ChainOnL1 } from "./chain.ts";

const hash = (): Hex => `0x${randomBytes(32).toString("hex")}`;
const FLOOD = 400;
const NOBODY = `0x${"22".repeat(20)}`;

describe("a real agent on real sockets, among peers that misbehave", function () {
  // An agent that has synced a chain from L1, and a socket for each peer.
  this.timeout(40_000);

  let chain: ChainOnL1;
  let clock: ShiftedClock;
  let agent: FreshAgent;
  let peer: CrudePeer;
  let slot: number;
  let proposerKey: Uint8Array;
  let strangerKey: Uint8Array;
  let identity: NetworkIdentity;
  let peers = 0;
  let index = 0;

  before(async () => {
    chain = await buildChain(2);
    const { world, timetable } = chain;
    slot = chain.lastSlot + 1;
    const proposer = await getProposer({ provider: world.l1.provider, rollup: world.rollup }, slot);
    proposerKey = world.secretKeys[proposer] as Uint8Array;
    strangerKey = world.secretKeys[(proposer + 1) % world.secretKeys.length] as Uint8Array;
    identity = { chainId: Number(world.chainId), rollup: world.rollup, parameters: timetable.parameters };
    clock = new ShiftedClock(timetable.of(slot).buildStartMs + 1_000);
    const blobs = { name: "kept", get: async (wanted: Hex) => chain.blobs.get(wanted)?.blob };
    agent = await startFresh(chain, clock, { blobSources: [blobs] });
    await agent.until(({ submitted }) => submitted.slot === chain.lastSlot);
  });
  beforeEach(async () => {
    clock.set(chain.timetable.of(slot).buildStartMs + 1_000);
    peer = await crudePeer(identity, 100 + ++peers, agent.network.addresses[0] as string);
    await until(() => agent.network.peerCount() > 0);
    // Until its stream is open, what it sends goes nowhere: something that does no harm comes first.
    const { transactions } = agent.network.counters.verdicts;
    const before = transactions.ignore;
    while (transactions.ignore === before) {
      await peer.send("transactions", await unpaidTransaction());
      await clock.sleepUntil(clock.nowMs() + 10);
    }
  });
  afterEach(async () => {
    await peer.stop();
    await until(() => agent.network.peerCount() === 0);
  });
  after(async () => {
    await agent.stop();
    await chain.close();
  });

  /** A transaction that its sender cannot pay for. */
  async function unpaidTransaction(): Promise<Uint8Array> {
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
    const unsigned = { type: 2, chainId: 77, nonce: 0, to: NOBODY, value: 1n, gasLimit: 21_000, ...fees };
    const raw = await Wallet.createRandom().signTransaction(unsigned);
    return transactionCodec.encode(getBytes(raw));
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await clock.sleepUntil(clock.nowMs() + 10);
  }

  const sign = (kind: "block" | "proposal", of: number, digest: Hex, key: Uint8Array): Hex =>
    BLS.sign(signingMessage(kind, { chainId: chain.world.chainId, rollup: chain.world.rollup, slot: of }, digest), key);

  /** A block that its proposer signed, and whose parent nobody has. */
  function block(over: Partial<BlockProposal> = {}, key = proposerKey): BlockProposal {
    const data = new Uint8Array(randomBytes(100));
    const first = {
      slot,
      index: 1 + (index++ % 8),
      attempt: 1,
      last: false,
      parentHash: hash(),
      blockHash: hash(),
      data,
    };
    const unsigned = { ...first, ...over } as Omit<BlockProposal, "signature">;
    return { ...unsigned, signature: sign("block", unsigned.slot, blockProposalDigest(unsigned), key) };
  }

  /** A proposal that its proposer signed, and of which nobody has the blocks. */
  function proposal(over: Partial<CheckpointProposal> = {}, key = proposerKey): CheckpointProposal {
    const content = { ...anyProposal(slot), inboxHash: hash(), blobHashes: [`0x01${hash().slice(4)}` as Hex], ...over };
    const of = { chainId: chain.world.chainId, rollup: chain.world.rollup };
    return { ...content, signature: sign("proposal", content.header.slot, digestOf(of, content), key) };
  }

  const showBlock = (shown: BlockProposal): Promise<void> => peer.send("blocks", blockProposalCodec.encode(shown));
  const showProposal = (shown: CheckpointProposal): Promise<void> =>
    peer.send("checkpoints", checkpointProposalCodec.encode(shown));

  /** What comes of these messages: the verdicts, once there is one for each. */
  async function verdictsOn(
    topic: Topic,
    count: number,
    send: () => Promise<void>,
  ): Promise<Record<Verdict["verdict"], number>> {
    const before = { ...agent.network.counters.verdicts[topic] };
    const since = (): Record<Verdict["verdict"], number> => {
      const { accept, ignore, reject } = agent.network.counters.verdicts[topic];
      return { accept: accept - before.accept, ignore: ignore - before.ignore, reject: reject - before.reject };
    };
    await send();
    await until(() => since().accept + since().ignore + since().reject >= count);
    return since();
  }

  const score = (): number => agent.network.scoreOf(peer.peerId);

  /** At its third such message, or a later one: on a slow machine the first may have faded a little. */
  async function expectCutOff(topic: Topic, message: () => Uint8Array): Promise<void> {
    for (let at = 0; at < 20 && peer.isConnected(); at++) {
      await peer.send(topic, message()).catch(() => undefined);
      await clock.sleepUntil(clock.nowMs() + 10);
    }
    await until(() => !peer.isConnected());
    await until(() => agent.network.peerCount() === 0);
    expect(score()).to.be.lessThan(0);
  }

  function expectUnharmed(): void {
    expect(score()).to.be.at.least(0);
    expect(peer.isConnected()).to.equal(true);
  }

  it("cuts off who floods it with what is no message, at the third, and is bounded meanwhile", async () => {
    const { counters } = agent.network;
    const silenced = counters.silenced;
    let most = 0;
    const before = counters.verdicts.blocks.reject;
    for (let at = 0; at < FLOOD && peer.isConnected(); at++) {
      await peer.send("blocks", randomBytes(500)).catch(() => undefined);
      most = Math.max(most, agent.network.judging("blocks"));
    }
    await expectCutOff("blocks", () => randomBytes(500));
    const back: unknown = await peer.dial().catch((error: unknown) => error);
    if (back === undefined) await until(() => !peer.isConnected());
    expect(agent.network.peerCount(), "it is not taken back").to.equal(0);
    expect(counters.silenced - silenced).to.equal(1);
    expect(counters.verdicts.blocks.reject - before).to.be.within(3, MAX_MESSAGES_IN_FLIGHT_PER_PEER.blocks + 3);
    expect(most).to.be.at.most(MAX_MESSAGES_IN_FLIGHT_PER_PEER.blocks);
  });

  const crimes: [what: string, topic: Topic, message: () => Uint8Array][] = [
    ["messages that are too large", "votes", () => randomBytes(MAX_MESSAGE_BYTES.votes + 1)],
    ["blocks that are too large", "blocks", () => randomBytes(MAX_MESSAGE_BYTES.blocks + 1)],
    ["blocks that another validator signed", "blocks", () => blockProposalCodec.encode(block({}, strangerKey))],
    [
      "proposals that another validator signed",
      "checkpoints",
      () => checkpointProposalCodec.encode(proposal({}, strangerKey)),
    ],
    ["blocks beyond the slot's last", "blocks", () => blockProposalCodec.encode(block({ index: 200 }))],
  ];
  for (const [what, topic, message] of crimes) {
    it(`cuts off who sends ${what}`, async () => {
      const verdicts = await verdictsOn(topic, 1, () => peer.send(topic, message()));
      expect(verdicts).to.deep.equal({ accept: 0, ignore: 0, reject: 1 });
      expect(score()).to.be.lessThan(0);
      expect(peer.isConnected()).to.equal(true);
      await expectCutOff(topic, message);
    });
  }

  const pardonable: [what: string, slotsAway: number][] = [
    ["stale", -2],
    ["of the future", 40],
  ];
  for (const [what, slotsAway] of pardonable) {
    it(`ignores blocks and proposals that are ${what}, and blames nobody for them`, async () => {
      const other = slot + slotsAway;
      const blocks = await verdictsOn("blocks", 20, async () => {
        for (let at = 0; at < 20; at++) await showBlock(block({ slot: other }));
      });
      expect(blocks).to.deep.equal({ accept: 0, ignore: 20, reject: 0 });
      const header = { ...anyProposal(other).header, slot: other };
      const proposals = await verdictsOn("checkpoints", 1, () => showProposal(proposal({ header })));
      expect(proposals).to.deep.equal({ accept: 0, ignore: 1, reject: 0 });
      expectUnharmed();
    });
  }

  it("takes a block of a clock that is a little ahead, and blames nobody at the slot's edge", async () => {
    const { clockDisparityMs } = chain.timetable.parameters;
    const { buildStartMs } = chain.timetable.of(slot);
    clock.set(buildStartMs - clockDisparityMs / 2);
    expect(await verdictsOn("blocks", 1, () => showBlock(block()))).to.include({ accept: 1, reject: 0 });
    clock.set(buildStartMs - 60 * clockDisparityMs);
    expect(await verdictsOn("blocks", 1, () => showBlock(block()))).to.include({ ignore: 1, reject: 0 });
    expectUnharmed();
  });

  it("judges what is replayed once, and takes the second of two blocks for nobody's fault but its author's", async () => {
    const first = block();
    expect(await verdictsOn("blocks", 1, () => showBlock(first))).to.include({ accept: 1 });
    const second = block({ index: first.index });
    const others = await verdictsOn("blocks", 1, async () => {
      await showBlock(first);
      await showBlock(second);
    });
    expect(others).to.deep.equal({ accept: 0, ignore: 1, reject: 0 });
    expectUnharmed();
  });

  it("keeps the evidence of two proposals, and of a flood of halves no more than one", async () => {
    const halves = Array.from({ length: 12 }, () => proposal());
    const verdicts = await verdictsOn("checkpoints", halves.length, async () => {
      for (const half of halves) await showProposal(half);
    });
    expect(verdicts).to.deep.equal({ accept: 1, ignore: halves.length - 1, reject: 0 });
    await until(() => agent.agent.evidence.pairs.length > 0);
    const [pair] = agent.agent.evidence.pairs;
    expect(pair).to.include({ isOver: false });
    expect([pair?.first.kind, pair?.second.kind, pair?.first.slot]).to.deep.equal(["proposal", "proposal", slot]);
    const waiting = agent.agent.queues()["waiting-room"];
    expect(waiting.length).to.be.within(1, waiting.bound);
    expect(agent.tips().proposed.slot).to.equal(chain.lastSlot);
    expectUnharmed();
  });

  it("keeps no more of blocks without a parent than its waiting room holds", async () => {
    const waiting = (): { length: number; bound: number } => agent.agent.queues()["waiting-room"];
    for (let attempt = 0; attempt < 2; attempt++) {
      for (let at = 0; at < 10; at++) await showBlock(block({ attempt: attempt as 0 | 1, index: at }));
    }
    await until(() => waiting().length > 1);
    expect(waiting().length).to.be.at.most(waiting().bound);
    expectUnharmed();
  });
});
