import type { Hex } from "../../sdk/types/hex.ts";
import type { Account } from "./accounts.ts";
import type { LoadReport } from "./report.ts";

/** What the launcher tells the L1 process. */
export type L1Command =
  /** Deploy and bond the agents, then mine one block per L1 slot counted from `genesisTime` (Unix seconds). */
  { type: "deploy"; genesisTime: number };

/** What the L1 process tells the launcher. */
export type L1Message =
  | { type: "listening" }
  | { type: "deployed"; rollup: Hex; lens: Hex; chainId: number; deploymentBlock: number }
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

/** What an agent tells whoever started it. */
export type AgentMessage =
  /** It waits for nothing but the deployment. */
  | { type: "ready" }
  /** From the faulty actor only: it keeps back its checkpoint of this slot. */
  | { type: "withholding"; slot: number };
