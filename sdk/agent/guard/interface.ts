import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../types/messages.ts";

/** One thing this validator put its name to; on disk before the signature exists. */
export interface GuardRow {
  validator: Hex;
  kind: SignatureKind;
  slot: number;
  /** Distinguishes several lawful signatures of one kind in a slot (a block's attempt and index); "" otherwise. */
  sequence: string;
  digest: Hex;
}

/** Tells a slot's blocks apart for the guard: each attempt and index is signed once. */
export const blockSequence = (attempt: 0 | 1, index: number): string => `${attempt}/${index}`;

/** For whom a guard guards: the validators of one agent, of one rollup. What was signed elsewhere says nothing about them. */
export interface GuardOwner {
  /** Public keys, uncompressed G2, 192 bytes each. */
  validators: readonly Hex[];
  /** L1 chain id. */
  chainId: number;
  /** Address of the rollup contract. */
  rollup: Hex;
}

/** Where a guard stands on disk. */
export interface GuardFiles {
  /** The guard's own file. Never roll it back; move it between machines by export and import only. */
  path: string;
  /** A file outside the guard's directory that remembers how new the guard last used here was. */
  witnessPath: string;
}

export class GuardError extends Error {
  readonly code:
    | "conflict"
    | "older-than-used"
    | "older-than-held"
    | "exported"
    | "used"
    | "listening"
    | "doppelganger"
    | "clock"
    | "foreign"
    | "missing"
    | "invalid-row"
    | "in-use"
    | "corrupt"
    | "schema-version"
    | "closed"
    | "busy";
  readonly held: GuardRow | undefined;
  constructor(code: GuardError["code"], message: string, held?: GuardRow) {
    super(message);
    this.name = "GuardError";
    this.code = code;
    this.held = held;
  }
}

/**
 * The durable guard: at most one digest per (validator, kind, slot, sequence), and at most one of attestation and
 * skip per slot, across restarts and rebuilds.
 */
export interface SigningGuard {
  /** Resolves once the row is durable; the same row again resolves too. Rejects with GuardError "conflict". */
  record(row: GuardRow): Promise<void>;
  /** What was recorded, if anything. */
  find(validator: Hex, kind: SignatureKind, slot: number, sequence: string): GuardRow | undefined;
}

/** A remote signer gave no signature that can be used. `unavailable`: the same may be asked again. */
export class SignerError extends Error {
  readonly code:
    | "unavailable"
    | "unauthorized"
    | "bad-request"
    | "unknown-key"
    | "wrong-rollup"
    | "conflict"
    | "bad-signature";
  constructor(code: SignerError["code"], message: string) {
    super(message);
    this.name = "SignerError";
    this.code = code;
  }
}

/**
 * Signs digests for one validator; the guard has been asked and answered before `sign` returns. Rejects with GuardError
 * for what must not be signed, and with SignerError if the key is elsewhere and cannot be had.
 */
export interface ValidatorSigner {
  /** Public key, uncompressed G2, 192 bytes. */
  readonly publicKey: Hex;
  sign(kind: SignatureKind, slot: number, digest: Hex, sequence?: string): Promise<Hex>;
}

/** A validator that this agent signs for. */
export interface OwnValidator {
  signer: ValidatorSigner;
  /** The same for all validators of one agent. */
  guard: SigningGuard;
  /** Credited with the rewards of its checkpoints. */
  coinbase: Hex;
}
