import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import { type SoliditySignature, splitSignature } from "../bls/solidity.ts";
import type { LandedCheckpoint } from "../get/landed.ts";
import { asVerified } from "../get/terms.ts";
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

/** The Solidity struct `LogHead`: what `settle` takes. */
export interface LogHead {
  facts: bigint;
  coinbase: Hex;
  outboxRoot: Hex;
  /** Hash of the details. */
  details: Hex;
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
  return { facts, coinbase, outboxRoot, details: keccak256(concat(words)) as Hex };
}

/** Hash of a log, as the contract's ring keeps it. */
export function hashLog({ facts, coinbase, outboxRoot, details }: LogHead): Hex {
  return keccak256(concat([uint(facts), zeroPadValue(coinbase, 32), outboxRoot, details])) as Hex;
}

const uint = (value: bigint | number): string => toBeHex(value, 32);
