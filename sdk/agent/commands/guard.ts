import type { Command } from "commander";

export interface GuardCommandOptions {
  config: string;
  file: string;
}

export interface GuardExportOptions extends GuardCommandOptions {
  /** How the public key of the one validator starts that is exported; all are without it. */
  validator?: string;
}

/** What the two commands do; each gets what it was called with. */
export interface GuardCommands {
  export(options: GuardExportOptions): Promise<void>;
  import(options: GuardCommandOptions): Promise<void>;
}

/** Adds `guard export` and `guard import` to a program. */
export function addGuardCommands(program: Command, commands: GuardCommands): void {
  const guard = program
    .command("guard")
    .description("move a validator to another machine without forgetting what it has signed");
  guard
    .command("export")
    .description("write what the guard of a stopped agent knows; from then on it signs nothing more, here")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file; its deployment file must be there")
    .requiredOption("--file <file>", "where to write it; must not be there yet")
    .option("--validator <key>", "start of the public key of the one validator to export; without it, all of them")
    .action(commands.export);
  guard
    .command("import")
    .description(
      "add what an export knows to the guard of a stopped agent, and sign for its validators from then on, here",
    )
    .requiredOption("--config <file>", "the agent's configuration, a JSON file; its deployment file must be there")
    .requiredOption(
      "--file <file>",
      "the export: of validators configured here, and no older than what the guard knows of them",
    )
    .action(commands.import);
}
