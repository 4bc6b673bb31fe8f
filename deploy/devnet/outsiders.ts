import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hex } from "../../sdk/types/hex.ts";
import { FORGER_ACCOUNT, SUBMITTER } from "./accounts.ts";
import type { Child, Children } from "./children.ts";
import { FORGER } from "./report.ts";
import type { Cast } from "./scenarios/interface.ts";

const COMMAND_LINE = fileURLToPath(new URL("../../sdk/agent/cli.ts", import.meta.url));
const FORGER_SCRIPT = fileURLToPath(new URL("../../test/actors/forger.ts", import.meta.url));

/** Where an outsider finds what it deals with. */
interface Surroundings {
  l1Url: string;
  /** One agent's word for what is certified. */
  agentUrl: string;
  rollup: Hex;
  directory: string;
}

/** Starts somebody who is no agent and has an account on L1. */
export function startOutsider(
  who: NonNullable<Cast["outsider"]>,
  children: Children,
  { l1Url, agentUrl, rollup, directory }: Surroundings,
): Child {
  if (who === "forger")
    return children.start(FORGER, FORGER_SCRIPT, [l1Url, rollup], { FORGER_KEY: FORGER_ACCOUNT.key });
  // What anybody would run.
  const args = ["submit", "--rpc", l1Url, "--agent", agentUrl, "--rollup", rollup];
  // The L1 runs Prague, which wants blob proofs.
  const options = ["--key", "env:SUBMITTER_KEY", "--bond", "--blob-proofs", "0"];
  const data = ["--data", join(directory, "submitter")];
  return children.start("submitter", COMMAND_LINE, [...args, ...options, ...data], { SUBMITTER_KEY: SUBMITTER.key });
}
