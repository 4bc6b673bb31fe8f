import { AbiCoder, isAddress, isHexString, keccak256 } from "ethers";
import { type BlobSidecar, versionedHash } from "../blob/kzg.ts";
import type { Hex } from "../types/hex.ts";
import { SubmitError } from "./errors.ts";
import type { RequestTerms, SubmitRequest } from "./types.ts";

/** A transaction, and the terms on which to send it. */
export interface RequestInput extends Omit<RequestTerms, "content" | "blobCount" | "intent"> {
  to: Hex;
  data: Hex;
  valueWei?: bigint;
  blobs?: BlobSidecar[];
}

/**
 * Completes a request and names its content.
 * @throws SubmitError `bad-request` with the field that is wrong.
 */
export function submitRequest(input: RequestInput): SubmitRequest {
  const { to, data, valueWei = 0n, blobs = [] } = input;
  if (!isAddress(to)) throw new SubmitError("bad-request", `to: expected an address, found ${to}.`);
  if (!isHexString(data)) throw new SubmitError("bad-request", "data: expected a hexadecimal string of whole bytes.");
  if (input.notBeforeSec > input.deadlineSec) {
    throw new SubmitError(
      "bad-request",
      `deadlineSec: expected at least notBeforeSec ${input.notBeforeSec}, found ${input.deadlineSec}.`,
    );
  }
  const hashes = blobs.map((blob) => versionedHash(blob.commitment));
  const content = keccak256(
    AbiCoder.defaultAbiCoder().encode(["address", "uint256", "bytes", "bytes32[]"], [to, valueWei, data, hashes]),
  ) as Hex;
  return { ...input, valueWei, blobs, content, blobCount: blobs.length, intent: "land" };
}

/** The same request, taken back: what is live of it is cancelled. */
export const withdrawn = (request: SubmitRequest): SubmitRequest => ({ ...request, intent: "withdraw" });
