import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { LandingBill } from "../chain/state.ts";

/** What of a landing's receipt is read; a transaction without blobs has neither of their fields. */
export interface LandingReceipt {
  blockHash: Hex;
  gasUsed: Hex;
  effectiveGasPrice: Hex;
  blobGasUsed?: Hex;
  blobGasPrice?: Hex;
}

/** What a landing cost by its receipt, and what it is worth by its event. */
export function billOf(
  { late, successor, paidWei, chargedWei }: Pick<LandedCheckpoint, "late" | "successor" | "paidWei" | "chargedWei">,
  { gasUsed, effectiveGasPrice, blobGasUsed = "0x0", blobGasPrice = "0x0" }: LandingReceipt,
): LandingBill {
  const costWei = BigInt(gasUsed) * BigInt(effectiveGasPrice) + BigInt(blobGasUsed) * BigInt(blobGasPrice);
  return { by: late ? (successor ? "successor" : "other") : "proposer", costWei, paidWei, chargedWei };
}
