import type { Hex } from "../../sdk/types/hex.ts";
import type { Account } from "./accounts.ts";
import type { LoadReport } from "./report.ts";

/** What the launcher tells the L1 process. */
export type L1Command =
  /** Deploy and bond the agents, then mine one block per L1 slot counted from `genesisTime` (Unix seconds). */
  | { type: "deploy"; genesisTime: number }
  /** Put other blocks in the place of those of the last `depth` L1 slots, without what they held unless `keeps`. */
  | { type: "reorganize"; depth: number; keeps: boolean };

/** What the L1 process tells the launcher. */
export type L1Message =
  | { type: "listening" }
  | { type: "deployed"; rollup: Hex; lens: Hex; chainId: number; deploymentBlock: number }
  /** So many L1 slots have other blocks now. */
  | { type: "reorganized"; slots: number }
  | { type: "failed"; reason: string };

/** What the launcher tells the load process. */
export type LoadCommand =
  | { type: "start"; rpcUrls: string[]; chainId: number; accounts: Account[]; rate: number }
  /** Send nothing new; go on following what was sent. */
  | { type: "drain" };

/** What the load process tells the launcher, about once a second. */
export type LoadMessage =
  /** Until the end, `lost` are those still on their way. */
  { type: "progress"; report: LoadReport } | { type: "failed"; reason: string };

/** What an agent tells whoever started it: it waits for nothing but the deployment. */
export interface AgentMessage {
  type: "ready";
}

/** What an agent that does as it is told is told to do wrong; times in Unix milliseconds. */
export type Direction =
  /** Not to land the checkpoint of a slot, whosever it is, before a time; never, if there is none. */
  | { type: "hold-checkpoint"; slot: number; untilMs?: number }
  /** To land its own from a time on, late, as if it were its successor, right after that has sent. `rival`: its account. */
  | { type: "race-successor"; slot: number; fromMs: number; rival: Hex }
  /** To keep its attestation of a slot, and the certificate it can make with it, until a time. */
  | { type: "hold-attestation"; slot: number; untilMs: number };

/** What the forger is told. */
export interface ForgerCommand {
  /** Land a checkpoint of this slot that nobody signed. */
  type: "forge";
  slot: number;
}
