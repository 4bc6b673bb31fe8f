import type { Hex } from "../../../types/hex.ts";

/** Selector of Solidity's `Error(string)`. */
const ERROR_STRING = "0x08c379a0";
/** Selector of Solidity's `Panic(uint256)`. */
const PANIC = "0x4e487b71";
const WORD = 64;
const REVERT = "revert";

/** What a failed execution says of itself: the revert string or panic code if there is one, else the EVM's word. */
export function revertReason(evmError: string, data: Hex): string {
  if (evmError !== REVERT) return evmError;
  if (data.startsWith(PANIC) && data.length === 10 + WORD) {
    return `execution reverted: panic 0x${BigInt(`0x${data.slice(10)}`)
      .toString(16)
      .padStart(2, "0")}`;
  }
  const text = data.startsWith(ERROR_STRING) ? errorString(data.slice(10)) : undefined;
  return text === undefined ? "execution reverted" : `execution reverted: ${text}`;
}

/** The ABI-encoded string, or undefined if the contract's encoding is not what the selector promises. */
function errorString(words: string): string | undefined {
  const length = Number.parseInt(words.slice(WORD, 2 * WORD), 16);
  const text = words.slice(2 * WORD, 2 * WORD + 2 * length);
  return Number.isSafeInteger(length) && text.length === 2 * length ? Buffer.from(text, "hex").toString() : undefined;
}
