import type { Scope } from "./schema.ts";

const SETTLING = ["settlement", "pool", "proofs"];
const LANDING = ["submission", "challenges/refill.test.ts"];

/** The code of rewards and windows, each file with the tests concerned: those that kill most come first. */
export const SCOPE: readonly Scope[] = [
  { path: "contracts/libraries/Rewards.sol", tests: SETTLING },
  { path: "contracts/libraries/Premium.sol", tests: LANDING },
  { path: "contracts/libraries/Quote.sol", tests: ["libraries/arithmetic.test.ts", ...LANDING] },
  { path: "contracts/modules/Settlement.sol", tests: SETTLING },
  { path: "contracts/modules/PlainSettlement.sol", tests: SETTLING },
  { path: "contracts/modules/Budgets.sol", tests: SETTLING },
  { path: "contracts/modules/PoolFunding.sol", tests: ["pool"] },
  { path: "contracts/modules/Credits.sol", tests: ["settlement", "bonds", "payments"] },
  { path: "contracts/modules/Submissions.sol", tests: [...LANDING, "settlement/rewards.test.ts", "inbox"] },
  {
    path: "contracts/modules/Seeds.sol",
    tests: ["validators/schedule.test.ts", "validators/changes.test.ts", ...LANDING],
  },
  { path: "contracts/modules/InboxCounts.sol", tests: ["inbox", ...LANDING] },
  {
    path: "contracts/modules/Config.sol",
    functions: ["_secondsIntoSlot", "_startOf", "_epochOf", "_epochAt", "_changeEpoch", "_challengeWindowSeconds"],
    tests: [...LANDING, "settlement", "pool", "validators/changes.test.ts"],
  },
];

/** Tests that bound the gas, which code full of mutants does not keep to. */
export const BOUND_GAS = /by reading a few words/;
