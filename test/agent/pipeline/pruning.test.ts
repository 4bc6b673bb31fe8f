import { expect } from "chai";
import { slotStart } from "../../../sdk/get/config.ts";
import { getTips } from "../../../sdk/get/tips.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { account, hardhatL1 } from "../../sdk/submit/l1.ts";
import { GENESIS, makeCheckpoint, parentOf } from "../../sdk/world/checkpoints.ts";
import { transact } from "../../sdk/world/transact.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { GENESIS_HASH } from "../chain/support.ts";
import { heldAs, L1Agent } from "./l1-agent.ts";

const SLOT = 6;
/** Slot 6 is of epoch 1, whose checkpoints can be proven until epoch 2 is over. */
const PRUNABLE_SLOT = 12;

describe("agents of a rollup on which nobody proves anything", () => {
  let world: World;

  before(async () => {
    const verifier: Hex = `0x${"00".repeat(19)}01`;
    world = await createWorld(await hardhatL1(), { verifier, proofWindowEpochs: 1 });
  });
  after(() => world.l1.close());

  const at = (slot: number, seconds: number): number => slotStart(world.config, slot) + seconds;

  it("prune what was not proven in time, as soon as that is allowed; its transactions return as one, in order", async () => {
    const first = await makeCheckpoint(world, SLOT, GENESIS);
    const second = await makeCheckpoint(world, SLOT + 1, parentOf(first));
    const { lastBlockHash } = first.submission.header;
    const held = [heldAs(first, GENESIS, GENESIS_HASH, true), heldAs(second, parentOf(first), lastBlockHash, true)];
    const proposes = [SLOT, SLOT + 1, PRUNABLE_SLOT - 1, PRUNABLE_SLOT];
    const agent = await L1Agent.start(world, {
      validator: 0,
      proposes,
      account: account(6, world.l1.provider),
      held,
    });
    await world.l1.provider.send("evm_mine", [at(SLOT, 0)]);
    for (const slot of [SLOT, SLOT + 1]) expect((await agent.act(at(slot, 2))).status).to.equal("sent");
    expect(agent.state.submitted.slot).to.equal(SLOT + 1);

    // Nothing lands in this epoch: without it the agent would have the next one's proposers chosen.
    await transact(world, account(6, world.l1.provider), "poke", [], at(PRUNABLE_SLOT, -4));
    await world.l1.provider.send("evm_mine", [at(PRUNABLE_SLOT, -2)]);
    expect((await agent.act(at(PRUNABLE_SLOT, -1))).status, "not before").to.equal("stopped");
    await world.l1.provider.send("evm_mine", [at(PRUNABLE_SLOT, 0)]);
    expect((await agent.act(at(PRUNABLE_SLOT, 2))).status).to.equal("sent");

    expect((await getTips({ provider: world.l1.provider, rollup: world.rollup })).number).to.equal(0);
    expect(agent.state.submitted.slot).to.equal(0);
    expect(agent.state.unsubmitted).to.deep.equal([]);
    const discards = agent.harness.events.filter(({ type }) => type === "discarded");
    expect(discards.map((event) => event.type === "discarded" && event.discarded.reason)).to.deep.equal([
      "removed-on-l1",
      "parent-discarded",
    ]);
    const blocks = held.flatMap((entry) => entry.blocks.map(({ hash }) => `${hash}ff`));
    expect(agent.harness.returned).to.deep.equal([blocks]);
    await agent.act(at(PRUNABLE_SLOT, 6));
    expect(agent.journal.state.records, "two landings, and one pruning").to.have.length(3);
  });
});
