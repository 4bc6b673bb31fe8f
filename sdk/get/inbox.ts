import type { BlockTag } from "ethers";
import type { Hex } from "../types/hex.ts";
import { type RollupRef, view } from "./view.ts";

/** The inbox count that a checkpoint of `slot` on the submitted tip must have. */
export async function getInboxDue(ref: RollupRef, slot: number, at: BlockTag = "latest"): Promise<number> {
  return count(ref, "inboxCountDue", [slot], at);
}

/** Messages from before the cut-off of `slot`, however many one checkpoint may consume. */
export async function getInboxBefore(ref: RollupRef, slot: number, at: BlockTag = "latest"): Promise<number> {
  return count(ref, "inboxCountBefore", [slot], at);
}

/** Messages ever appended. */
export async function getInboxTotal(ref: RollupRef, at: BlockTag = "latest"): Promise<number> {
  return count(ref, "inboxTotal", [], at);
}

/**
 * Rolling hash of the first `messages` messages; the zero word for none.
 * @throws GetError "reverted" (`Inbox__NoSuchMessage`) beyond the last.
 */
export async function getInboxHash(ref: RollupRef, messages: number, at: BlockTag = "latest"): Promise<Hex> {
  const [hash] = (await view(ref, "inboxHash", [messages], at)) as unknown as [Hex];
  return hash;
}

/** Rolling hash of the refunds in force in an epoch; `NO_REFUNDS_HASH` if there is none. See `digestInboxHash`. */
export async function getRefundsHash(ref: RollupRef, epoch: number, at: BlockTag = "latest"): Promise<Hex> {
  const [hash] = (await view(ref, "refundsHash", [epoch], at)) as unknown as [Hex];
  return hash;
}

/** A deposit that was asked back. */
export interface Refund {
  /** First epoch whose checkpoints give nothing for it on L2. */
  fromEpoch: number;
  /** Its depositor was credited. */
  paid: boolean;
}

/** What became of the deposit with this index; undefined if nobody asked for it back. */
export async function getRefund(ref: RollupRef, index: number, at: BlockTag = "latest"): Promise<Refund | undefined> {
  const [fromEpoch, paid] = (await view(ref, "refundOf", [index], at)) as unknown as [bigint, boolean];
  return fromEpoch === 0n ? undefined : { fromEpoch: Number(fromEpoch), paid };
}

async function count(ref: RollupRef, name: string, args: unknown[], at: BlockTag): Promise<number> {
  const [value] = (await view(ref, name, args, at)) as unknown as [bigint];
  return Number(value);
}
