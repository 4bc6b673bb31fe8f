import type { Hex } from "../../../types/hex.ts";
import type { AccessListEntry } from "../../types/calls.ts";

/** One list of both, each account and key once, in ascending order: the same call has the same list. */
export function mergeLists(a: readonly AccessListEntry[], b: readonly AccessListEntry[]): AccessListEntry[] {
  const byAddress = new Map<Hex, Set<Hex>>();
  for (const { address, storageKeys } of [...a, ...b]) {
    const keys = byAddress.get(address) ?? new Set();
    for (const key of storageKeys) keys.add(key);
    byAddress.set(address, keys);
  }
  return [...byAddress]
    .map(([address, keys]) => ({ address, storageKeys: [...keys].sort() }))
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}
