import { expect } from "chai";
import { simulate } from "./run.ts";
import { DEVNET_SETTING } from "./setting.ts";

describe("silent proposers", function () {
  // Some slots of four real agents; on a busy machine each takes seconds.
  this.timeout(120_000);

  it("lose nothing while nothing goes wrong", async () => {
    const setting = { ...DEVNET_SETTING, silent: () => true };
    const { violation, landed } = await simulate({ seed: 5, slots: 4, profile: "fast", faults: [], setting });
    expect(violation, String(violation?.stack)).to.equal(undefined);
    expect(landed.map(({ slot }) => slot).slice(0, 4)).to.deep.equal([1, 2, 3, 4]);
  });
});
