import type { Command } from "commander";

export interface GuardCommandOptions {
  config: string;
  file: string;
}

/** What the two commands do; each gets what it was called with. */
export interface GuardCommands {
  export(options: GuardCommandOptions): Promise<void>;
  import(options: GuardCommandOptions): Promise<void>;
}

/** Adds `guard export` and `guard import` to a program. */
export function addGuardCommands(program: Command, commands: GuardCommands): void {
  const guard = program
    .command("guard")
    .description("move a validator to another machine without forgetting what it has signed");
  guard
    .command("export")
    .description("write what the guard of a stopped agent knows; do not start that agent again")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file; its deployment file must be there")
    .requiredOption("--file <file>", "where to write it; must not be there yet")
    .action(commands.export);
  guard
    .command("import")
    .description("add what an export knows to the guard of a stopped agent; nothing is removed or changed")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file; its deployment file must be there")
    .requiredOption("--file <file>", "the export: the same validator's, and no older than the guard here")
    .action(commands.import);
}
