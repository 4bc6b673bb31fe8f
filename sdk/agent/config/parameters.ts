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
    maxForced: rollup.maxForced,
    challengeWindowEpochs: rollup.challengeWindowEpochs,
  };
}

/** @throws ConfigError "wrong-chain" if a chain is not the configured one. */
export function assertChainId(chain: "L1" | "L2", expected: number, found: number): void {
  if (expected === found) return;
  throw new ConfigError("wrong-chain", `${chain} chain id: expected ${expected} as configured, got ${found}`);
}
