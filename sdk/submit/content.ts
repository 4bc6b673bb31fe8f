import { AbiCoder, concat, isAddress, isHexString, keccak256, toUtf8Bytes } from "ethers";
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
  /** Tells apart requests that are alike to the byte and are each to be done, such as a claim after another. */
  occasion?: string;
}

/**
 * Completes a request and names its content.
 * @throws SubmitError `bad-request` with the field that is wrong.
 */
export function submitRequest(input: RequestInput): SubmitRequest {
  const { to, data, valueWei = 0n, blobs = [], occasion, ...terms } = input;
  if (!isAddress(to)) throw new SubmitError("bad-request", `to: expected an address, found ${to}.`);
  if (!isHexString(data)) throw new SubmitError("bad-request", "data: expected a hexadecimal string of whole bytes.");
  if (input.notBeforeSec > input.deadlineSec) {
    throw new SubmitError(
      "bad-request",
      `deadlineSec: expected at least notBeforeSec ${input.notBeforeSec}, found ${input.deadlineSec}.`,
    );
  }
  const hashes = blobs.map((blob) => versionedHash(blob.commitment));
  const bytes = keccak256(
    AbiCoder.defaultAbiCoder().encode(["address", "uint256", "bytes", "bytes32[]"], [to, valueWei, data, hashes]),
  ) as Hex;
  const content = occasion === undefined ? bytes : (keccak256(concat([bytes, toUtf8Bytes(occasion)])) as Hex);
  return { ...terms, to, data, valueWei, blobs, content, blobCount: blobs.length, intent: "land" };
}

/** The same request, taken back: what is live of it is cancelled. */
export const withdrawn = (request: SubmitRequest): SubmitRequest => ({ ...request, intent: "withdraw" });
