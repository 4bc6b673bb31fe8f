import type { BlockTag, Result } from "ethers";
import type { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import type { Hex } from "../types/hex.ts";
import { type RollupRef, view } from "./view.ts";

type ConfigView = Extract<(typeof ROLLUP_ABI)[number], { type: "function"; name: "config" }>;
type Field = ConfigView["outputs"][0]["components"][number];
type ValueOf<Of extends Field> = Of["type"] extends "address"
  ? Hex
  : Of["name"] extends `${string}Wei`
    ? bigint
    : number;

/**
 * The constants of a deployment, as in `RollupConfig.sol`: amounts in wei are bigints, addresses hexadecimal, everything
 * else is a number.
 * @interface
 */
export type RollupConfig = { readonly [Of in Field as Of["name"]]: ValueOf<Of> };

/** Reads the deployment's constants; they never change, so read them once. */
export async function getConfig(ref: RollupRef, at: BlockTag = "latest"): Promise<RollupConfig> {
  const [config] = (await view(ref, "config", [], at)) as unknown as [Result];
  const entries = Object.entries(config.toObject() as Record<string, bigint | string>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? value.toLowerCase() : amountOf(name, value)]),
  ) as unknown as RollupConfig;
}

const amountOf = (name: string, value: bigint): bigint | number => (name.endsWith("Wei") ? value : Number(value));

/** Slot at a time. @param timeSec Unix seconds. @returns negative before genesis. */
export function slotAt({ genesisTime, slotSeconds }: RollupConfig, timeSec: number): number {
  return Math.floor((timeSec - genesisTime) / slotSeconds);
}

/** Start of a slot, Unix seconds. */
export function slotStart({ genesisTime, slotSeconds }: RollupConfig, slot: number): number {
  return genesisTime + slot * slotSeconds;
}
