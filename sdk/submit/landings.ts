import type { Signer } from "ethers";
import { versionedHash } from "../blob/kzg.ts";
import type { SubmitCall } from "../build/calldata.ts";
import type { CheckpointLog } from "../build/log.ts";
import { buildSubmitTransaction, type SubmissionWithBlobs } from "../build/transaction.ts";
import { getConfig } from "../get/config.ts";
import { decodeEvents } from "../get/events.ts";
import type { OverrideProvider } from "../simulate/code.ts";
import { createSimulator, type Simulator } from "../simulate/simulator.ts";
import type { Hex } from "../types/hex.ts";
import { submitRequest } from "./content.ts";
import type { Journal } from "./journal/interface.ts";
import { memoryJournal } from "./journal/memory.ts";
import { SubmissionManager } from "./manager.ts";
import type { LandedCheckpoints } from "./network.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "./policy.ts";
import type { Simulate } from "./simulation.ts";
import type { RequestTerms, SubmitRequest } from "./types.ts";

/** A request that lands checkpoints on a rollup, and the call it was built of. */
export interface LandingRequest extends SubmitRequest {
  call: SubmitCall;
}

/** When, for whom and at what price to land. */
export interface LandingConditions extends Pick<RequestTerms, "notBeforeSec" | "deadlineSec"> {
  /** Who is credited for landing late. */
  recipient: Hex;
  /** What landing is worth to the sender; left out: any price under the caps. */
  valueAtStakeWei?: bigint;
  /** Expected gas, as a simulation tells it; left out: what a bonded submitter needs. */
  gasEstimate?: bigint;
  /** Logs of checkpoints to challenge in the same transaction, the tip first. */
  challenged?: readonly CheckpointLog[];
}

/** Gas of a bonded submission of one checkpoint, and what each further one adds, rounded up. */
const FIRST_GAS = 60_000n;
const FURTHER_GAS = 25_000n;
/** What each challenged checkpoint adds, with a full set's worth of signers. */
const CHALLENGE_GAS = 190_000n;

/**
 * The request that lands one checkpoint, or a late one together with the next.
 * @param rollup Address of the rollup contract.
 * @param items In the order of their slots.
 * @throws BuildError for blobs or signatures that are not the submission's, SubmitError `bad-request`.
 */
export function landingRequest(
  rollup: Hex,
  items: readonly SubmissionWithBlobs[],
  conditions: LandingConditions,
): LandingRequest {
  const submissions = items.map(({ submission }) => submission);
  const { recipient, notBeforeSec, deadlineSec, valueAtStakeWei, challenged = [] } = conditions;
  const gasEstimate =
    conditions.gasEstimate ??
    FIRST_GAS + FURTHER_GAS * BigInt(items.length - 1) + CHALLENGE_GAS * BigInt(challenged.length);
  const call: SubmitCall = { submissions, recipient, deadlineSec, challenged };
  const transaction = buildSubmitTransaction(rollup, items, call);
  const checkpoints = submissions.map(({ digest }) => digest);
  const terms = { checkpoints, gasEstimate, notBeforeSec, deadlineSec, valueAtStakeWei };
  return { ...submitRequest({ ...transaction, ...terms }), call };
}

/**
 * Asks the rollup's simulator, on L1 as it is.
 * @param parts What to make of a batch whose first checkpoint has landed already: `send` it, as the contract passes over
 * that one, or `wait`, for a caller that follows L1 and will ask for the rest alone, without the blobs of the other.
 */
export function simulateLanding(simulator: Simulator, parts: "send" | "wait" = "send"): Simulate<LandingRequest> {
  return async ({ call, blobs }, { timeSec, market, from }) => {
    const result = await simulator.simulate({
      ...call,
      from,
      blobHashes: blobs.map(({ commitment }) => versionedHash(commitment)),
      block: { timeSec, baseFeeWei: market.nextBaseFeeWei, blobBaseFeeWei: market.blobBaseFeeWei },
      priorityFeeWei: market.priorityFeeWei,
      assumed: [],
    });
    if (result.verdict === "ok" && parts === "wait" && result.landings.length < call.submissions.length) {
      return { verdict: "notYet", reason: `${result.landings.length} of ${call.submissions.length} would land` };
    }
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
  return (receipt, checkpoints) => {
    const logs = receipt.logs.filter((log) => log.address.toLowerCase() === rollup.toLowerCase());
    const landed = decodeEvents(logs).flatMap((event) =>
      event.type === "submitted" ? [event.checkpoint.submission.digest] : [],
    );
    const last = checkpoints.at(-1);
    return last !== undefined && landed.includes(last) ? checkpoints : landed.filter((d) => checkpoints.includes(d));
  };
}

/** Whom a submission manager of one rollup sends for, and how. */
export interface SubmitterOptions {
  provider: OverrideProvider;
  /** Signs and pays; used by nothing else meanwhile. */
  signer: Signer;
  /** Address of the rollup contract. */
  rollup: Hex;
  /** Default: one that forgets with the process, good enough for a script; a service opens a file. */
  journal?: Journal;
  /** What differs from `DEFAULT_POLICY`; the L1 slot is the rollup's own. */
  policy?: Partial<SubmitPolicy>;
}

/**
 * A submission manager for one rollup.
 * @throws SimulateError when the L1 node honours no state overrides, GetError when no rollup is at the address.
 */
export async function createSubmitter(options: SubmitterOptions): Promise<SubmissionManager<LandingRequest>> {
  const { provider, signer, rollup, journal = memoryJournal(), policy } = options;
  const [{ l1SlotSeconds }, simulator] = await Promise.all([
    getConfig({ provider, rollup }),
    createSimulator({ provider, rollup }),
  ]);
  return SubmissionManager.create(
    { ...DEFAULT_POLICY, l1SlotSeconds, ...policy },
    { provider, signer, journal, simulate: simulateLanding(simulator), landed: landedOn(rollup) },
  );
}
