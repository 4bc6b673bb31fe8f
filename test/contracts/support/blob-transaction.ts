import { encodeRlp } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "../../sdk/world/blobs.ts";

type Part = "data" | "commitment" | "proof";
const PARTS: readonly Part[] = ["data", "commitment", "proof"];
const TYPE = "03";
const SHORT_LIST = 0xc0;
const LONG_LIST = 0xf7;
const LONG_FROM_BYTES = 56;

const encoded = new WeakMap<TestBlob, Record<Part, string>>();

/**
 * A signed blob transaction as the network takes it, with its sidecar in wrapper version 0. Each blob is encoded once:
 * a wallet library takes 30 ms to do so for every transaction.
 * @param signed The transaction without its sidecar.
 */
export function withSidecar(signed: Hex, blobs: readonly TestBlob[]): Hex {
  const encodings = blobs.map(encodingOf);
  const lists = PARTS.map((part) => list(encodings.map((encoding) => encoding[part]).join("")));
  return `0x${TYPE}${list(signed.slice(2 + TYPE.length) + lists.join(""))}`;
}

function encodingOf(blob: TestBlob): Record<Part, string> {
  const known = encoded.get(blob);
  if (known !== undefined) return known;
  const parts = Object.fromEntries(PARTS.map((part) => [part, encodeRlp(blob.sidecar[part]).slice(2)]));
  encoded.set(blob, parts as Record<Part, string>);
  return parts as Record<Part, string>;
}

/** The RLP list of items that are encoded already, in digits. */
function list(items: string): string {
  const bytes = items.length / 2;
  if (bytes < LONG_FROM_BYTES) return (SHORT_LIST + bytes).toString(16) + items;
  const digits = bytes.toString(16);
  const length = digits.padStart(digits.length + (digits.length % 2), "0");
  return (LONG_LIST + length.length / 2).toString(16) + length + items;
}
