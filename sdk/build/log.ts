import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import { type SoliditySignature, splitSignature } from "../bls/solidity.ts";
import type { LandedCheckpoint } from "../get/landed.ts";
import { asVerified, isShared } from "../get/terms.ts";
import type { Hex } from "../types/hex.ts";
import type { Attestation } from "../types/submission.ts";

/** The Solidity struct `LogDetails`. */
export interface LogDetails {
  onTimeRecipient: Hex;
  onTimeCapBps: number;
  digest: Hex;
  signers: bigint;
  signature: SoliditySignature;
  parent: bigint;
  submitter: bigint;
  recipient: bigint;
}

/** The Solidity struct `CheckpointLog`: what `challenge` and `cure` take. */
export interface CheckpointLog {
  facts: bigint;
  coinbase: Hex;
  outboxRoot: Hex;
  details: LogDetails;
}

/** The Solidity struct `LogHead`: what `settle` takes of every checkpoint. */
export interface LogHead {
  facts: bigint;
  coinbase: Hex;
  /** Hash of the outbox root and the hash of the details. */
  inner: Hex;
}

/** The Solidity struct `LogRest`: what `settle` takes besides of one whose reward is shared. */
export interface LogRest {
  outboxRoot: Hex;
  details: LogDetails;
}

/** Rebuilds the log of a checkpoint as it landed, from its event. */
export function buildLog({ submission, words }: LandedCheckpoint): CheckpointLog {
  const { header, digest, attestation } = submission;
  return {
    facts: words.facts,
    coinbase: header.coinbase,
    outboxRoot: header.outboxRoot,
    details: {
      onTimeRecipient: header.onTimeRecipient,
      onTimeCapBps: header.onTimeCapBps,
      digest,
      signers: attestation.signers,
      signature: splitSignature(attestation.signature),
      parent: words.parent,
      submitter: words.submitter,
      recipient: words.recipient,
    },
  };
}

/** The log after a cure: verified, with the attestation that `CheckpointCured` shows. */
export function curedLog(log: CheckpointLog, { signers, signature }: Attestation): CheckpointLog {
  const details = { ...log.details, signers, signature: splitSignature(signature) };
  return { ...log, facts: asVerified(log.facts), details };
}

/** The part of a log that settling opens. */
export function buildLogHead({ facts, coinbase, outboxRoot, details }: CheckpointLog): LogHead {
  return { facts, coinbase, inner: hashInner(outboxRoot, hashDetails(details)) };
}

/** The arguments of `settle` for consecutive logs. */
export function buildSettlement(logs: readonly CheckpointLog[]): [heads: LogHead[], rests: LogRest[]] {
  const shared = logs.filter(({ facts }) => isShared(facts));
  return [logs.map(buildLogHead), shared.map(({ outboxRoot, details }) => ({ outboxRoot, details }))];
}

/** Hash of the details of a log: with the outbox root, the preimage of a head's `inner`. */
export function hashDetails(details: LogDetails): Hex {
  const words = [
    zeroPadValue(details.onTimeRecipient, 32),
    uint(details.onTimeCapBps),
    details.digest,
    uint(details.signers),
    ...details.signature,
    uint(details.parent),
    uint(details.submitter),
    uint(details.recipient),
  ];
  return keccak256(concat(words)) as Hex;
}

/** Hash of a log, as the contract's ring keeps it. */
export function hashLog({ facts, coinbase, inner }: LogHead): Hex {
  return keccak256(concat([uint(facts), zeroPadValue(coinbase, 32), inner])) as Hex;
}

const hashInner = (outboxRoot: Hex, details: Hex): Hex => keccak256(concat([outboxRoot, details])) as Hex;

const uint = (value: bigint | number): string => toBeHex(value, 32);
