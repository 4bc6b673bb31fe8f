import { keccak256 } from "ethers";
import { keccak } from "./keccak.ts";

/**
 * From here on ethers hashes with the engine's Keccak, in the whole process: its own is plain JavaScript and takes seven
 * to fifteen times as long, and every vote, log and call of an agent passes through it.
 */
export function quickenEthers(): void {
  keccak256.register(keccak);
}
