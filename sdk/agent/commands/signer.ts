import type { Command } from "commander";

export interface SignerCommandOptions {
  config: string;
}

/** Adds `signer` to a program; `run` gets what it was called with. */
export function addSignerCommand(program: Command, run: (options: SignerCommandOptions) => Promise<void>): void {
  program
    .command("signer")
    .description("hold validators' keys for agents elsewhere, behind a guard of its own, until it is told to stop")
    .requiredOption("--config <file>", "the signer's configuration, a JSON file")
    .action(run);
}
