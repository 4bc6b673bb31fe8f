import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";

/**
 * What an agent and a remote signer say to each other: JSON over HTTP, each request with `Authorization: Bearer TOKEN`.
 *
 * - `GET /v1/keys` gives the rollup it signs for and the public keys it signs with.
 * - `POST /v1/sign` with a sign request gives `{ signature }`, or an error with one of the codes below; the same request
 *   again gives the same signature.
 */
export const KEYS_PATH = "/v1/keys";
export const SIGN_PATH = "/v1/sign";
/** Far above what a request needs. */
export const MAX_REQUEST_BYTES = 4_096;

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`)) as z.ZodType<Hex>;

/** Which rollup a signature is for: its message binds both. */
const place = { chainId: z.number().int().positive(), rollup: hexOf(20) };

export const keysSchema = z.object({ ...place, publicKeys: z.array(hexOf(192)) });
export type SignerKeys = z.output<typeof keysSchema>;

export const signRequestSchema = z.strictObject({
  ...place,
  publicKey: hexOf(192),
  kind: z.enum(["block", "proposal", "attestation", "skip"]),
  slot: z.number().int().nonnegative(),
  digest: hexOf(32),
  /** Tells a slot's blocks apart, "" for the other kinds: the guard allows one digest for each. */
  sequence: z.string().max(32),
});
export type SignRequest = z.output<typeof signRequestSchema>;

export const signatureSchema = z.object({ signature: hexOf(96) });

/** Why a signer gave no signature, with its HTTP status. */
export const REFUSALS = {
  "bad-request": 400,
  unauthorized: 401,
  "unknown-key": 404,
  /** Its guard knows another signature for the same place: this one would be slashed. */
  conflict: 409,
  /** It cannot now: the same request may be made again. */
  unavailable: 503,
} as const;
export type Refusal = keyof typeof REFUSALS;

export const refusalSchema = z.object({
  error: z.object({ code: z.enum(Object.keys(REFUSALS) as [Refusal, ...Refusal[]]), message: z.string() }),
});
