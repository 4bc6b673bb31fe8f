import { expect } from "chai";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { getLogStatus, getOverview } from "../../../sdk/lens/chain.ts";
import { ACCOUNTS, logsIn, type TestRollup } from "../fixture.ts";
import { addressOf } from "../support/l1.ts";
import { deployLens } from "../support/lens.ts";
import { proofOf, provenFixtureOf } from "../support/proving.ts";

const load = provenFixtureOf();

const { unbonded, stranger } = ACCOUNTS;
const SLOT = 5;

async function landTwo(test: TestRollup): Promise<[CheckpointLog, CheckpointLog]> {
  const logs: CheckpointLog[] = [];
  for (const one of test.chain([SLOT, SLOT + 1])) logs.push(...logsIn(await test.land(unbonded, [one])));
  return logs as [CheckpointLog, CheckpointLog];
}

describe("lens: proofs", () => {
  it("says which checkpoints are proven", async () => {
    const test = await load();
    const lens = await deployLens(test);
    const [first, second] = await landTwo(test);
    const timeSec = test.time(SLOT + 2);
    expect(await getLogStatus(lens, first, timeSec)).to.include({ proven: false });
    await test.call(stranger, "prove", proofOf(first, first, addressOf(stranger)));
    expect(await getLogStatus(lens, first, timeSec)).to.include({ proven: true });
    expect(await getLogStatus(lens, second, timeSec)).to.include({ proven: false });
    expect(await getOverview(lens)).to.include({ provenNumber: 1 });
  });

  it("names the second from which a prune succeeds, and only of the first that is not proven", async () => {
    const test = await load();
    const lens = await deployLens(test);
    const [first, second] = await landTwo(test);
    await test.call(stranger, "prove", proofOf(first, first, addressOf(stranger)));
    const { prunableFrom } = await getLogStatus(lens, second, 0);
    const prune = (log: CheckpointLog, timeSec: number) => test.attempt(stranger, "prune", [log], { timeSec });
    const times: [CheckpointLog, number][] = [
      [second, prunableFrom - 1],
      [first, prunableFrom],
      [second, prunableFrom + 1],
    ];
    for (const [log, timeSec] of times) {
      const { pruneDue } = await getLogStatus(lens, log, timeSec);
      expect((await prune(log, timeSec)).succeeded).to.equal(pruneDue);
    }
    expect(await getLogStatus(lens, second, prunableFrom + 1)).to.include({ landed: false, pruneDue: false });
    expect((await test.rollup.tips()).number).to.equal(1n);
  });
});
