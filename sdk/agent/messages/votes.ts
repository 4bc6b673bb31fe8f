import { SIGNATURE_KINDS, SKIP_DIGEST } from "../../digest/signingMessage.ts";
import type { Certificate, Equivocation, Statement, Vote } from "../types/messages.ts";
import { codec } from "./codec.ts";
import { big, fixed, flag, named, record, uint } from "./fields.ts";
import { MAX_MESSAGE_BYTES, MAX_VALIDATORS } from "./limits.ts";

/** Sent as the numbers these kinds have in what a validator signs. */
const kindField = named({ attestation: SIGNATURE_KINDS.attestation, skip: SIGNATURE_KINDS.skip });

/** A skip vote says nothing about a checkpoint; an attestation names one. */
function digestFits({ kind, digest }: Pick<Vote, "kind" | "digest">): string | undefined {
  if (kind === "skip" && digest !== SKIP_DIGEST) return `digest: expected zero in a skip vote, got ${digest}`;
  if (kind === "attestation" && digest === SKIP_DIGEST) return "digest: expected a checkpoint's digest, got zero";
  return undefined;
}

export const voteField = record<Vote>({
  kind: kindField,
  slot: uint(),
  digest: fixed(32),
  validatorIndex: uint(MAX_VALIDATORS - 1),
  signature: fixed(96),
});

export const voteCodec = codec(voteField, MAX_MESSAGE_BYTES.votes, digestFits);

export const certificateField = record<Certificate>({
  kind: kindField,
  slot: uint(),
  digest: fixed(32),
  signers: big((1n << BigInt(MAX_VALIDATORS)) - 1n),
  signature: fixed(96),
});

export const certificateCodec = codec(
  certificateField,
  MAX_MESSAGE_BYTES.certificates,
  (certificate) =>
    digestFits(certificate) ?? (certificate.signers === 0n ? "signers: expected at least one" : undefined),
);

const statementField = record<Statement>({
  kind: named({
    proposal: SIGNATURE_KINDS.proposal,
    attestation: SIGNATURE_KINDS.attestation,
    skip: SIGNATURE_KINDS.skip,
  }),
  slot: uint(),
  digest: fixed(32),
  signers: big((1n << BigInt(MAX_VALIDATORS)) - 1n),
  signature: fixed(96),
});

export const equivocationField = record<Equivocation>({
  first: statementField,
  second: statementField,
  isOver: flag,
});
