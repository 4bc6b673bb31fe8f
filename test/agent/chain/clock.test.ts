import { expect } from "chai";
import { type ClockSample, clockFault } from "../../../sdk/agent/chain/clock.ts";

const NOW_MS = 1_000_000;
const DISPARITY_MS = 500;
const ahead = (...aheadMs: number[]): ClockSample[] => aheadMs.map((ms) => ({ aheadMs: ms, errorMs: 0 }));

describe("a clock that is off", () => {
  const rows: [string, number, ClockSample[], RegExp | undefined][] = [
    ["is not seen where nobody tells", NOW_MS, [], undefined],
    ["is not seen by an L1 block that is old", NOW_MS - 3_600_000, [], undefined],
    ["is not seen by an L1 block as far in the future as clocks may differ", NOW_MS + 500, [], undefined],
    ["is seen by one beyond that", NOW_MS + 501, [], /expected .* at most 500 ms in the future, it is 501 ms/],
    ["is not told by two peers: one of them may lie", NOW_MS, ahead(9_000, 9_000), undefined],
    ["is told by three", NOW_MS, ahead(501, 700, 900), /within 500 ms, this one is 700 ms behind those of 3 peers/],
    ["is told by three that are behind", NOW_MS, ahead(-900, -700, -501), /700 ms ahead of those of 3 peers/],
    ["is not told by one of three, whatever it says", NOW_MS, ahead(1e12, 20, -30), undefined],
    ["is told by two of three, whatever the third says", NOW_MS, ahead(-1e12, 800, 900), /800 ms behind/],
    ["is told by more than half of four", NOW_MS, ahead(0, 600, 700, 800), /600 ms behind/],
    ["is not told by half of four", NOW_MS, ahead(-10, 0, 700, 800), undefined],
    ["is not told by those who agree as far as clocks may differ", NOW_MS, ahead(500, 500, 500), undefined],
    [
      "is not told by answers that took so long that it may be right",
      NOW_MS,
      [800, 900, 1_000].map((aheadMs) => ({ aheadMs, errorMs: 400 })),
      undefined,
    ],
    [
      "is told by answers that took long, by what is certain",
      NOW_MS,
      [1_800, 1_900, 2_000].map((aheadMs) => ({ aheadMs, errorMs: 400 })),
      /1500 ms behind/,
    ],
  ];
  for (const [what, l1Ms, samples, expected] of rows) {
    it(what, () => {
      const fault = clockFault(NOW_MS, l1Ms, samples, DISPARITY_MS);
      if (expected === undefined) expect(fault).to.equal(undefined);
      else expect(fault).to.match(expected);
    });
  }
});
