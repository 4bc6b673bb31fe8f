import { agentKeys, FORGER_ACCOUNT, SUBMITTER } from "./accounts.ts";
import { AGENT_NAMES } from "./agents.ts";
import { FORGER, THIRD_PARTY } from "./report.ts";

const NAMES = new Map<string, string>([
  ...AGENT_NAMES.map((name, index) => [agentKeys(index).l1Address, name] as const),
  [SUBMITTER.address, THIRD_PARTY],
  [FORGER_ACCOUNT.address, FORGER],
]);

/** Whose an L1 account is; the account itself if nobody's of the devnet. */
export function nameOfAccount(account: string): string {
  return NAMES.get(account.toLowerCase()) ?? account;
}
