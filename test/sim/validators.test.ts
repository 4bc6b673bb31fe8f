import { expect } from "chai";
import { simulate } from "./run.ts";
import { DEVNET_SETTING } from "./setting.ts";

const SLOTS = 5;

describe("simulation of agents with several validators", function () {
  // Real agents, on a busy machine: a slot takes up to seconds.
  this.timeout(120_000);

  for (const { name, validatorsOf } of [
    { name: "one that signs for two of five", validatorsOf: [[0, 3], [1], [2], [4]] },
    { name: "one whose every slot follows on another of its own", validatorsOf: [[0, 1, 2, 3]] },
  ]) {
    it(`lands every slot on time and double-signs none: ${name}`, async () => {
      const setting = { ...DEVNET_SETTING, validatorsOf };
      const { violation, landed } = await simulate({ seed: 1, slots: SLOTS, profile: "fast", faults: [], setting });
      expect(violation, String(violation?.stack)).to.equal(undefined);
      expect(landed.map(({ slot }) => slot)).to.include.members(Array.from({ length: SLOTS }, (_, i) => i + 1));
      expect(landed.some(({ late }) => late)).to.equal(false);
    });
  }
});
