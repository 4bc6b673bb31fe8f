import { AbiCoder } from "ethers";
import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { CallFailure, CallRequest } from "../../engine/interface.ts";
import { resolveBlock } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { bytesResult, quantityResult } from "../results.ts";
import { block, call } from "../schema.ts";

const params = z.tuple([call.describe("call"), block.nullish().describe("block")]);

/** EIP-2930's and EIP-7702's charges before execution. */
const ACCESS_LIST_ADDRESS_GAS = 2_400n;
const ACCESS_LIST_KEY_GAS = 1_900n;
const AUTHORIZATION_GAS = 25_000n;

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";

/** Running code without a transaction. */
export const callMethods: RpcMethod[] = [
  method({
    name: "eth_call",
    summary: "Runs a call at a block and gives what it returns. Error 3 with the revert data if it reverts.",
    params,
    result: bytesResult,
    async handle(context, [request, selector]) {
      const reference = await resolveBlock(context, selector);
      return succeeded(await context.chain.call(toCallRequest(request, context), reference)).data;
    },
  }),
  method({
    name: "eth_estimateGas",
    summary: "The least gas limit a transaction would need. Error 3 with the revert data if it reverts.",
    params,
    result: quantityResult,
    async handle(context, [request, selector]) {
      const reference = await resolveBlock(context, selector);
      const { gasUsed } = succeeded(await context.chain.estimateGas(toCallRequest(request, context), reference));
      return toQuantity(gasUsed + listGas(request));
    },
  }),
];

/** What lists add to an estimate made without them: their entries can only make the execution itself cheaper. */
function listGas({ accessList, authorizationList }: z.output<typeof call>): bigint {
  const entries = accessList ?? [];
  const keys = entries.reduce((sum, entry) => sum + entry.storageKeys.length, 0);
  return (
    BigInt(entries.length) * ACCESS_LIST_ADDRESS_GAS +
    BigInt(keys) * ACCESS_LIST_KEY_GAS +
    BigInt(authorizationList?.length ?? 0) * AUTHORIZATION_GAS
  );
}

function toCallRequest(request: z.output<typeof call>, { options }: RpcContext): CallRequest {
  const gas = request.gas ?? options.callGasLimit;
  const built: CallRequest = { gas: gas < options.callGasLimit ? gas : options.callGasLimit };
  if (request.from != null) built.from = request.from;
  if (request.to != null) built.to = request.to;
  const input = request.input ?? request.data;
  if (input != null) built.data = input;
  if (request.value != null) built.value = request.value;
  if (request.gasPrice != null) built.gasPrice = request.gasPrice;
  if (request.maxFeePerGas != null) built.maxFeePerGas = request.maxFeePerGas;
  if (request.maxPriorityFeePerGas != null) built.maxPriorityFeePerGas = request.maxPriorityFeePerGas;
  return built;
}

function succeeded<T extends { ok: true }>(result: T | CallFailure): T {
  if (result.ok) return result;
  if (result.data === "0x" && !/revert/i.test(result.reason)) throw new RpcError(RPC_CODES.server, result.reason);
  const reason = revertReason(result.data);
  throw new RpcError(RPC_CODES.reverted, `execution reverted${reason === undefined ? "" : `: ${reason}`}`, result.data);
}

/** The text of Solidity's `Error(string)` or `Panic(uint256)`. */
function revertReason(data: Hex): string | undefined {
  try {
    const [type, prefix] = data.startsWith(ERROR_STRING) ? ["string", ""] : ["uint256", "panic code "];
    if (!data.startsWith(ERROR_STRING) && !data.startsWith(PANIC)) return undefined;
    return prefix + String(AbiCoder.defaultAbiCoder().decode([type as string], `0x${data.slice(10)}`)[0]);
  } catch {
    return undefined; // the contract reverted with bytes that only begin like one of the two
  }
}
