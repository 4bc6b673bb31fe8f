import type { RollupConfig } from "../../get/config.ts";
import type { ProtocolParameters } from "../../types/parameters.ts";
import { type AgentConfig, ConfigError } from "./interface.ts";

/** The protocol's constants: those the contract enforces are the contract's, the others the operator's. */
export function parametersOf(rollup: RollupConfig, timing: AgentConfig["timing"]): ProtocolParameters {
  return {
    ...timing,
    l1SlotSeconds: rollup.l1SlotSeconds,
    slotSeconds: rollup.slotSeconds,
    epochSlots: rollup.epochSlots,
    handoffWindowSeconds: rollup.handoffWindowSeconds,
    successorWindowSeconds: rollup.successorWindowSeconds,
    maxBlobsPerCheckpoint: rollup.maxBlobsPerCheckpoint,
    inboxLagSlots: rollup.inboxLagSlots,
    maxMessages: rollup.maxMessages,
    challengeWindowEpochs: rollup.challengeWindowEpochs,
  };
}

/** @throws ConfigError if the configuration is for another L2 or another L1 than the rollup's. */
export function assertSameChains(
  expected: { l1ChainId: number; l2ChainId: number },
  found: { l1ChainId: number; l2ChainId: number },
): void {
  for (const [key, name] of [
    ["l1ChainId", "L1"],
    ["l2ChainId", "L2"],
  ] as const) {
    if (expected[key] !== found[key]) {
      throw new ConfigError(
        "wrong-chain",
        `${name} chain id: expected ${expected[key]} as configured, got ${found[key]}`,
      );
    }
  }
}
