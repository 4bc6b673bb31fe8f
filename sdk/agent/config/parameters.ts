import { remainingCapacity } from "../../blob/layout.ts";
import type { RollupConfig } from "../../get/config.ts";
import type { ProtocolParameters } from "../../types/parameters.ts";
import { MAX_FORCED_GAS } from "../engine/execution/forced.ts";
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

/**
 * What can be forced upon one checkpoint must fit its first block and half of its blobs: beyond the gas it would be void
 * though its sender did nothing wrong, beyond the blobs no checkpoint could be made at all.
 * @throws ConfigError "too-small".
 */
export function assertForcedFits(
  { maxForced, maxForcedBytes, maxBlobsPerCheckpoint }: RollupConfig,
  l2GasLimit: bigint,
): void {
  const gas = BigInt(maxForced) * MAX_FORCED_GAS;
  if (l2GasLimit < gas) {
    const why = `for ${maxForced} forced transactions of ${MAX_FORCED_GAS} gas`;
    throw new ConfigError("too-small", `l2.gasLimit: expected at least ${gas} ${why}, got ${l2GasLimit}`);
  }
  const room = Math.floor(remainingCapacity([], maxBlobsPerCheckpoint) / 2);
  if (room < maxForced * maxForcedBytes) {
    const forced = `${maxForced} forced transactions of ${maxForcedBytes} bytes`;
    throw new ConfigError(
      "too-small",
      `the rollup allows ${forced}, its checkpoints have room for ${room} bytes of them`,
    );
  }
}

/** L2 blocks in one checkpoint beyond which a timetable is a mistake. */
const MAX_BLOCKS = 1_000;

/**
 * The windows of a slot must be made of whole L1 blocks, as the rollup demands of its own, and hold a block of L2.
 * @throws ConfigError "invalid".
 */
export function assertWindows(p: ProtocolParameters): void {
  const rules: [holds: boolean, expected: string, found: number][] = [
    [p.slotSeconds % p.l1SlotSeconds === 0, `slotSeconds: expected a multiple of ${p.l1SlotSeconds} s`, p.slotSeconds],
    [
      p.handoffWindowSeconds % p.l1SlotSeconds === 0 && p.handoffWindowSeconds < p.slotSeconds,
      `handoffWindowSeconds: expected a multiple of ${p.l1SlotSeconds} s below ${p.slotSeconds} s`,
      p.handoffWindowSeconds,
    ],
    [
      p.successorWindowSeconds % p.l1SlotSeconds === 0 && p.successorWindowSeconds <= p.handoffWindowSeconds,
      `successorWindowSeconds: expected a multiple of ${p.l1SlotSeconds} s up to ${p.handoffWindowSeconds} s`,
      p.successorWindowSeconds,
    ],
    [
      p.slotSeconds <= p.blockSeconds * MAX_BLOCKS,
      `blockSeconds: expected at most ${MAX_BLOCKS} blocks in ${p.slotSeconds} s`,
      p.blockSeconds,
    ],
    [
      Math.min(p.blockSeconds, p.slotSeconds - 2 * p.hopSeconds) >= p.minBlockSeconds,
      `minBlockSeconds: expected no more than blockSeconds, and than what two hops leave of a slot`,
      p.minBlockSeconds,
    ],
  ];
  for (const [holds, expected, found] of rules)
    if (!holds) throw new ConfigError("invalid", `${expected}, got ${found} s`);
}

/** @throws ConfigError "wrong-chain" if a chain is not the configured one. */
export function assertChainId(chain: "L1" | "L2", expected: number, found: number): void {
  if (expected === found) return;
  throw new ConfigError("wrong-chain", `${chain} chain id: expected ${expected} as configured, got ${found}`);
}
