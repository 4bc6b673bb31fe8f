import fc from "fast-check";

/** What is done. */
const KINDS = [
  "land",
  "landLate",
  "landBatch",
  "landAgain",
  "landLateAsOnTime",
  "challenge",
  "challengeAndSubmit",
  "cure",
  "settle",
  "prove",
  "prune",
  "claim",
  "bond",
  "unbond",
  "withdrawBond",
  "register",
  "exit",
  "withdrawStake",
  "slash",
  "poke",
  "deposit",
  "force",
  "requestRefund",
  "refund",
  "withdrawOnL2",
  "withdraw",
  "fund",
  "setReward",
  "sendEther",
  "forceEther",
  "react",
] as const;
export type Kind = (typeof KINDS)[number];

/** Until when time passes first; see `clock.ts`. */
const WAITS = [
  "none",
  "second",
  "l1Slot",
  "nextSlot",
  "lastSecond",
  "successorEdge",
  "handoffEdge",
  "someSlots",
  "nextEpoch",
  "deadline",
] as const;
export type Wait = (typeof WAITS)[number];

/** What is wrong with a checkpoint that is landed. */
const DEFECTS = [
  "none",
  "forged",
  "malformed",
  "tooFewSigned",
  "noQuorum",
  "outsider",
  "orphan",
  "inboxCount",
  "deadline",
  "blobMissing",
  "onTimeCap",
] as const;
export type Defect = (typeof DEFECTS)[number];

/** One action. Its numbers choose among what there is when its turn comes, so that any list of actions can be run. */
export interface Action {
  kind: Kind;
  wait: Wait;
  /** Who calls. */
  actor: number;
  /** Which of several things, or how many. */
  pick: number;
  /** Everything else that may differ. */
  detail: number;
  defect: Defect;
  baseFeeWei: bigint;
}

const GWEI = 10n ** 9n;
/** From next to nothing over the fees at which caps and shortfalls begin to those at which a quote saturates. */
const BASE_FEES_WEI = [GWEI, 1n, 7n * GWEI, 180n * GWEI, 217n * GWEI, 7_000n * GWEI, 2n ** 55n, 2n ** 56n, 2n ** 60n];

const weighted = <T>(values: readonly T[], weights: Partial<Record<T & string, number>>): fc.Arbitrary<T> =>
  fc.constantFrom(...values.flatMap((value) => Array<T>(weights[value as T & string] ?? 1).fill(value)));

/** Any action; landings and settlements are the most frequent. */
export const anyAction: fc.Arbitrary<Action> = fc.record({
  kind: weighted(KINDS, {
    land: 14,
    landLate: 14,
    landBatch: 8,
    landAgain: 3,
    landLateAsOnTime: 3,
    challenge: 8,
    challengeAndSubmit: 4,
    cure: 4,
    settle: 12,
    prove: 10,
    prune: 2,
    claim: 3,
    bond: 4,
    withdrawBond: 2,
    register: 2,
    exit: 2,
    withdrawStake: 2,
    slash: 2,
    deposit: 4,
    force: 2,
    requestRefund: 3,
    refund: 3,
    withdrawOnL2: 3,
    withdraw: 4,
    fund: 2,
    setReward: 2,
  }),
  wait: weighted(WAITS, { none: 6, second: 3, l1Slot: 4, nextSlot: 16, successorEdge: 3, handoffEdge: 3, deadline: 5 }),
  actor: fc.nat(31),
  pick: fc.nat(31),
  detail: fc.nat(255),
  defect: weighted(DEFECTS, { none: 24, forged: 8, malformed: 3, tooFewSigned: 3 }),
  baseFeeWei: weighted(BASE_FEES_WEI.map(String), { [String(GWEI)]: 8 }).map(BigInt),
});
