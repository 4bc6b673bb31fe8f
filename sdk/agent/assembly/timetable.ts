import type { ProtocolParameters } from "../../types/parameters.ts";
import { NAMED_PARAMETERS, type TimetableCommandOptions } from "../commands/timetable.ts";
import { timetableLines } from "../commands/timetable-report.ts";
import { loadConfig, loadDeployment } from "../config/load.ts";
import { assertWindows, parametersOf } from "../config/parameters.ts";
import { SystemClock } from "../time/clock.ts";
import { l1Endpoints, readRollup } from "./l1.ts";
import { SILENT } from "./silent.ts";

/** Prints every window of a slot's checkpoint. Rejects with ConfigError. */
export async function printTimetable(
  from: Pick<TimetableCommandOptions, "parameters" | "config">,
  given: Partial<ProtocolParameters>,
  print: (line: string) => void,
): Promise<void> {
  const base = from.config === undefined ? NAMED_PARAMETERS[from.parameters] : await configured(from.config);
  const parameters = { ...base, ...given };
  assertWindows(parameters);
  for (const line of timetableLines(parameters)) print(line);
}

async function configured(configFile: string): Promise<ProtocolParameters> {
  const config = await loadConfig(configFile);
  const deployment = await loadDeployment(config.l1.deploymentFile);
  const l1 = l1Endpoints(config.l1, deployment, { clock: new SystemClock(), log: SILENT });
  try {
    return parametersOf(await readRollup(l1, config, deployment), config.timing);
  } finally {
    l1.destroy();
  }
}
