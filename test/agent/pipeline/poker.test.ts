import { expect } from "chai";
import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { slotStart } from "../../../sdk/get/config.ts";
import type { GetError } from "../../../sdk/get/error.ts";
import { getProposer } from "../../../sdk/get/validators.ts";
import { account, hardhatL1 } from "../../sdk/submit/l1.ts";
import { createWorld, type World } from "../../sdk/world/world.ts";
import { L1Agent } from "./l1-agent.ts";

/** Epoch 1 has the slots 4 to 7; the deposits of the world end in slot 5. */
const EPOCH_SLOTS = 4;
const FIRST_OF_NEXT = 2 * EPOCH_SLOTS;

describe("an epoch in which nothing lands", () => {
  let world: World;

  before(async () => {
    world = await createWorld(await hardhatL1());
  });
  after(() => world.l1.close());

  const at = (slot: number, seconds: number): number => slotStart(world.config, slot) + seconds;
  const agentOf = (validator: number, proposes: number[]): Promise<L1Agent> =>
    L1Agent.start(world, { validator, proposes, account: account(5 + validator, world.l1.provider), held: [] });

  it("has its successor's seed stored by the next proposer, once; the first slot after it has a proposer in time", async () => {
    const first = await agentOf(0, [EPOCH_SLOTS + 2]);
    const second = await agentOf(1, [EPOCH_SLOTS + 3]);
    await world.l1.provider.send("evm_mine", [at(EPOCH_SLOTS + 2, 0)]);
    const before = await getProposer({ provider: world.l1.provider, rollup: world.rollup }, FIRST_OF_NEXT).catch(
      (error: GetError) => error.code,
    );
    expect(before).to.equal("reverted");

    expect((await second.act(at(EPOCH_SLOTS + 2, 2))).status, "not its slot").to.equal("stopped");
    expect((await first.act(at(EPOCH_SLOTS + 2, 4))).status).to.equal("sent");
    expect((await first.act(at(EPOCH_SLOTS + 2, 6))).status, "done").to.equal("stopped");
    expect((await second.act(at(EPOCH_SLOTS + 3, 2))).status, "done by another").to.equal("stopped");

    expect(await first.proposers.proposerOf(FIRST_OF_NEXT)).to.be.a("number");
    const topics = [new Interface(ROLLUP_ABI).getEvent("SeedStored")?.topicHash ?? null];
    const logs = await world.l1.provider.getLogs({ address: world.rollup, topics, fromBlock: 0 });
    expect(logs.map((log) => Number(log.topics[1]))).to.deep.equal([0, 1, 2]);
  });

  it("names its successor's first proposer by the contract's rule, though late, if nobody stored the seed", async () => {
    const next = FIRST_OF_NEXT + EPOCH_SLOTS;
    const agent = await agentOf(0, []);
    await world.l1.provider.send("evm_mine", [at(next, -2)]);
    await agent.readL1();
    expect(await agent.proposers.proposerOf(next)).to.equal(undefined);
    await world.l1.provider.send("evm_mine", [at(next, 0)]);
    await agent.readL1();
    expect(await agent.proposers.proposerOf(next)).to.be.a("number");
  });
});
