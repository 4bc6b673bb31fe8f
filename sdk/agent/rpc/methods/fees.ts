import { z } from "zod";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { requireBlock, unlessUnknown } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { feeHistoryResult, quantityResult } from "../results.ts";
import { blockNumber, countOrNumber } from "../schema.ts";

/** Blocks looked at for a suggested tip. */
const SUGGESTION_BLOCKS = 8;
/** Of the tips paid in them, this share is below the suggestion. */
const SUGGESTION_PERCENTILE = 60;
const MAX_PERCENTILES = 100;
/** The least there is: nothing uses blobs here. */
const NO_BLOB_FEE = "0x1";

const none = z.tuple([]);
const percentiles = z
  .array(z.number().min(0).max(100), "expected a list of percentiles")
  .max(MAX_PERCENTILES)
  .refine((list) => list.every((value, i) => i === 0 || value >= (list[i - 1] ?? 0)), "percentiles must ascend");

/** What a transaction should offer. */
export const feeMethods: RpcMethod[] = [
  method({
    name: "eth_gasPrice",
    summary: "Next block's base fee plus the suggested tip, in wei per gas.",
    params: none,
    result: quantityResult,
    handle: async (context) => toQuantity((await context.chain.getNextBaseFee("latest")) + (await suggestTip(context))),
  }),
  method({
    name: "eth_maxPriorityFeePerGas",
    summary: "The suggested tip, in wei per gas.",
    params: none,
    result: quantityResult,
    handle: async (context) => toQuantity(await suggestTip(context)),
  }),
  method({
    name: "eth_blobBaseFee",
    summary: "Always 1: there are no blob transactions on L2.",
    params: none,
    result: quantityResult,
    handle: () => NO_BLOB_FEE,
  }),
  method({
    name: "eth_feeHistory",
    summary: "Base fees, fullness and tips of past blocks.",
    params: z.tuple([
      countOrNumber.describe("blocks, how many"),
      blockNumber.describe("newest block"),
      percentiles.nullish().describe("percentiles, of the gas of a block: the tips there are shown"),
    ]),
    result: feeHistoryResult,
    async handle(context, [blocks, newest, wanted]) {
      if (blocks === 0 || blocks > context.options.maxFeeHistoryBlocks) {
        const expected = `expected 1 to ${context.options.maxFeeHistoryBlocks} blocks, got ${blocks}`;
        throw new RpcError(RPC_CODES.invalidParams, `invalid params[0]: ${expected}`);
      }
      const last = await requireBlock(context, newest);
      const history = await precedingBlocks(context, last, blocks);
      const nextBaseFee = await context.chain.getNextBaseFee(last.blockHash);
      const rewards = wanted?.length && (await Promise.all(history.map((block) => tipsAt(context, block, wanted))));
      return {
        oldestBlock: toQuantity(history[0]?.blockNumber ?? last.blockNumber),
        baseFeePerGas: [...history.map((block) => block.baseFeePerGas), nextBaseFee].map(toQuantity),
        gasUsedRatio: history.map((block) => Number(block.gasUsed) / Number(block.gasLimit)),
        baseFeePerBlobGas: Array.from({ length: history.length + 1 }, () => NO_BLOB_FEE),
        blobGasUsedRatio: history.map(() => 0),
        ...(rewards ? { reward: rewards.map((tips) => tips.map(toQuantity)) } : {}),
      };
    },
  }),
];

/** The tip that the stated share of recent gas was paid less for; the configured one while no recent block has any. */
async function suggestTip(context: RpcContext): Promise<bigint> {
  const head = await requireBlock(context, "latest");
  const blocks = await precedingBlocks(context, head, SUGGESTION_BLOCKS);
  const used = blocks.filter((block) => block.transactions.length > 0);
  const tips = (await Promise.all(used.map((block) => tipsAt(context, block, [SUGGESTION_PERCENTILE])))).flat();
  const middle = tips.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[tips.length >> 1];
  const least = context.options.defaultPriorityFeePerGas;
  return middle === undefined || middle < least ? least : middle;
}

/** Up to `count` blocks that end with `last`, oldest first. */
async function precedingBlocks(
  context: RpcContext,
  last: ExecutionPayload,
  count: number,
): Promise<ExecutionPayload[]> {
  const first = Math.max(0, last.blockNumber - count + 1);
  const numbers = Array.from({ length: last.blockNumber - first }, (_, i) => first + i);
  const before = await Promise.all(numbers.map((number) => unlessUnknown(context.chain.getBlock(number))));
  return [...before.filter((block) => block !== undefined), last];
}

/** The tip at each percentile of a block's gas, cheapest gas first; zeros for an empty block. */
async function tipsAt(context: RpcContext, block: ExecutionPayload, wanted: number[]): Promise<bigint[]> {
  if (block.transactions.length === 0) return wanted.map(() => 0n);
  const paid = (await context.chain.getReceipts(block.blockHash))
    .map(({ effectiveGasPrice, gasUsed }) => ({ tip: effectiveGasPrice - block.baseFeePerGas, gas: Number(gasUsed) }))
    .sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  const total = paid.reduce((sum, { gas }) => sum + gas, 0);
  return wanted.map((percentile) => {
    let below = 0;
    const at = paid.find(({ gas }) => {
      below += gas;
      return below >= (total * percentile) / 100;
    });
    return at?.tip ?? paid.at(-1)?.tip ?? 0n;
  });
}
