import { expect } from "chai";
import { genesisOf } from "../../../sdk/agent/assembly/genesis.ts";
import { type AgentConfig, ConfigError } from "../../../sdk/agent/config/interface.ts";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import { buildGenesis } from "../../../sdk/agent/engine/genesis.ts";
import { L2_OUTBOX_ADDRESS } from "../../../sdk/outbox/predeploy.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const rollup = { chainId: 31_337n, rollup: `0x${"ab".repeat(20)}` as Hex };
const config = (alloc: Record<Hex, bigint> = {}): AgentConfig =>
  ({
    l2: { chainId: 902, genesisTimestamp: 1_000, gasLimit: 30_000_000n, baseFeePerGasWei: 7n, alloc },
  }) as Partial<AgentConfig> as AgentConfig;
const hashOf = (...args: Parameters<typeof genesisOf>): Hex =>
  buildGenesis(createChainRules(902), genesisOf(...args)).block.hash;

describe("L2's first block", () => {
  it("is the same for every agent of a rollup, and another for another rollup or another L1", () => {
    expect(hashOf(config(), rollup)).to.equal(hashOf(config(), { ...rollup }));
    const others = [
      { ...rollup, chainId: 1n },
      { ...rollup, rollup: `0x${"cd".repeat(20)}` as Hex },
    ];
    expect(new Set([rollup, ...others].map((one) => hashOf(config(), one))).size).to.equal(3);
  });

  it("holds the accounts configured, and refuses one in the outbox's place", () => {
    const account: Hex = `0x${"01".repeat(20)}`;
    expect(genesisOf(config({ [account]: 5n }), rollup).alloc[account]).to.deep.equal({ balanceWei: 5n });
    expect(() => genesisOf(config({ [L2_OUTBOX_ADDRESS]: 5n }), rollup)).to.throw(
      ConfigError,
      "where the outbox stands",
    );
  });
});
