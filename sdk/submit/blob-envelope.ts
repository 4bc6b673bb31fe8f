import type { BlobSidecar, BlobWrapperVersion } from "../blob/kzg.ts";
import { bytesToHex, type Hex } from "../types/hex.ts";

/** RLP: the first byte of an item says its length, or from `SHORT` on how many bytes say it. */
const STRING = 0x80;
const LIST = 0xc0;
const SHORT = 55;
/** Hexadecimal digits of one cell's proof. */
const PROOF_DIGITS = 96;

/**
 * A signed blob transaction as `eth_sendRawTransaction` takes it, with its blobs (EIP-4844; version 1: EIP-7594).
 * Blobs are copied once, as digits: this stands between the decision to send and the sending, and a library that
 * takes transactions apart needs 50 ms a blob for it.
 * @param signed The transaction as signed, without blobs.
 */
export function withBlobs(signed: Hex, blobs: readonly BlobSidecar[], version: BlobWrapperVersion): Hex {
  const datas = list(blobs.map(({ data }) => text(bytesToHex(data).slice(2))));
  const commitments = list(blobs.map(({ commitment }) => text(commitment.slice(2))));
  const proofs = list(blobs.flatMap(({ proof }) => proofsOf(proof).map(text)));
  const body = signed.slice(4);
  // The version is a number below 128, which is its own encoding; version 0 has no field.
  const items = version === 0 ? [body, datas, commitments, proofs] : [body, "01", datas, commitments, proofs];
  return `0x03${list(items)}`;
}

/** One proof of the blob, or those of its cells one after the other. */
const proofsOf = (proof: Hex): string[] => proof.slice(2).match(new RegExp(`.{${PROOF_DIGITS}}`, "g")) ?? [];

const text = (digits: string): string => headOf(digits, STRING) + digits;

function list(items: readonly string[]): string {
  const digits = items.join("");
  return headOf(digits, LIST) + digits;
}

function headOf(digits: string, offset: number): string {
  const length = digits.length / 2;
  if (length <= SHORT) return byte(offset + length);
  const size = length.toString(16);
  const whole = size.length % 2 === 0 ? size : `0${size}`;
  return byte(offset + SHORT + whole.length / 2) + whole;
}

const byte = (value: number): string => value.toString(16).padStart(2, "0");
