import { keccak256 } from "ethers";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes, Withdrawal } from "../../types/payload.ts";
import type { InboxDue } from "../l1/interface.ts";
import type { Timetable } from "../time/timetable.ts";

/** What the protocol leaves no choice about in a block's fields. */
export interface BlockRules {
  timetable: Timetable;
  gasLimit: bigint;
}

/** What a checkpoint's first block owes to the inbox. */
export type InboxShare = Pick<InboxDue, "withdrawals" | "forced">;

/** What every later block owes to it. */
export const NO_MESSAGES: InboxShare = { withdrawals: [], forced: [] };

/** The randomness of block `index` of a slot's checkpoint: known in advance, so never a secret to rely on. */
export function prevRandaoOf(slot: number, index: number): Hex {
  return keccak256(`0x${word(slot)}${word(index)}`) as Hex;
}

const word = (value: number): string => value.toString(16).padStart(64, "0");

/** The attributes of block `index` of a slot's checkpoint. */
export function attributesOf(
  rules: BlockRules,
  slot: number,
  index: number,
  coinbase: Hex,
  { withdrawals, forced }: InboxShare,
): PayloadAttributes {
  return {
    timestamp: rules.timetable.blockTimestamp(slot, index),
    prevRandao: prevRandaoOf(slot, index),
    feeRecipient: coinbase,
    withdrawals,
    gasLimit: rules.gasLimit,
    forced,
  };
}

/** Why a block breaks the protocol's rules, apart from its transactions; undefined if it keeps them. */
export function brokenRule(
  rules: BlockRules,
  slot: number,
  index: number,
  payload: ExecutionPayload,
  share: InboxShare,
): string | undefined {
  const expected = attributesOf(rules, slot, index, payload.feeRecipient, share);
  if (payload.timestamp !== expected.timestamp)
    return `timestamp: expected ${expected.timestamp}, got ${payload.timestamp}`;
  if (payload.prevRandao !== expected.prevRandao)
    return `prevRandao: expected ${expected.prevRandao}, got ${payload.prevRandao}`;
  if (payload.gasLimit !== expected.gasLimit)
    return `gas limit: expected ${expected.gasLimit}, got ${payload.gasLimit}`;
  if (payload.extraData !== "0x") return `extra data: expected none, got ${payload.extraData}`;
  if (!sameWithdrawals(payload.withdrawals, expected.withdrawals)) {
    return `inbox messages: expected ${expected.withdrawals.length} due ones, got ${payload.withdrawals.length} or others`;
  }
  return undefined;
}

function sameWithdrawals(a: readonly Withdrawal[], b: readonly Withdrawal[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        one.index === other.index &&
        one.validatorIndex === other.validatorIndex &&
        one.address === other.address &&
        one.amountGwei === other.amountGwei
      );
    })
  );
}
