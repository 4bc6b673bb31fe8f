import { expect } from "chai";
import devnet from "../../../deploy/parameters/devnet.json" with { type: "json" };
import mainnet from "../../../deploy/parameters/mainnet.json" with { type: "json" };
import { ConfigError } from "../../../sdk/agent/config/interface.ts";
import { assertForcedFits } from "../../../sdk/agent/config/parameters.ts";
import type { RollupConfig } from "../../../sdk/get/config.ts";

const rollup = (over: Partial<RollupConfig> = {}): RollupConfig =>
  ({ maxForced: 10, maxForcedBytes: 100, maxBlobsPerCheckpoint: 1, ...over }) as RollupConfig;

describe("room for forced transactions", () => {
  it("is there with the parameters that rollups are deployed with", () => {
    for (const { Rollup } of [devnet, mainnet]) assertForcedFits(Rollup as unknown as RollupConfig, 30_000_000n);
  });

  it("is lacking in a block with less gas than all of them may use", () => {
    assertForcedFits(rollup(), 5_000_000n);
    expect(() => assertForcedFits(rollup(), 4_999_999n)).to.throw(ConfigError, "at least 5000000");
  });

  it("is lacking in blobs of which they fill more than half", () => {
    const bytes = Number(
      /room for (\d+) bytes/.exec(messageOf(() => assertForcedFits(rollup({ maxForcedBytes: 1e6 }), 5_000_000n)))?.[1],
    );
    expect(bytes).to.be.within(60_000, 64_000);
    assertForcedFits(rollup({ maxForced: 1, maxForcedBytes: bytes }), 5_000_000n);
    expect(() => assertForcedFits(rollup({ maxForced: 1, maxForcedBytes: bytes + 1 }), 5_000_000n)).to.throw(
      ConfigError,
    );
  });
});

function messageOf(failing: () => void): string {
  try {
    failing();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("expected a failure");
}
