import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes, Withdrawal } from "../../../types/payload.ts";
import { isHex } from "../hex.ts";
import { EngineError } from "../interface.ts";

export const bytes = (length?: number) =>
  z.custom<Hex>((value) => isHex(value, length), `expected ${length ?? "whole"} bytes of hexadecimal`);

export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/, "expected a quantity such as 0x1f")
  .transform(BigInt);

/** A quantity that a number holds exactly. */
export const count = quantity
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), "expected at most 2^53 - 1")
  .transform(Number);

const withdrawal = z
  .object({ index: count, validatorIndex: count, address: bytes(20), amount: quantity })
  .transform(({ amount, ...rest }): Withdrawal => ({ ...rest, amountGwei: amount }));

const none = quantity.refine((value) => value === 0n, "expected no blobs");

const executionPayload = z
  .object({
    parentHash: bytes(32),
    feeRecipient: bytes(20),
    stateRoot: bytes(32),
    receiptsRoot: bytes(32),
    logsBloom: bytes(256),
    prevRandao: bytes(32),
    blockNumber: count,
    gasLimit: quantity,
    gasUsed: quantity,
    timestamp: count,
    extraData: bytes(),
    baseFeePerGas: quantity,
    blockHash: bytes(32),
    transactions: z.array(bytes()),
    withdrawals: z.array(withdrawal),
    blobGasUsed: none,
    excessBlobGas: none,
  })
  .transform(({ blobGasUsed: _, excessBlobGas: __, ...payload }): ExecutionPayload => payload);

/** Answer to `engine_getPayloadV4`. */
export const builtPayload = z
  .object({ executionPayload, executionRequests: z.array(bytes()).max(0, "expected no execution requests") })
  .transform((built) => built.executionPayload);

export const payloadStatus = z.object({
  status: z.enum(["VALID", "INVALID", "SYNCING", "ACCEPTED", "INVALID_BLOCK_HASH"]),
  validationError: z.string().nullish(),
});

/** Answer to `engine_forkchoiceUpdatedV3`. */
export const forkchoiceAnswer = z.object({ payloadStatus, payloadId: z.string().nullish() });

/** Answer to `engine_getPayloadBodiesByHashV1`. */
export const payloadBodies = z.array(
  z.object({ transactions: z.array(bytes()), withdrawals: z.array(withdrawal).nullish() }).nullable(),
);

/** Reads an answer, or throws EngineError "unsupported" naming the field that this agent cannot take. */
export function read<T extends z.ZodType>(schema: T, answer: unknown, what: string): z.output<T> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new EngineError("unsupported", `${what}: ${z.prettifyError(result.error)}`);
}

export const toQuantity = (value: bigint | number): Hex => `0x${value.toString(16)}`;

const toWithdrawal = ({ amountGwei, index, validatorIndex, address }: Withdrawal) => ({
  index: toQuantity(index),
  validatorIndex: toQuantity(validatorIndex),
  address,
  amount: toQuantity(amountGwei),
});

/** ExecutionPayloadV3. */
export function toWirePayload(payload: ExecutionPayload) {
  return {
    ...payload,
    blockNumber: toQuantity(payload.blockNumber),
    gasLimit: toQuantity(payload.gasLimit),
    gasUsed: toQuantity(payload.gasUsed),
    timestamp: toQuantity(payload.timestamp),
    baseFeePerGas: toQuantity(payload.baseFeePerGas),
    withdrawals: payload.withdrawals.map(toWithdrawal),
    blobGasUsed: "0x0",
    excessBlobGas: "0x0",
  };
}

/** No beacon chain stands behind these blocks. */
export const NO_BEACON_ROOT: Hex = `0x${"0".repeat(64)}`;

/** PayloadAttributesV3. The gas limit is the client's own business: see `ApiEngine`. */
export function toWireAttributes({ timestamp, prevRandao, feeRecipient, withdrawals }: PayloadAttributes) {
  return {
    timestamp: toQuantity(timestamp),
    prevRandao,
    suggestedFeeRecipient: feeRecipient,
    withdrawals: withdrawals.map(toWithdrawal),
    parentBeaconBlockRoot: NO_BEACON_ROOT,
  };
}
