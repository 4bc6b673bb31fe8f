import { bytesToHex, hexToBytes } from "@ethereumjs/util";
import { z } from "zod";
import { keccak } from "../../engine/crypto/keccak.ts";
import type { SimulatedBlock, SimulatedCall, SimulationStep } from "../../engine/interface.ts";
import { resolveBlock } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import { logJson } from "../encode/receipt.ts";
import { RPC_CODES } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { blockResult, bytesResult, logResult, quantityResult } from "../results.ts";
import { block, blockOverrides, call, stateOverrides } from "../schema.ts";
import { toCallRequest } from "./call.ts";

/** Calls of one request: each costs at least 21,000 gas of the one block's gas that all of it may use. */
const MAX_CALLS = 1_024;
/** Of a call that failed without having been told to. */
const VM_ERROR = -32015;

const step = z.object(
  {
    blockOverrides: blockOverrides.nullish(),
    stateOverrides: stateOverrides.nullish(),
    calls: z.array(call).max(MAX_CALLS).nullish(),
  },
  "expected {blockOverrides, stateOverrides, calls}",
);

const simulation = z.strictObject(
  {
    blockStateCalls: z.array(step, "expected a list of blocks").min(1).max(256),
    validation: z.literal(false, "validation is not to be had: calls need no signature, nonce or fee here").nullish(),
    traceTransfers: z.literal(false, "traces of transfers are not to be had").nullish(),
    returnFullTransactions: z.literal(false, "whole transactions are not to be had: nobody signed them").nullish(),
  },
  "expected {blockStateCalls}",
);

const callResult = z.strictObject({
  status: z.enum(["0x0", "0x1"]),
  returnData: bytesResult,
  gasUsed: quantityResult,
  logs: z.array(logResult),
  error: z.strictObject({ code: z.number(), message: z.string(), data: bytesResult }).optional(),
});

/** Blocks that nobody builds. */
export const simulateMethods: RpcMethod[] = [
  method({
    name: "eth_simulateV1",
    summary:
      "Runs blocks of calls one upon the other, in worlds changed block by block, and gives the blocks they would make.",
    params: z.tuple([simulation.describe("simulation"), block.nullish().describe("block")]),
    result: z.array(z.looseObject({ ...blockResult.shape, calls: z.array(callResult) })),
    async handle(context, [{ blockStateCalls }, selector]) {
      const steps = blockStateCalls.map((one) => toStep(one));
      const blocks = await context.chain.simulate(steps, await resolveBlock(context, selector));
      return blocks.map((simulated) => simulatedJson(context, simulated));
    },
  }),
];

function toStep({ blockOverrides: fields, stateOverrides: accounts, calls }: z.output<typeof step>): SimulationStep {
  return {
    ...(fields && { block: fields }),
    ...(accounts && { state: accounts }),
    calls: (calls ?? []).map((one) => toCallRequest(one)),
  } as SimulationStep;
}

function simulatedJson({ blocks }: RpcContext, { payload, calls }: SimulatedBlock): unknown {
  return { ...blocks.block(payload), calls: calls.map((one, index) => callJson(one, payload, index)) };
}

function callJson(
  { ok, data, gasUsed, logs, reason }: SimulatedCall,
  { blockHash, blockNumber, transactions }: SimulatedBlock["payload"],
  transactionIndex: number,
): unknown {
  const transactionHash = bytesToHex(keccak(hexToBytes(transactions[transactionIndex] ?? "0x")));
  const place = { blockHash, blockNumber, transactionIndex, transactionHash };
  const code = /revert/.test(reason ?? "") ? RPC_CODES.reverted : VM_ERROR;
  return {
    status: ok ? "0x1" : "0x0",
    returnData: data,
    gasUsed: toQuantity(gasUsed),
    logs: logs.map((log) => logJson(log, place)),
    ...(ok ? {} : { error: { code, message: reason, data } }),
  };
}
