import { readFileSync } from "node:fs";

/** There is a file of constants for each. */
export const NETWORKS = ["devnet", "mainnet"] as const;

/** What is read here of the constants of a rollup; amounts in wei. */
export interface ModuleParameters {
  l2ChainId: number;
  l1SlotSeconds: number;
  slotSeconds: number;
  epochSlots: number;
  ringSize: number;
  stakeWei: bigint;
  bondWei: bigint;
  rewardWei: bigint;
  maxBlobsPerCheckpoint: number;
  maxValidators: number;
}

/** Reads a file of `deploy/parameters`: the constants that anybody can deploy with. */
export function readParameters(network: (typeof NETWORKS)[number]): ModuleParameters {
  const file = new URL(`./parameters/${network}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8"), reviveBigint) as { Rollup: ModuleParameters }).Rollup;
}

/** Ignition writes big integers as a string that ends in n. */
function reviveBigint(_key: string, value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}
