import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Hex, hexToBytes } from "../../types/hex.ts";

/** Whether a block with this bloom filter (256 bytes) may hold a log of an address; false is certain. */
export function mayHoldLogsOf(address: Hex, logsBloom: Hex): boolean {
  const bloom = hexToBytes(logsBloom);
  const hash = keccak_256(hexToBytes(address));
  return [0, 2, 4].every((at) => {
    const bit = (((hash[at] as number) << 8) | (hash[at + 1] as number)) & 2047;
    return ((bloom[255 - (bit >> 3)] as number) >> (bit & 7)) & 1;
  });
}
