import type { Hex } from "../types/hex.ts";

/** Levels of wrapping looked through: provider, transport and client each add one or two. */
const MAX_DEPTH = 6;

/** Where ethers, JSON-RPC clients, the Hardhat network and anvil put what they wrap. */
const WRAPPERS = ["data", "error", "info", "cause", "revert"] as const;

/**
 * Finds the revert data in whatever a provider threw, or in the data itself.
 * @param accept Says whether some bytes are the data looked for: a thrown transaction carries other hex strings too.
 */
export function findRevertData(thrown: unknown, accept: (data: Hex) => boolean): Hex | undefined {
  return search(thrown, accept, MAX_DEPTH);
}

function search(value: unknown, accept: (data: Hex) => boolean, depth: number): Hex | undefined {
  if (typeof value === "string") {
    const data = value.toLowerCase() as Hex;
    return /^0x([0-9a-f]{2}){4,}$/.test(data) && accept(data) ? data : undefined;
  }
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  for (const key of WRAPPERS) {
    const found = search((value as Record<string, unknown>)[key], accept, depth - 1);
    if (found) return found;
  }
  return undefined;
}
