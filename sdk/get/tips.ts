import type { BlockTag } from "ethers";
import type { Hex } from "../types/hex.ts";
import { type RollupRef, view } from "./view.ts";

/** The submitted tip as the contract holds it; all zero at genesis. */
export interface SubmittedTip {
  /** Slot of the last submitted checkpoint. */
  slot: number;
  /** Its number: checkpoints are counted from 1. */
  number: number;
  /** Inbox messages consumed up to it. */
  inboxCount: number;
  /** Low 160 bits of its digest, 20 bytes. */
  digest: Hex;
}

/** The settled tip. */
export interface SettledTip {
  slot: number;
  number: number;
}

/** The checkpoint that the next submission must build on. */
export async function getTips(ref: RollupRef, at: BlockTag = "latest"): Promise<SubmittedTip> {
  const [slot, number, inboxCount, digest] = (await view(ref, "tips", [], at)) as unknown as bigint[];
  return {
    slot: Number(slot),
    number: Number(number),
    inboxCount: Number(inboxCount),
    digest: `0x${(digest ?? 0n).toString(16).padStart(40, "0")}`,
  };
}

/** The last checkpoint that settled; slot and number 0 before the first. */
export async function getSettledTip(ref: RollupRef, at: BlockTag = "latest"): Promise<SettledTip> {
  const [number, slot] = (await view(ref, "settledTip", [], at)) as unknown as bigint[];
  return { number: Number(number), slot: Number(slot) };
}

/** Number of the last proven checkpoint; where nothing is proven, of no meaning. */
export async function getProvenNumber(ref: RollupRef, at: BlockTag = "latest"): Promise<number> {
  const [number] = (await view(ref, "provenNumber", [], at)) as unknown as [bigint];
  return Number(number);
}

/** Hash of an unsettled checkpoint's log; the zero word for a number that is settled or has not landed. */
export async function getLogHash(ref: RollupRef, number: number, at: BlockTag = "latest"): Promise<Hex> {
  const [hash] = (await view(ref, "logHash", [number], at)) as unknown as [Hex];
  return hash;
}
