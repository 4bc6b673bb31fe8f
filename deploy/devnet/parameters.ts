import { readFileSync } from "node:fs";

interface ModuleParameters {
  l2ChainId: number;
  l1SlotSeconds: number;
  slotSeconds: number;
  ringSize: number;
  stakeWei: bigint;
  bondWei: bigint;
  rewardWei: bigint;
}

/** Ignition writes big integers as a string that ends in n. */
function reviveBigint(_key: string, value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}

const file = new URL("../parameters/devnet.json", import.meta.url);

/** The constants the devnet's rollup is deployed with: the same file that anybody can deploy with. */
export const ROLLUP_PARAMETERS = (JSON.parse(readFileSync(file, "utf8"), reviveBigint) as { Rollup: ModuleParameters })
  .Rollup;
