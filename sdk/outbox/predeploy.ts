import { L2_OUTBOX_CODE, L2_OUTBOX_WORD } from "../abi/generated/l2Outbox.ts";
import { packWord } from "../abi/words.ts";
import type { Hex } from "../types/hex.ts";
import type { OutboxOwner } from "./leaf.ts";

/** Where `L2Outbox` stands on L2. */
export const L2_OUTBOX_ADDRESS: Hex = "0x4200000000000000000000000000000000000016";

/**
 * The outbox as L2's first block has it: it depends on whose outbox it is and on nothing else.
 * @throws RangeError for a chain id of more than 64 bits.
 */
export function outboxAccount({ chainId, rollup }: OutboxOwner) {
  const word = packWord(L2_OUTBOX_WORD, { rollup: BigInt(rollup), l1ChainId: chainId, count: 0n });
  return { balanceWei: 0n, nonce: 1, code: L2_OUTBOX_CODE as Hex, storage: { [L2_OUTBOX_WORD.slot]: word } };
}
