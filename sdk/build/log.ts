import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";
import type { LandedCheckpoint } from "../get/landed.ts";
import type { Hex } from "../types/hex.ts";

/** The Solidity struct `LogDetails`. */
export interface LogDetails {
  digest: Hex;
  parent: bigint;
  submitter: bigint;
  recipient: bigint;
  onTime: bigint;
  attestation: Hex;
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

/** Rebuilds the log of a landed checkpoint from its event. */
export function buildLog({ submission, words }: LandedCheckpoint): CheckpointLog {
  const { header, digest, attestation } = submission;
  return {
    facts: words.facts,
    coinbase: header.coinbase,
    outboxRoot: header.outboxRoot,
    details: {
      digest,
      parent: words.parent,
      submitter: words.submitter,
      recipient: words.recipient,
      onTime: BigInt(header.onTimeRecipient) | (BigInt(header.onTimeCapBps) << 160n),
      attestation: attestationHash(attestation),
    },
  };
}

/** The part of a log that settling opens. */
export function buildLogHead({ facts, coinbase, outboxRoot, details }: CheckpointLog): LogHead {
  const words = [
    details.digest,
    uint(details.parent),
    uint(details.submitter),
    uint(details.recipient),
    uint(details.onTime),
    details.attestation,
  ];
  return { facts, coinbase, outboxRoot, details: keccak256(concat(words)) as Hex };
}

/** Hash of a log, as the contract's ring keeps it. */
export function hashLog({ facts, coinbase, outboxRoot, details }: LogHead): Hex {
  return keccak256(concat([uint(facts), zeroPadValue(coinbase, 32), outboxRoot, details])) as Hex;
}

/** `keccak256(signers, signature)`, as a log keeps its attestation. */
export function attestationHash({ signers, signature }: LandedCheckpoint["submission"]["attestation"]): Hex {
  return keccak256(concat([uint(signers), signature])) as Hex;
}

const uint = (value: bigint): string => toBeHex(value, 32);
