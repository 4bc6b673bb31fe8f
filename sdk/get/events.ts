import type { BlockTag, Log, LogDescription, Result } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { joinSignature, publicKeyFromSolidity } from "../bls/solidity.ts";
import type { DepositMessage, ForcedMessage } from "../digest/inbox.ts";
import type { Hex } from "../types/hex.ts";
import type { Attestation } from "../types/submission.ts";
import { GetError } from "./error.ts";
import { type LandedCheckpoint, landedCheckpoint } from "./landed.ts";
import { logParser } from "./parseLog.ts";
import { type SettledPayout, unpackPayout } from "./payout.ts";
import type { RollupRef } from "./view.ts";

/** Where in the L1 chain an event stands. */
export interface L1Position {
  blockNumber: number;
  blockHash: Hex;
  transactionHash: Hex;
  logIndex: number;
}

/** What the rollup contract told. */
export type RollupEventBody =
  | { type: "submitted"; checkpoint: LandedCheckpoint }
  | { type: "removed"; number: number; slot: number; digest: Hex; challenger: Hex }
  | { type: "cured"; number: number; slot: number; digest: Hex; attestation: Attestation; curer: Hex }
  /** Checkpoints `first` to `last`, with what was credited for each. */
  | { type: "settled"; first: number; last: number; payouts: SettledPayout[] }
  | { type: "reward-shared"; number: number; slot: number; account: Hex; sharedWei: bigint; burnedWei: bigint }
  /** Taken off a reward before it was split. */
  | { type: "prover-paid"; number: number; slot: number; prover: Hex; proverWei: bigint }
  /** The pool could not pay a whole reward. */
  | { type: "reward-short"; number: number; slot: number; missingWei: bigint }
  /** Added to the pool, to be spent from `fromEpoch` on. */
  | { type: "funded"; funder: Hex; amountWei: bigint; fromEpoch: number }
  /** Reward of a checkpoint from `fromEpoch` on, unless set again before. */
  | { type: "reward-set"; rewardWei: bigint; fromEpoch: number }
  /** Checkpoints `first` to `last`. */
  | { type: "proven"; first: number; last: number; prover: Hex }
  /** Checkpoints `first` to `last` were not proven in time, and are gone. */
  | { type: "pruned"; first: number; last: number; firstSlot: number; lastSlot: number; pruner: Hex }
  /** `hash` is the rolling hash after the message. */
  | { type: "deposited"; message: DepositMessage; hash: Hex }
  | { type: "forced"; message: ForcedMessage; sender: Hex; hash: Hex }
  /** Void on L2 from `fromEpoch` on; `refundsHash` is the rolling hash of all refunds asked for, this one the last. */
  | {
      type: "refund-requested";
      index: number;
      depositor: Hex;
      amountWei: bigint;
      fromEpoch: number;
      refundsHash: Hex;
    }
  | { type: "refunded"; index: number; depositor: Hex; amountWei: bigint }
  /** Proven by checkpoint `number`. */
  | { type: "withdrawn"; index: number; recipient: Hex; amountWei: bigint; number: number }
  | { type: "validator-joined"; index: number; owner: Hex; fromEpoch: number; publicKey: Hex }
  | { type: "validator-left"; index: number; owner: Hex; untilEpoch: number }
  /** It signed two things for `slot`, and lost its whole stake. */
  | { type: "validator-slashed"; index: number; owner: Hex; slot: number; burnedWei: bigint; creditedWei: bigint }
  | { type: "bond-slashed"; submitter: Hex; informer: Hex; burnedWei: bigint; creditedWei: bigint }
  /** The bond grew by `addedWei`, to `amountWei`. */
  | { type: "bonded"; submitter: Hex; addedWei: bigint; amountWei: bigint }
  /** The right to land without verification ended; the bond is paid out from `releaseAtSec` on, Unix seconds. */
  | { type: "unbonding-started"; submitter: Hex; releaseAtSec: number }
  | { type: "bond-withdrawn"; submitter: Hex; amountWei: bigint }
  /** Credits were paid out. */
  | { type: "claimed"; account: Hex; amountWei: bigint }
  /** The index of a validator that is gone was freed; nothing is paid back to one that was slashed. */
  | { type: "stake-withdrawn"; index: number; owner: Hex; amountWei: bigint }
  /** Words of the ring of logs were written before their first use, `written` of those from `first` on. */
  | { type: "ring-prepared"; first: number; written: number };

/** What the rollup contract told, and where in the L1 chain. */
export type RollupEvent = RollupEventBody & { at: L1Position };

const parseLog = logParser(ROLLUP_ABI);

