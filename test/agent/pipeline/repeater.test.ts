import { expect } from "chai";
import { keccak256 } from "ethers";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../../sdk/agent/mempool/pool.ts";
import { transactionCodec } from "../../../sdk/agent/messages/transaction.ts";
import { MemoryHub, PERFECT_LINK } from "../../../sdk/agent/network/memory-hub.ts";
import { MemoryNetwork } from "../../../sdk/agent/network/memory-network.ts";
import { connectGossip, type Shelf } from "../../../sdk/agent/pipeline/gossip.ts";
import type { PipelineNode } from "../../../sdk/agent/pipeline/node.ts";
import { Repeater } from "../../../sdk/agent/pipeline/repeater.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hexToBytes } from "../../../sdk/types/hex.ts";
import { timetable } from "../chain/support.ts";
import { CHAIN_ID, keptLog, poolFixture, sign } from "../mempool/support/fixture.ts";
import { IDENTITY, KeptLog } from "../network/fixtures.ts";
import { recorder } from "./support.ts";

const SLOT_MS = timetable.parameters.slotSeconds * 1000;
const LOOKS_PER_SLOT = 20;

interface Member {
  name: string;
  pool: TransactionPool;
  repeater: Repeater;
  /** What it sent again. */
  sent: Hex[];
  publish: (raw: Hex) => Promise<void>;
}

/** Agents that gossip transactions on one clock, of which each counts what it sends again. */
async function setUp(agents: number) {
  const { chain, wallets } = poolFixture();
  const clock = new ManualClock();
  await clock.advanceTo(timetable.startMs(1));
  const hub = new MemoryHub({ seed: 1, link: PERFECT_LINK }, { clock });
  const members: Member[] = [];
  for (let at = 0; at < agents; at++) {
    const pool = new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: CHAIN_ID },
      { chain, clock, log: keptLog().log },
    );
    const network = new MemoryNetwork(
      { peerId: `peer-${at}`, identity: { ...IDENTITY, parameters: timetable.parameters } },
      { hub, log: new KeptLog() },
    );
    const sent: Hex[] = [];
    const publish = (raw: Hex) => network.publish("transactions", transactionCodec.encode(hexToBytes(raw)));
    const repeater = new Repeater({
      mempool: pool,
      chain,
      timetable,
      peerId: network.peerId,
      publish: async (raw) => {
        sent.push(raw);
        await publish(raw);
      },
      log: recorder(),
    });
    connectGossip(network, {} as PipelineNode, pool, {} as Shelf, (known) => repeater.noteHeard(known, clock.nowMs()));
    await network.start();
    members.push({ pool, repeater, sent, publish, name: network.peerId });
  }
  /** Time goes on, and everybody looks at what is due. */
  const pass = async (slots: number): Promise<void> => {
    const endMs = clock.nowMs() + slots * SLOT_MS;
    while (clock.nowMs() < endMs) {
      await clock.advanceTo(clock.nowMs() + SLOT_MS / LOOKS_PER_SLOT);
      for (const { repeater } of members) repeater.tick(timetable.moment(clock.nowMs()));
      await clock.advanceTo(clock.nowMs());
    }
  };
  const holders = (raw: Hex): string[] =>
    members.filter(({ pool }) => pool.get(keccak256(raw) as Hex) !== undefined).map(({ name }) => name);
  return { chain, clock, hub, members, pass, holders, wallets };
}

describe("a transaction that waits in the pool", () => {
  it("is sent again once a partition is over, by one agent in a slot", async () => {
    const { hub, members, pass, holders, wallets } = await setUp(4);
    const [first] = members;
    const raw = await sign(wallets[0]!, 0);
    hub.partition(["peer-0", "peer-1"], ["peer-2", "peer-3"]);
    await first?.pool.add(raw);
    await first?.publish(raw);
    await pass(1);
    expect(holders(raw)).to.deep.equal(["peer-0", "peer-1"]);
    hub.heal();
    await pass(2);
    expect(holders(raw)).to.deep.equal(["peer-0", "peer-1", "peer-2", "peer-3"]);
    const before = members.flatMap(({ sent }) => sent).length;
    await pass(4);
    expect(members.flatMap(({ sent }) => sent)).to.have.length(before + 4);
  });

  it("is not sent again before a slot is over, nor while no block could take it, nor once it is in one", async () => {
    const { chain, clock, members, pass, wallets } = await setUp(1);
    const { pool, sent } = members[0]!;
    chain.baseFee = 20n;
    const [taken, gap, poor] = await Promise.all([
      sign(wallets[0]!, 0),
      sign(wallets[1]!, 1),
      sign(wallets[2]!, 0, { fee: 10n, tip: 1n }),
    ]);
    for (const raw of [taken!, gap!, poor!]) await pool.add(raw);
    const addedMs = clock.nowMs();
    await pass(0.95);
    expect(sent).to.deep.equal([]);
    await pass(1.1);
    expect(clock.nowMs() - addedMs).to.be.greaterThan(SLOT_MS);
    expect(sent).to.deep.equal([taken]);
    chain.set(wallets[0]!.address, 1);
    await pool.onBlock([taken!]);
    await pass(3);
    expect(sent).to.deep.equal([taken]);
  });
});
