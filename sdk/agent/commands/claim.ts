import type { Command } from "commander";

export interface ClaimCommandOptions {
  config: string;
}

/** Adds `claim` to a program; `run` gets what it was called with. */
export function addClaimCommand(program: Command, run: (options: ClaimCommandOptions) => Promise<void>): void {
  program
    .command("claim")
    .description("pay out what the L1 accounts of an agent that is not running were credited; exit code 1 if one fails")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file")
    .action(run);
}
