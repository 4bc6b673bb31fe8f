import type { Command } from "commander";

export interface DoctorCommandOptions {
  config: string;
}

/** Adds `doctor` to a program; `run` gets what it was called with. */
export function addDoctorCommand(program: Command, run: (options: DoctorCommandOptions) => Promise<void>): void {
  program
    .command("doctor")
    .description("check whether an agent that is not running would work if it were started; exit code 1 if not")
    .requiredOption("--config <file>", "the agent's configuration, a JSON file")
    .action(run);
}
