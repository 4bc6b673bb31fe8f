import { z } from "zod";

/*
 * What methods answer, for the reference and for the tests, which hold every answer to it. Nothing here runs in a
 * request: what a node knows to be right it does not check again.
 */

const HEX = "0x and lower-case hexadecimal";
const hexOf = (bytes: number, id: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`))
    .meta({ id, description: `${what}: ${HEX}, ${bytes} bytes.` });

export const hashResult = hexOf(32, "Hash", "A hash or a storage word");
export const addressResult = hexOf(20, "Address", "An account");
export const bytesResult = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .meta({ id: "Bytes", description: `Bytes of any length: ${HEX}.` });
export const quantityResult = z
  .string()
  .regex(/^0x(0|[1-9a-f][0-9a-f]*)$/)
  .meta({ id: "Quantity", description: "An unsigned number: hexadecimal without leading zeros." });
const bloom = hexOf(256, "Bloom", "A bloom filter of a block's or a receipt's logs");
const count = z.number().int().nonnegative();

export const logResult = z
  .strictObject({
    address: addressResult,
    topics: z.array(hashResult).max(4),
    data: bytesResult,
    blockNumber: quantityResult,
    blockHash: hashResult,
    transactionHash: hashResult,
    transactionIndex: quantityResult,
    logIndex: quantityResult,
    removed: z.boolean(),
  })
  .meta({ id: "Log", description: "A log; `removed` if its block has left the chain." });

export const receiptResult = z
  .strictObject({
    transactionHash: hashResult,
    transactionIndex: quantityResult,
    blockHash: hashResult,
    blockNumber: quantityResult,
    from: addressResult,
    to: addressResult.nullable(),
    contractAddress: addressResult.nullable(),
    type: quantityResult,
    status: z.enum(["0x0", "0x1"]),
    gasUsed: quantityResult,
    cumulativeGasUsed: quantityResult,
    effectiveGasPrice: quantityResult,
    logsBloom: bloom,
    logs: z.array(logResult),
  })
  .meta({ id: "Receipt", description: "What a transaction did." });

const accessListResult = z.array(z.strictObject({ address: addressResult, storageKeys: z.array(hashResult) }));
const signatureFields = { v: quantityResult, r: quantityResult, s: quantityResult };

export const transactionResult = z
  .strictObject({
    type: quantityResult,
    hash: hashResult,
    from: addressResult,
    to: addressResult.nullable(),
    nonce: quantityResult,
    gas: quantityResult,
    value: quantityResult,
    input: bytesResult,
    gasPrice: quantityResult,
    maxFeePerGas: quantityResult.optional(),
    maxPriorityFeePerGas: quantityResult.optional(),
    accessList: accessListResult.optional(),
    authorizationList: z
      .array(
        z.strictObject({
          chainId: quantityResult,
          address: addressResult,
          nonce: quantityResult,
          yParity: quantityResult,
          r: quantityResult,
          s: quantityResult,
        }),
      )
      .optional(),
    chainId: quantityResult.optional(),
    yParity: quantityResult.optional(),
    ...signatureFields,
    blockHash: hashResult.nullable(),
    blockNumber: quantityResult.nullable(),
    transactionIndex: quantityResult.nullable(),
  })
  .meta({ id: "Transaction", description: "A signed transaction; without a block while it waits in the mempool." });

const headerFields = {
  hash: hashResult,
  parentHash: hashResult,
  sha3Uncles: hashResult,
  miner: addressResult,
  stateRoot: hashResult,
  transactionsRoot: hashResult,
  receiptsRoot: hashResult,
  logsBloom: bloom,
  difficulty: quantityResult,
  number: quantityResult,
  gasLimit: quantityResult,
  gasUsed: quantityResult,
  timestamp: quantityResult,
  extraData: bytesResult,
  mixHash: hashResult,
  nonce: hexOf(8, "BlockNonce", "Zero since blocks are not mined"),
  baseFeePerGas: quantityResult,
  withdrawalsRoot: hashResult,
  blobGasUsed: quantityResult,
  excessBlobGas: quantityResult,
  parentBeaconBlockRoot: hashResult,
  requestsHash: hashResult,
};

export const headerResult = z
  .strictObject(headerFields)
  .meta({ id: "Header", description: "A block's header, as `newHeads` tells it." });

export const blockResult = z
  .strictObject({
    ...headerFields,
    size: quantityResult,
    uncles: z.array(hashResult).max(0),
    transactions: z.union([z.array(hashResult), z.array(transactionResult)]),
    withdrawals: z.array(
      z.strictObject({
        index: quantityResult,
        validatorIndex: quantityResult,
        address: addressResult,
        amount: quantityResult,
      }),
    ),
  })
  .meta({ id: "Block", description: "A block with its transactions, whole or by hash. Deposits are its withdrawals." });

const tip = z
  .strictObject({
    slot: count,
    digest: bytesResult.optional(),
    blockNumber: count,
    blockHash: hashResult,
  })
  .meta({ id: "Tip", description: "A point of the chain; `digest` (20 bytes) is missing while no proposal names it." });

export const tipsResult = z
  .strictObject({ head: tip, proposed: tip, attested: tip, submitted: tip, settled: tip, finalized: tip })
  .meta({ id: "Tips", description: "How far the chain has come, read as one: each is at or above the next." });

export const feeHistoryResult = z
  .strictObject({
    oldestBlock: quantityResult,
    baseFeePerGas: z.array(quantityResult),
    gasUsedRatio: z.array(z.number()),
    baseFeePerBlobGas: z.array(quantityResult),
    blobGasUsedRatio: z.array(z.number()),
    reward: z.array(z.array(quantityResult)).optional(),
  })
  .meta({ id: "FeeHistory" });

const STAGES = ["head", "proposed", "attested", "submitted", "settled", "finalized"] as const;

export const transactionStatusResult = z
  .union([
    z.strictObject({ status: z.literal("unknown") }),
    z
      .strictObject({ status: z.enum(["runnable", "queued"]), preconfirmed: z.boolean() })
      .describe(
        "In the mempool; `preconfirmed` if it was shown in a block that is discarded, and comes first in the next.",
      ),
    z
      .strictObject({
        status: z.literal("dropped"),
        reason: z.enum([
          "replaced",
          "evicted",
          "expired",
          "nonce-too-low",
          "insufficient-funds",
          "underpriced",
          "invalid",
        ]),
        detail: z.string(),
      })
      .describe("It has left the mempool without a block."),
    z
      .strictObject({
        status: z.literal("included"),
        stage: z.enum(STAGES).optional(),
        blockHash: hashResult.optional(),
        blockNumber: count.optional(),
        transactionIndex: count.optional(),
      })
      .describe("In a block, and how far that has come; without a place while the head moves."),
  ])
  .meta({ id: "TransactionStatus" });

/** Objects of the pipeline that are shown as they are held; their fields stand in `docs/rpc`. */
export const objectOf = (description: string) => z.record(z.string(), z.unknown()).describe(description);
