import type { Hex } from "../types/hex.ts";
import { aggregateSignatures } from "./aggregate.ts";
import type { SecretKey } from "./keys.ts";
import { sign, verify, verifyAggregate } from "./sign.ts";
import { checkVotes, type SignedVote, type VoteCheck } from "./votes.ts";

/** What a node does with signatures. Messages are 32 bytes (see `signingMessage`), keys 192 bytes, signatures 96. */
export interface SignatureScheme {
  /** @throws BlsError for a bad key or message. */
  sign(message: Hex, secretKey: SecretKey): Hex;
  /** @throws BlsError for anything malformed. */
  verify(message: Hex, signature: Hex, publicKey: Hex): boolean;
  /** Whether the signature is the sum of those of exactly these keys. @throws BlsError for anything malformed. */
  verifyAggregate(message: Hex, signature: Hex, publicKeys: readonly Hex[]): boolean;
  /** @throws BlsError for a malformed signature, and for none. */
  aggregateSignatures(signatures: readonly Hex[]): Hex;
  /** Sorts votes over one message into good and bad ones. @throws BlsError for a malformed public key. */
  checkVotes(message: Hex, votes: readonly SignedVote[]): VoteCheck;
}

/** BLS12-381, signatures on G1. */
export const BLS: SignatureScheme = { sign, verify, verifyAggregate, aggregateSignatures, checkVotes };
