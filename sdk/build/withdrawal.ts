import { type OutboxOwner, type OutboxWithdrawal, outboxLeaf } from "../outbox/leaf.ts";
import { verifyOutboxProof } from "../outbox/tree.ts";
import type { Hex } from "../types/hex.ts";
import { BuildError } from "./error.ts";
import { type CheckpointLog, hashDetails } from "./log.ts";

/** The Solidity struct `SettledRoot`: what `withdraw` takes of a settled checkpoint. */
export interface SettledRoot {
  facts: bigint;
  coinbase: Hex;
  outboxRoot: Hex;
  /** Hash of the log's details. */
  details: Hex;
}

/** A withdrawal, and how it is proven. */
export interface ProvenWithdrawal {
  withdrawal: OutboxWithdrawal;
  /** Log of a checkpoint after the withdrawal; the contract takes it once that is settled, and while its ring keeps it. */
  log: CheckpointLog;
  /** From the leaf's own up: `OutboxTree.proof` in the state that the checkpoint left. */
  siblings: readonly Hex[];
}

/** The arguments of `withdraw`. */
export type WithdrawArguments = [
  root: SettledRoot,
  index: number,
  recipient: Hex,
  amountWei: bigint,
  siblings: readonly Hex[],
];

/**
 * The arguments of `withdraw`.
 * @throws BuildError "wrong-root" when the siblings do not lead from this withdrawal to the checkpoint's outbox root.
 */
export function buildWithdrawal(
  owner: OutboxOwner,
  { withdrawal, log, siblings }: ProvenWithdrawal,
): WithdrawArguments {
  const { index, recipient, amountWei } = withdrawal;
  const { facts, coinbase, outboxRoot, details } = log;
  if (!verifyOutboxProof(outboxRoot, outboxLeaf(owner, withdrawal), index, siblings)) {
    throw new BuildError("wrong-root", `withdrawal ${index}: the proof does not lead to outbox root ${outboxRoot}`);
  }
  return [{ facts, coinbase, outboxRoot, details: hashDetails(details) }, index, recipient, amountWei, siblings];
}
