import { AbiCoder } from "ethers";
import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { BlockRef, CallFailure, CallRequest } from "../../engine/interface.ts";
import type { CallOverrides } from "../../types/calls.ts";
import { resolveBlock } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { addressResult, bytesResult, hashResult, quantityResult } from "../results.ts";
import { block, blockOverrides, call, stateOverrides } from "../schema.ts";

const params = z.tuple([
  call.describe("call"),
  block.nullish().describe("block"),
  stateOverrides.nullish().describe("state overrides"),
  blockOverrides.nullish().describe("block overrides"),
]);
type Params = z.output<typeof params>;

const ERROR_STRING = "0x08c379a0";
const PANIC = "0x4e487b71";

const accessListResult = z.strictObject({
  accessList: z.array(z.strictObject({ address: addressResult, storageKeys: z.array(hashResult) })),
  gasUsed: quantityResult,
  error: z.string().optional(),
});

/** Running code without a transaction. */
export const callMethods: RpcMethod[] = [
  method({
    name: "eth_call",
    summary:
      "Runs a call at a block and gives what it returns; accounts and the block may be other than they are. Error 3 with " +
      "the revert data if it reverts.",
    params,
    result: bytesResult,
    handle: async (context, given) => succeeded(await context.chain.call(...(await toCall(context, given)))).data,
  }),
  method({
    name: "eth_estimateGas",
    summary: "The least gas limit a transaction would need. Error 3 with the revert data if it reverts.",
    params,
    result: quantityResult,
    handle: async (context, given) =>
      toQuantity(succeeded(await context.chain.estimateGas(...(await toCall(context, given)))).gasUsed),
  }),
  method({
    name: "eth_createAccessList",
    summary: "The accounts and slots that a transaction would touch, and its gas if it declared them (EIP-2930).",
    params,
    result: accessListResult,
    async handle(context, given) {
      const { gasUsed, ...found } = await context.chain.createAccessList(...(await toCall(context, given)));
      return { ...found, gasUsed: toQuantity(gasUsed) };
    },
  }),
];

/** As the engine takes it. */
async function toCall(
  context: RpcContext,
  [request, selector, state, blockFields]: Params,
): Promise<[CallRequest, BlockRef, CallOverrides]> {
  const overrides = { ...(state && { state }), ...(blockFields && { block: blockFields }) };
  const { callGasLimit } = context.options;
  const built = toCallRequest(request);
  const gas = built.gas === undefined || built.gas > callGasLimit ? callGasLimit : built.gas;
  return [{ ...built, gas }, await resolveBlock(context, selector), overrides as CallOverrides];
}

/** As the engine takes it; the gas is left open if the caller leaves it. */
export function toCallRequest(request: z.output<typeof call>): CallRequest {
  const built: CallRequest = {};
  if (request.gas != null) built.gas = request.gas;
  if (request.from != null) built.from = request.from;
  if (request.to != null) built.to = request.to;
  const input = request.input ?? request.data;
  if (input != null) built.data = input;
  if (request.value != null) built.value = request.value;
  if (request.gasPrice != null) built.gasPrice = request.gasPrice;
  if (request.maxFeePerGas != null) built.maxFeePerGas = request.maxFeePerGas;
  if (request.maxPriorityFeePerGas != null) built.maxPriorityFeePerGas = request.maxPriorityFeePerGas;
  if (request.accessList != null) built.accessList = request.accessList;
  if (request.authorizationList != null) built.authorizations = request.authorizationList;
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