/** How each event is read; `SeedStored`, the only other one, tells nothing that the contract would not answer. */
const READERS: Readonly<Record<string, (args: Result) => RollupEventBody>> = {
  CheckpointSubmitted: (args) => ({ type: "submitted", checkpoint: landedCheckpoint(args) }),
  CheckpointRemoved: ([number, slot, digest, challenger]) => ({
    type: "removed",
    number: Number(number),
    slot: Number(slot),
    digest,
    challenger: account(challenger),
  }),
  CheckpointCured: ([number, slot, digest, [signers, signature], curer]) => ({
    type: "cured",
    number: Number(number),
    slot: Number(slot),
    digest,
    attestation: { signers, signature: joinSignature(signature) },
    curer: account(curer),
  }),
  CheckpointsSettled: ([first, last, payouts]) => ({
    type: "settled",
    first: Number(first),
    last: Number(last),
    payouts: (payouts as bigint[]).map(unpackPayout),
  }),
  RewardShared: ([number, slot, account_, sharedWei, burnedWei]) => ({
    type: "reward-shared",
    number: Number(number),
    slot: Number(slot),
    account: account(account_),
    sharedWei,
    burnedWei,
  }),
  ProverPaid: ([number, slot, prover, proverWei]) => ({
    type: "prover-paid",
    number: Number(number),
    slot: Number(slot),
    prover: account(prover),
    proverWei,
  }),
  RewardShort: ([number, slot, missingWei]) => ({
    type: "reward-short",
    number: Number(number),
    slot: Number(slot),
    missingWei,
  }),
  Funded: ([funder, amountWei, fromEpoch]) => ({
    type: "funded",
    funder: account(funder),
    amountWei,
    fromEpoch: Number(fromEpoch),
  }),
  RewardSet: ([rewardWei, fromEpoch]) => ({ type: "reward-set", rewardWei, fromEpoch: Number(fromEpoch) }),
  CheckpointsProven: ([first, last, prover]) => ({
    type: "proven",
    first: Number(first),
    last: Number(last),
    prover: account(prover),
  }),
  CheckpointsPruned: ([first, last, firstSlot, lastSlot, pruner]) => ({
    type: "pruned",
    first: Number(first),
    last: Number(last),
    firstSlot: Number(firstSlot),
    lastSlot: Number(lastSlot),
    pruner: account(pruner),
  }),
  Deposited: ([index, depositor, l2Recipient, amountWei, time, hash]) => ({
    type: "deposited",
    message: {
      index: Number(index),
      depositor: account(depositor),
      l2Recipient: account(l2Recipient),
      amountWei,
      timestamp: Number(time),
    },
    hash,
  }),
  Forced: ([index, sender, transaction, time, hash]) => ({
    type: "forced",
    message: { index: Number(index), transaction, timestamp: Number(time) },
    sender: account(sender),
    hash,
  }),
  RefundRequested: ([index, depositor, amountWei, fromEpoch, refundsHash]) => ({
    type: "refund-requested",
    index: Number(index),
    depositor: account(depositor),
    amountWei,
    fromEpoch: Number(fromEpoch),
    refundsHash,
  }),
  Refunded: ([index, depositor, amountWei]) => ({
    type: "refunded",
    index: Number(index),
    depositor: account(depositor),
    amountWei,
  }),
  Withdrawn: ([index, recipient, amountWei, number]) => ({
    type: "withdrawn",
    index: Number(index),
    recipient: account(recipient),
    amountWei,
    number: Number(number),
  }),
  ValidatorJoined: ([index, owner, fromEpoch, publicKey]) => ({
    type: "validator-joined",
    index: Number(index),
    owner: account(owner),
    fromEpoch: Number(fromEpoch),
    publicKey: publicKeyFromSolidity(publicKey),
  }),
  ValidatorLeft: ([index, owner, untilEpoch]) => ({
    type: "validator-left",
    index: Number(index),
    owner: account(owner),
    untilEpoch: Number(untilEpoch),
  }),
  ValidatorSlashed: ([index, owner, slot, burnedWei, creditedWei]) => ({
    type: "validator-slashed",
    index: Number(index),
    owner: account(owner),
    slot: Number(slot),
    burnedWei,
    creditedWei,
  }),
  Bonded: ([submitter, addedWei, amountWei]) => ({
    type: "bonded",
    submitter: account(submitter),
    addedWei,
    amountWei,
  }),
  UnbondingStarted: ([submitter, releaseAt]) => ({
    type: "unbonding-started",
    submitter: account(submitter),
    releaseAtSec: Number(releaseAt),
  }),
  BondWithdrawn: ([submitter, amountWei]) => ({ type: "bond-withdrawn", submitter: account(submitter), amountWei }),
  Claimed: ([claimer, amountWei]) => ({ type: "claimed", account: account(claimer), amountWei }),
  StakeWithdrawn: ([index, owner, amountWei]) => ({
    type: "stake-withdrawn",
    index: Number(index),
    owner: account(owner),
    amountWei,
  }),
  RingPrepared: ([first, written]) => ({ type: "ring-prepared", first: Number(first), written: Number(written) }),
  BondSlashed: ([submitter, informer, burnedWei, creditedWei]) => ({
    type: "bond-slashed",
    submitter: account(submitter),
    informer: account(informer),
    burnedWei,
    creditedWei,
  }),
};

/**
 * The rollup's events of a range of L1 blocks, in chain order.
 * @param toBlock Inclusive. Nodes bound the range or the number of results: ask for pieces.
 */
export async function getEvents(
  { provider, rollup }: RollupRef,
  fromBlock: number,
  toBlock: BlockTag,
): Promise<RollupEvent[]> {
  return decodeEvents(await provider.getLogs({ address: rollup, fromBlock, toBlock }));
}

/**
 * Decodes logs of the rollup contract, leaving out those that do not concern a client.
 * @throws GetError "bad-event" for a log that is not the contract's.
 */
export function decodeEvents(logs: readonly Log[]): RollupEvent[] {
  return logs.flatMap((log) => {
    const description = parse(log);
    const body = READERS[description.name]?.(description.args);
    return body ? [{ ...body, at: positionOf(log) }] : [];
  });
}

function parse(log: Log): LogDescription {
  const description = parseLog(log);
  if (description) return description;
  throw new GetError("bad-event", `log ${log.index} of block ${log.blockNumber}: no event of this contract version`);
}

const positionOf = (log: Log): L1Position => ({
  blockNumber: log.blockNumber,
  blockHash: log.blockHash as Hex,
  transactionHash: log.transactionHash as Hex,
  logIndex: log.index,
});

const account = (value: string): Hex => value.toLowerCase() as Hex;
