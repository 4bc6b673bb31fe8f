import { type Command, InvalidArgumentError, Option } from "commander";
import { DEVNET_PARAMETERS, MAINNET_PARAMETERS, type ProtocolParameters } from "../../types/parameters.ts";

/** The parameters that windows depend on, with what their flags say about them. */
const DURATIONS = {
  l1SlotSeconds: "time between two L1 blocks",
  slotSeconds: "length of a rollup slot",
  blockSeconds: "time between two L2 blocks",
  minBlockSeconds: "the shortest time for a last block",
  hopSeconds: "time one gossip hop is assumed to take",
  proposalWindowSeconds: "how long into its slot a checkpoint proposal is accepted",
  handoffWindowSeconds: "how long into the next slot a late checkpoint lands",
  successorWindowSeconds: "how much of that only the successor is credited for",
  clockDisparityMs: "how far clocks may differ",
} as const satisfies Partial<Record<keyof ProtocolParameters, string>>;

type Duration = keyof typeof DURATIONS;

/** The parameters known by a name. */
export const NAMED_PARAMETERS = { mainnet: MAINNET_PARAMETERS, devnet: DEVNET_PARAMETERS };

/** What the command line says; durations given by themselves stand above those of the set or the configuration. */
export interface TimetableCommandOptions extends Partial<Pick<ProtocolParameters, Duration>> {
  parameters: keyof typeof NAMED_PARAMETERS;
  config?: string;
}

/** Adds `timetable` to a program; `run` gets where parameters come from and which of them are given by themselves. */
export function addTimetableCommand(
  program: Command,
  run: (
    from: Pick<TimetableCommandOptions, "parameters" | "config">,
    given: Partial<ProtocolParameters>,
  ) => Promise<void>,
): void {
  const command = program
    .command("timetable")
    .description("print when a slot's checkpoint is built, sent and accepted, in seconds from its slot's start")
    .addOption(
      new Option("--parameters <set>", "the parameters to start from")
        .choices(Object.keys(NAMED_PARAMETERS))
        .default("mainnet"),
    )
    .addOption(
      new Option("--config <file>", "take them from an agent's configuration and its rollup on L1").conflicts(
        "parameters",
      ),
    );
  for (const [name, meaning] of Object.entries(DURATIONS)) {
    const unit = name.endsWith("Ms") ? "ms" : "s";
    command.option(`--${flagOf(name)} <${unit}>`, meaning, duration);
  }
  command.action(({ parameters, config, ...given }: TimetableCommandOptions) =>
    run({ parameters, ...(config !== undefined && { config }) }, given),
  );
}

/** `l1-slot-seconds` for `l1SlotSeconds`. */
function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function duration(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}
