import { expect } from "chai";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { getEvents } from "../../../sdk/get/events.ts";
import type { LandingTerms } from "../../../sdk/get/terms.ts";
import { GAS_ACCURACY } from "../../../sdk/simulate/gas.ts";
import { createSimulator, type SimulationResult, type Simulator } from "../../../sdk/simulate/simulator.ts";
import { verdictOf } from "../../../sdk/simulate/verdict.ts";
import { anvilL1, hardhatL1, type TestL1 } from "../submit/l1.ts";
import { GENESIS, makeCheckpoint, parentOf } from "../world/checkpoints.ts";
import { type Random, randomFrom } from "../world/random.ts";
import { type Mined, mineCall } from "../world/transact.ts";
import { createWorld, type World } from "../world/world.ts";
import { type Case, drawPlan, makeCase, RECIPIENT, requestOf, scriptedPlans } from "./cases.ts";

/** Cases per node, the scripted ones among them. */
const CASES = Number(process.env.SIMULATE_CASES ?? 45);
const SEED = Number(process.env.SIMULATE_SEED ?? Date.now() % 1_000_000);

const TIP_SLOT = 5;

const NODES: Record<string, () => Promise<TestL1>> = {
  "the Hardhat network": hardhatL1,
  anvil: () => anvilL1("prague"),
};

for (const [name, start] of Object.entries(NODES)) {
  describe(`simulation against what then happens on ${name}`, () => {
    let world: World;
    let simulator: Simulator;
    let snapshot: string;
    const random: Random = randomFrom(SEED);
    const verdicts: Record<string, number> = { ok: 0, notYet: 0, duplicate: 0, stale: 0, invalid: 0 };
    const reasons: Record<string, number> = {};
    const gasErrors: number[] = [];

    before(async function () {
      this.timeout(120_000);
      world = await createWorld(await start());
      const first = await makeCheckpoint(world, TIP_SLOT, GENESIS);
      await land(world, first, tipTime(world));
      simulator = await createSimulator({ provider: world.l1.provider, rollup: world.rollup });
      snapshot = String(await world.l1.provider.send("evm_snapshot", []));
    });

    after(() => world.l1.close());

    it(`foresees verdict, error, terms and gas of ${CASES} drawn cases (seed ${SEED})`, async function () {
      this.timeout(600_000);
      const scripted = scriptedPlans();
      const tip = parentOf(await makeCheckpoint(world, TIP_SLOT, GENESIS));
      for (let index = 0; index < CASES; index++) {
        const plan = scripted[index] ?? drawPlan(random);
        const drawn = await makeCase(world, tip, tipTime(world), plan, random);
        const { foreseen, mined } = await run(drawn);
        const where = `seed ${SEED}, case ${index}: ${JSON.stringify(plan)}`;
        verdicts[foreseen.verdict] = (verdicts[foreseen.verdict] ?? 0) + 1;
        await compare(drawn, foreseen, mined, where);
        await world.l1.provider.send("evm_revert", [snapshot]);
        snapshot = String(await world.l1.provider.send("evm_snapshot", []));
      }
      console.log(
        `      seed ${SEED}, ${CASES} cases:`,
        verdicts,
        reasons,
        `gas estimate less receipt:`,
        range(gasErrors),
      );
      for (const [verdict, count] of Object.entries(verdicts)) expect(count, verdict).to.be.greaterThan(0);
    });

    async function run({ before, landedBefore, attempt }: Case): Promise<{ foreseen: SimulationResult; mined: Mined }> {
      for (const { checkpoint, timeSec } of before.slice(0, landedBefore)) await land(world, checkpoint, timeSec);
      const assumed = before
        .slice(Math.max(0, landedBefore - 1))
        .map(({ checkpoint, timeSec }) => ({ ...checkpoint.submission, landedAtSec: timeSec }));
      const request = requestOf(world, attempt, assumed);
      const foreseen = await simulator.simulate(request);
      for (const { checkpoint, timeSec } of before.slice(landedBefore)) await land(world, checkpoint, timeSec);
      const mined = await mineCall(world, {
        from: world.senders[attempt.sender],
        data: buildCalldata(request),
        blobs: attempt.blobs,
        timeSec: attempt.timeSec,
        baseFeeWei: attempt.baseFeeWei,
      });
      return { foreseen, mined };
    }

    async function compare(drawn: Case, foreseen: SimulationResult, mined: Mined, where: string): Promise<void> {
      if (foreseen.verdict !== "ok") {
        expect(mined.error?.message, where).to.equal(foreseen.error.message);
        expect(mined.error && verdictOf(mined.error), where).to.equal(foreseen.verdict);
        reasons[foreseen.error.name] = (reasons[foreseen.error.name] ?? 0) + 1;
        return;
      }
      expect(mined.error?.message, where).to.equal(undefined);
      const terms = await landedTerms(mined.blockNumber);
      expect(terms, where).to.deep.equal(foreseen.landings);
      const gasError = foreseen.cost.gas - mined.gasUsed;
      gasErrors.push(Number(gasError));
      expect(gasError >= -GAS_ACCURACY && gasError <= GAS_ACCURACY, `${where}: ${gasError} gas off`).to.equal(true);
      expect(foreseen.cost.costWei - gasError * mined.gasPriceWei, where).to.equal(mined.paidWei);
      expect(foreseen.cost.gasLimit > mined.gasUsed, where).to.equal(true);
      expect(drawn.attempt.submissions.length, where).to.be.at.least(terms.length);
    }

    async function landedTerms(blockNumber: number): Promise<LandingTerms[]> {
      const events = await getEvents({ provider: world.l1.provider, rollup: world.rollup }, blockNumber, blockNumber);
      return events.flatMap((event) => {
        if (event.type !== "submitted") return [];
        const { submission: _submission, parent: _parent, words: _words, ...terms } = event.checkpoint;
        return [terms];
      });
    }
  });
}

const tipTime = ({ config }: World): number => config.genesisTime + TIP_SLOT * config.slotSeconds;

async function land(
  world: World,
  checkpoint: Awaited<ReturnType<typeof makeCheckpoint>>,
  timeSec: number,
): Promise<void> {
  const data = buildCalldata({ submissions: [checkpoint.submission], recipient: RECIPIENT, deadlineSec: timeSec });
  const mined = await mineCall(world, { from: world.senders.bonded, data, blobs: checkpoint.blobs, timeSec });
  if (mined.error) throw new Error(`a proper checkpoint did not land: ${mined.error.message}`);
}

function range(values: readonly number[]): string {
  return `${Math.min(...values)} to ${Math.max(...values)}`;
}
