import { expect } from "chai";
import { keccak256, type Wallet } from "ethers";
import { bases } from "../../../sdk/agent/chain/state.ts";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { CandidateEngine, ChainReader } from "../../../sdk/agent/engine/interface.ts";
import type { InboxDue, InboxView } from "../../../sdk/agent/l1/interface.ts";
import type { Mempool } from "../../../sdk/agent/mempool/interface.ts";
import { attributesOf } from "../../../sdk/agent/pipeline/rules.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { benchOf, pooled } from "../builder/support.ts";
import { genesis, hash, timetable } from "../chain/support.ts";
import { genesis as l2Genesis, transfer, Workshop, wallets } from "../engine/fixture.ts";
import { checkpointOn, emptyInbox, followerOf, type Holdings, rules } from "./support.ts";

const SLOT = 1;
const START_MS = timetable.of(SLOT).startMs;
const parent = bases(genesis())[0]!;

/** The same messages for whoever asks. */
const inboxOf = (due: Partial<InboxDue>): InboxView => ({
  due: (slot, count) => ({ ...(emptyInbox.due(slot, count) as InboxDue), ...due }),
});

/** What a node makes of a checkpoint that another one proposes. */
async function judged(proposed: Holdings, held: Holdings) {
  const { data } = await checkpointOn(parent, SLOT, "", proposed);
  const harness = followerOf(genesis(), START_MS, held);
  for (const block of data.blocks) await harness.follower.onBlock(block);
  await harness.follower.onProposal(data.proposal);
  const entry = harness.keeper.state.unsubmitted[0];
  return {
    blocks: entry?.blocks.length ?? 0,
    isAccepted: entry?.proposed !== undefined,
    said: harness.log.fields.at(-1),
  };
}

describe("a checkpoint proposal", () => {
  it("with the outbox root that execution gave is accepted", async () => {
    const held = { outboxRoot: hash("root") };
    expect(await judged(held, held)).to.include({ blocks: 2, isAccepted: true });
  });

  it("with another outbox root is refused, and the log says which was expected", async () => {
    const { isAccepted, said } = await judged({ outboxRoot: hash("forged") }, { outboxRoot: hash("root") });
    expect(isAccepted).to.equal(false);
    expect(said).to.deep.equal({
      slot: SLOT,
      code: "outbox-root",
      reason: `outbox-root: expected ${hash("root")}, got ${hash("forged")}`,
    });
  });

  it("with another hash of the messages is refused", async () => {
    const [here, there] = ["here", "there"].map((what) => ({ inbox: inboxOf({ hash: hash(what) }) }));
    expect(await judged(here!, here!)).to.include({ isAccepted: true });
    const { isAccepted, said } = await judged(there!, here!);
    expect(isAccepted).to.equal(false);
    expect(said).to.include({ code: "inbox-hash" });
  });
});

describe("a block without the forced transactions that are due", () => {
  it("is refused with a code of its own, and the engine was told what is due", async () => {
    const told: unknown[] = [];
    const { blocks, said } = await judged(
      {},
      {
        inbox: inboxOf({ forced: ["0x01", "0x02"] }),
        judge: async (_payload, forced) => {
          told.push(forced);
          return { status: "INVALID", code: "forced-transactions", reason: "transaction 0: …" };
        },
      },
    );
    expect(blocks).to.equal(0);
    expect(told[0]).to.deep.equal(["0x01", "0x02"]);
    expect(said).to.include({ code: "forced-transactions", index: 0 });
  });

  it("is no matter of the checkpoint's later blocks", async () => {
    const told: unknown[] = [];
    const inbox = inboxOf({ forced: ["0x01"] });
    await judged(
      {},
      {
        inbox,
        judge: async (_payload, forced) => {
          told.push(forced);
          return { status: "VALID" };
        },
      },
    );
    expect(told).to.deep.equal([["0x01"], []]);
  });
});

describe("a block builder with forced transactions", () => {
  const workshop = new Workshop();
  const [alice, bob] = wallets as [Wallet, Wallet];
  let engine: EmbeddedEngine;
  let judge: EmbeddedEngine;
  before(async () => {
    const config = { ...l2Genesis, timestamp: timetable.blockTimestamp(SLOT, 0) - 1 };
    [engine, judge] = [
      await workshop.open(workshop.path(), () => 0, config),
      await workshop.open(workshop.path(), () => 0, config),
    ];
  });
  after(() => workshop.cleanUp());

  it("puts them first, and does not throw out of the pool what was forced from elsewhere", async () => {
    const forced = await transfer(alice, 0, bob.address);
    const waiting = [forced, await transfer(bob, 0, alice.address), await transfer(alice, 0, bob.address, 2n)];
    const offered = waiting.map((raw) => pooled({ tip: 1n, raw, hash: keccak256(raw) as Hex }));
    const dropped = new Map<Hex, string>();
    let looks = 0;
    const mempool: Partial<Mempool> = {
      epoch: 1,
      pick: () => {
        looks++;
        return offered;
      },
      drop: (one, reason) => void dropped.set(one, reason),
    };
    const chain: Partial<CandidateEngine & ChainReader> = {
      startPayload: (...args) => engine.startPayload(...args),
      appendTransactions: (...args) => engine.appendTransactions(...args),
      sealCandidate: (...args) => engine.sealCandidate(...args),
      keepCandidate: (...args) => engine.keepCandidate(...args),
      dropPayload: (id) => engine.dropPayload(id),
      getNextBaseFee: (block) => engine.reader.getNextBaseFee(block),
    };
    const clock = new ManualClock(0);
    const { builder } = benchOf(
      {},
      {
        engine: chain as CandidateEngine & ChainReader,
        mempool: mempool as Mempool,
        clock,
        head: () => engine.genesisHash,
      },
    );
    const share = { withdrawals: [], forced: ["0xc0ffee" as Hex, forced] };
    const attributes = attributesOf(rules, SLOT, 0, `0x${"11".repeat(20)}`, share);
    const building = builder.build(
      engine.genesisHash,
      attributes,
      { startMs: 0, endMs: 10_000 },
      100_000,
      new AbortController().signal,
    );
    // The second look finds nothing new: from there on the builder waits for its deadline.
    while (looks < 2) await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advanceTo(10_000);
    const { payload } = await building;
    expect(payload.transactions).to.deep.equal([forced, waiting[1]]);
    expect([...dropped.keys()], "only what can never run").to.deep.equal([keccak256(waiting[2] as Hex)]);
    expect(await judge.newPayload(payload, share.forced)).to.deep.equal({ status: "VALID" });
  });
});
