import { Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { versionedHash } from "../blob/kzg.ts";
import type { SubmitCall } from "../build/calldata.ts";
import { buildSubmitTransaction, type SubmissionWithBlobs } from "../build/transaction.ts";
import type { Simulator } from "../simulate/simulator.ts";
import type { Hex } from "../types/hex.ts";
import { submitRequest } from "./content.ts";
import type { LandedCheckpoints } from "./network.ts";
import type { Simulate } from "./simulation.ts";
import type { RequestTerms, SubmitRequest } from "./types.ts";

/** A request that lands checkpoints on a rollup, and the call it was built of. */
export interface LandingRequest extends SubmitRequest {
  call: SubmitCall;
}

/** On what terms to land; `valueAtStakeWei` undefined lands at any price under the caps. */
export interface LandingTermsInput extends Pick<RequestTerms, "notBeforeSec" | "deadlineSec" | "valueAtStakeWei"> {
  /** Who is credited for landing late. */
  recipient: Hex;
  /** Expected gas, as a simulation tells it (`cost.gas`). */
  gasEstimate: bigint;
}

/**
 * The request that lands one checkpoint, or a late one together with the next.
 * @param rollup Address of the rollup contract.
 * @param items In the order of their slots.
 * @throws BuildError for blobs or signatures that are not the submission's, SubmitError `bad-request`.
 */
export function landingRequest(
  rollup: Hex,
  items: readonly SubmissionWithBlobs[],
  { recipient, ...terms }: LandingTermsInput,
): LandingRequest {
  const submissions = items.map(({ submission }) => submission);
  const call: SubmitCall = { submissions, recipient, deadlineSec: terms.deadlineSec };
  const transaction = buildSubmitTransaction(rollup, items, call);
  const checkpoints = submissions.map(({ digest }) => digest);
  return { ...submitRequest({ ...transaction, ...terms, checkpoints }), call };
}

/** Asks the rollup's simulator, on L1 as it is. */
export function simulateLanding(simulator: Simulator): Simulate<LandingRequest> {
  return async ({ call, blobs }, { timeSec, market, from }) => {
    const result = await simulator.simulate({
      ...call,
      from,
      blobHashes: blobs.map(({ commitment }) => versionedHash(commitment)),
      block: { timeSec, baseFeeWei: market.nextBaseFeeWei, blobBaseFeeWei: market.blobBaseFeeWei },
      priorityFeeWei: market.priorityFeeWei,
      assumed: [],
    });
    return result.verdict === "ok"
      ? { verdict: "ok", gas: result.cost.gas, gasLimit: result.cost.gasLimit }
      : { verdict: result.verdict, reason: result.error.message };
  };
}

/**
 * Reads landings from the rollup's events. Where the last checkpoint of a call landed, those before it have too: the
 * contract passes over a leading one only when it is the tip already, and reverts for anything else.
 */
export function landedOn(rollup: Hex): LandedCheckpoints {
  const abi = new Interface(ROLLUP_ABI);
  return (receipt, checkpoints) => {
    const landed = receipt.logs
      .filter((log) => log.address.toLowerCase() === rollup.toLowerCase())
      .map((log) => abi.parseLog(log))
      .filter((event) => event?.name === "CheckpointSubmitted")
      .map((event) => String(event?.args.submission.digest) as Hex);
    const last = checkpoints.at(-1);
    return last !== undefined && landed.includes(last) ? checkpoints : landed.filter((d) => checkpoints.includes(d));
  };
}
