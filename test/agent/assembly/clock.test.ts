import { expect } from "chai";
import type { Block } from "ethers";
import { checkClock } from "../../../sdk/agent/assembly/clock.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { type Recorder, recorder } from "../pipeline/support.ts";

const HEAD_SEC = 1_000;
const TIMES = { l1SlotSeconds: 12, clockDisparityMs: 500 };

/** What is said by an agent that starts so long after L1's newest block. */
async function startedAfter(ageMs: number, head: Partial<Block> | null = { timestamp: HEAD_SEC, number: 7 }) {
  const said: string[] = [];
  const at = (level: string): Recorder["warn"] => {
    return (_, message) => said.push(`${level}: ${message}`);
  };
  const log = { ...recorder(), warn: at("warn"), error: at("error") };
  const l1 = { getBlock: () => Promise.resolve(head as Block | null) };
  await checkClock(l1, new ManualClock(HEAD_SEC * 1000 + ageMs), TIMES, log);
  return said;
}

describe("the clock of an agent that starts", () => {
  it("is held to L1's newest block: an error if that is in the future, a warning if it is old", async () => {
    expect(await startedAfter(-501)).to.deep.equal([
      "error: the clock: L1's latest block is 501 ms in the future, 500 ms are allowed",
    ]);
    expect(await startedAfter(-500)).to.deep.equal([]);
    expect(await startedAfter(48_000)).to.deep.equal([]);
    expect(await startedAfter(48_001)).to.deep.equal(["warn: the clock: L1's latest block is 48001 ms old"]);
    expect(await startedAfter(0, null)).to.deep.equal([]);
  });
});
