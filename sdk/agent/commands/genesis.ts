import type { Command } from "commander";

export interface GenesisCommandOptions {
  config: string;
}

/** Adds `genesis` to a program; `run` gets what it was called with. */
export function addGenesisCommand(program: Command, run: (options: GenesisCommandOptions) => Promise<void>): void {
  program
    .command("genesis")
    .description("print L2's first block in the form execution clients are initialised with (genesis.json)")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file; its deployment file must be there")
    .action(run);
}
