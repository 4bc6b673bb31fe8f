import { type BlockTag, Interface, type Result } from "ethers";
import { ROLLUP_SIMULATOR_ABI } from "../abi/generated/rollupSimulator.ts";
import { buildCalldata, type SubmitCall, toSolidity } from "../build/calldata.ts";
import type { ContractError } from "../errors/contractError.ts";
import { decodeContractError } from "../errors/decode.ts";
import { getConfig, type RollupConfig } from "../get/config.ts";
import { type LandingTerms, landingTerms } from "../get/terms.ts";
import { getTips, type SubmittedTip } from "../get/tips.ts";
import type { RollupRef } from "../get/view.ts";
import type { Hex } from "../types/hex.ts";
import { simulateChallenge, withChallenge } from "./challenge.ts";
import { type OverrideProvider, requireOverrides, simulatorCode } from "./code.ts";
import { SimulateError } from "./error.ts";
import { hooksGas, type TransactionGas, transactionGas } from "./gas.ts";
import { type AssumedLanding, assumeLanded, seedOverrides, tipOverride } from "./parent.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** The L1 block a simulation pretends to run in. */
export interface SimulatedBlock {
  /** Unix seconds. */
  timeSec: number;
  /** Wei per gas. */
  baseFeeWei: bigint;
  /** Wei per blob gas. */
  blobBaseFeeWei: bigint;
}

/** What would be sent, when, and on top of what. */
export interface SimulationRequest extends SubmitCall {
  /** Who would send it: whether the attestation is verified depends on this account's bond. */
  from: Hex;
  /** Versioned hashes of the transaction's blobs, in order. */
  blobHashes: readonly Hex[];
  block: SimulatedBlock;
  /** Wei per gas on top of the base fee. */
  priorityFeeWei: bigint;
  /** Checkpoints assumed to have landed before, in order; none to simulate on L1 as it is. */
  assumed: readonly AssumedLanding[];
}

/** What landing would cost and bring. */
export interface SimulatedCost extends TransactionGas {
  /** Gas, priority fee and blob gas at the block's prices. */
  costWei: bigint;
  /** Quoted for the late landings among them, an upper bound of what settling pays the recipient. */
  quotedWei: bigint;
  /** `quotedWei - costWei`. */
  profitWei: bigint;
}

/** Whether it would land: what that would cost and bring, or the contract's own error. */
export type SimulationResult =
  | {
      verdict: "ok";
      /** One per checkpoint that would land; those that have landed already are passed over. */
      landings: LandingTerms[];
      cost: SimulatedCost;
      /** The tip it was simulated on. */
      parent: SubmittedTip;
    }
  | { verdict: Exclude<Verdict, "ok">; error: ContractError; parent: SubmittedTip };

/** Simulates submissions to one rollup. */
export interface Simulator {
  /**
   * Whether a submission would land, in that block and on top of those checkpoints, and what it would cost and bring.
   * @param at L1 block whose state is taken.
   * @throws SimulateError when it cannot be told.
   */
  simulate(request: SimulationRequest, at?: BlockTag): Promise<SimulationResult>;
}

const abi = new Interface(ROLLUP_SIMULATOR_ABI);

/**
 * Prepares simulations: takes the simulator's code out of the L1 node and makes sure that the node honours state
 * overrides. Make one per rollup and keep it.
 * @throws SimulateError "no-overrides" or "creation-failed".
 */
export async function createSimulator(ref: RollupRef & { provider: OverrideProvider }): Promise<Simulator> {
  const [code, config] = await Promise.all([simulatorCode(ref), getConfig(ref)]);
  await requireOverrides(ref, code, config);
  return { simulate: (request, at = "latest") => simulate({ ...ref, code, config }, request, at) };
}

interface Prepared extends RollupRef {
  provider: OverrideProvider;
  /** The simulator's runtime code. */
  code: Hex;
  config: RollupConfig;
}

async function simulate(prepared: Prepared, request: SimulationRequest, at: BlockTag): Promise<SimulationResult> {
  const { provider, rollup, code, config } = prepared;
  // One L1 block for the tip and for the call that runs on it.
  const block = `0x${(await blockNumberOf(provider, at)).toString(16)}`;
  const onL1 = await getTips(prepared, block);
  const challenge = await simulateChallenge(prepared, request, onL1, block);
  if (challenge.error) return { verdict: verdictOf(challenge.error), error: challenge.error, parent: onL1 };
  const parent = assumeLanded(challenge.tip, request.assumed);
  const stateDiff =
    parent === onL1 ? {} : { ...tipOverride(parent), ...seedOverrides(config, challenge.tip, request.assumed) };
  let result: unknown;
  try {
    const call = { from: request.from, to: rollup, data: simulateCalldata(request) };
    result = await provider.send("eth_call", [call, block, { [rollup]: { code, stateDiff } }]);
  } catch (thrown) {
    const error = decodeContractError(thrown);
    if (!error || error.name === "Bls__NotEnoughGas") {
      throw new SimulateError("call-failed", `the simulation did not run: ${error?.message ?? thrown}`, {
        cause: thrown,
      });
    }
    return { verdict: verdictOf(error), error, parent };
  }
  const landed = succeeded(request, parent, abi.decodeFunctionResult("simulate", result as string));
  return { ...landed, cost: withChallenge(landed.cost, challenge.gas, request) };
}

function simulateCalldata({ submissions, recipient, deadlineSec, block, blobHashes }: SimulationRequest): string {
  return abi.encodeFunctionData("simulate", [
    submissions.map(toSolidity),
    recipient,
    deadlineSec,
    { time: block.timeSec, baseFee: block.baseFeeWei, blobBaseFee: block.blobBaseFeeWei, blobHashes },
  ]);
}

function succeeded(
  request: SimulationRequest,
  parent: SubmittedTip,
  result: Result,
): Extract<SimulationResult, { verdict: "ok" }> {
  const [words, executionGas] = result as unknown as [[bigint, bigint, bigint][], bigint];
  const landings = words.map(([facts, submitter, recipient]) => landingTerms(facts, submitter, recipient));
  return { verdict: "ok", landings, cost: costOf(request, landings, executionGas), parent };
}

function costOf(request: SimulationRequest, landings: readonly LandingTerms[], executionGas: bigint): SimulatedCost {
  const { block, priorityFeeWei, blobHashes } = request;
  const gas = transactionGas(
    buildCalldata({ ...request, challenged: [] }),
    executionGas - hooksGas(landings),
    blobHashes.length,
  );
  const costWei = gas.gas * (block.baseFeeWei + priorityFeeWei) + gas.blobGas * block.blobBaseFeeWei;
  const quotedWei = landings.reduce((sum, { late, paidWei }) => (late ? sum + paidWei : sum), 0n);
  return { ...gas, costWei, quotedWei, profitWei: quotedWei - costWei };
}

async function blockNumberOf(provider: OverrideProvider, at: BlockTag): Promise<number> {
  if (at === "latest") return provider.getBlockNumber();
  const block = await provider.getBlock(at);
  if (!block) throw new SimulateError("call-failed", `L1 has no block ${at}`);
  return block.number;
}
