import { assembleBlock } from "../../../sdk/agent/engine/chain/block.ts";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import { toBytes } from "../../../sdk/agent/engine/hex.ts";
import { environmentOf } from "../../../sdk/agent/engine/payload-validator.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { decodeBlockData, encodeBlockData } from "../../../sdk/blob/blockData.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload, Withdrawal } from "../../../sdk/types/payload.ts";
import { behindPort } from "../forbidden.ts";
import type { Villain } from "./villain.ts";

/** In what a twin differs from the block that its proposer has built. */
export interface Difference {
  parentHash?: Hex;
  feeRecipient?: Hex;
  withdrawals?: Withdrawal[];
  /** The transactions it begins with, as long as they can run there. */
  transactions?: Hex[];
}

/** Another block in the place of one, executed and signed; undefined where none can be built. */
export async function twinOf(
  villain: Villain,
  block: BlockProposal,
  difference: Difference,
): Promise<BlockProposal | undefined> {
  const original = decodeBlockData(block.data);
  const { timestamp, prevRandao, gasLimit } = original;
  const { parentHash, feeRecipient, withdrawals, transactions } = { ...original, ...difference };
  const { engine } = villain.haunts.execution;
  const attributes = { timestamp, prevRandao, gasLimit, feeRecipient, withdrawals, forced: transactions };
  const payload = await villain.work(async () =>
    engine.getPayload(await engine.startPayload(parentHash, attributes)).catch(() => undefined),
  );
  return payload && signed(villain, block, payload);
}

/** The same block with a claim about its state that no execution bears out. */
export function liarOf(villain: Villain, block: BlockProposal): BlockProposal {
  const payload = { ...decodeBlockData(block.data), stateRoot: `0x${"5a".repeat(32)}` as Hex };
  const { transactions, withdrawals, stateRoot, receiptsRoot, logsBloom, gasUsed } = payload;
  const result = {
    stateRoot: toBytes(stateRoot),
    receiptTrie: toBytes(receiptsRoot),
    logsBloom: toBytes(logsBloom),
    gasUsed,
  };
  const { hash } = behindPort(() =>
    assembleBlock(
      createChainRules(villain.haunts.setting.rollup.l2ChainId),
      environmentOf(payload),
      transactions.map(toBytes),
      withdrawals,
      result,
    ),
  );
  return signed(villain, block, { ...payload, blockHash: hash });
}

function signed(villain: Villain, block: BlockProposal, payload: ExecutionPayload): BlockProposal {
  const { parentHash, blockHash } = payload;
  return villain.signBlock({ ...block, parentHash, blockHash, data: encodeBlockData(payload) });
}
