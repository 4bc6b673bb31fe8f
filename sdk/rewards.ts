// What the package `baton/rewards` offers: the rules of the rewards as pure functions, tied to the contract by a
// differential test.
export { type Budget, fund, type Pool, setReward, takeInBudgets } from "./rewards/budget.ts";
export { type L1Fees, MAX_QUOTE_WEI, premiumBps, quote } from "./rewards/quote.ts";
export type { RewardRules } from "./rewards/rules.ts";
export {
  creditsOf,
  type Payout,
  type RewardLog,
  type Settlement,
  type SettlementState,
  settle,
} from "./rewards/settle.ts";
export { type Split, type SplitInput, splitReward } from "./rewards/split.ts";
export { type LandingInput, type RewardTerms, termsOfLanding } from "./rewards/terms.ts";
