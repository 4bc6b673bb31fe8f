import { keccak256, type Signer, type TransactionLike, ZeroAddress } from "ethers";
import { type BlobSidecar, versionedHash } from "../blob/kzg.ts";
import type { Hex } from "../types/hex.ts";
import { withBlobs } from "./blob-envelope.ts";
import { SubmitError } from "./errors.ts";
import type { Fees } from "./types.ts";

/** Everything that is signed, and the blobs that ride along. */
export interface Unsigned {
  chainId: number;
  nonce: number;
  to: Hex;
  data: Hex;
  valueWei: bigint;
  gasLimit: bigint;
  fees: Fees;
  blobs: BlobSidecar[];
  blobWrapperVersion: 0 | 1;
}

/** Ready for `eth_sendRawTransaction`. */
export interface Signed {
  hash: Hex;
  raw: Hex;
}

/**
 * Signs without sending, so that the hash is in the journal before the transaction is anywhere else. The signer gets
 * the versioned hashes only, the blobs are put in afterwards: they are not part of what is signed.
 * @throws SubmitError `signer-failed`.
 */
export async function signTransaction(signer: Signer, unsigned: Unsigned): Promise<Signed> {
  const { fees, blobs } = unsigned;
  const fields: TransactionLike = {
    type: blobs.length > 0 ? 3 : 2,
    chainId: unsigned.chainId,
    nonce: unsigned.nonce,
    to: unsigned.to,
    data: unsigned.data,
    value: unsigned.valueWei,
    gasLimit: unsigned.gasLimit,
    maxFeePerGas: fees.maxFeePerGasWei,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGasWei,
  };
  if (blobs.length > 0) {
    fields.maxFeePerBlobGas = fees.maxFeePerBlobGasWei ?? null;
    fields.blobVersionedHashes = blobs.map((blob) => versionedHash(blob.commitment));
  }
  let raw: string;
  try {
    raw = await signer.signTransaction(fields);
  } catch (error) {
    throw new SubmitError(
      "signer-failed",
      `Expected a signature for nonce ${unsigned.nonce}; the signer said: ${(error as Error).message}`,
      { cause: error },
    );
  }
  // Not taken apart: the hash is of what was signed, in which there are no blobs.
  const hash = keccak256(raw) as Hex;
  return { hash, raw: blobs.length === 0 ? (raw as Hex) : withBlobs(raw as Hex, blobs, unsigned.blobWrapperVersion) };
}

const INFINITY: Hex = `0xc0${"00".repeat(47)}`;

/**
 * The blob of zeros, which a cancellation must carry because only a blob transaction replaces one. Commitment and
 * proofs of the zero polynomial are the point at infinity: nothing is computed.
 */
export function zeroBlob(version: 0 | 1): BlobSidecar {
  const proof: Hex = version === 0 ? INFINITY : `0x${INFINITY.slice(2).repeat(128)}`;
  return { data: new Uint8Array(131_072), commitment: INFINITY, proof };
}

/** A transaction that spends its nonce on nothing. */
export function cancellation(
  account: Hex,
  blob: boolean,
  version: 0 | 1,
): Pick<Unsigned, "to" | "data" | "valueWei" | "blobs"> {
  return { to: account, data: "0x", valueWei: 0n, blobs: blob ? [zeroBlob(version)] : [] };
}

/** Content identity of every cancellation. */
export const CANCEL_CONTENT: Hex = `0x${ZeroAddress.slice(2).padStart(64, "0")}`;
