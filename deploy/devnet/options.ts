import { Command, InvalidArgumentError, Option } from "commander";
import { L1_KINDS, type L1Kind } from "./l1/interface.ts";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "./scenarios/index.ts";

export interface DevnetOptions {
  /** Stop after this many slots; undefined: run until interrupted. A scenario says how many, if nobody else does. */
  slots: number | undefined;
  /** Where to write the report as data. */
  json: string | undefined;
  scenario: ScenarioName | undefined;
  l1: L1Kind;
  /** First of the ports: L1, then each agent's JSON-RPC, then each agent's p2p. */
  portBase: number;
  /** L2 transactions a second. */
  rate: number;
  /** Leave the data directories and logs in place. */
  keep: boolean;
}

/** Ports taken from the base on; the last one must exist. */
const PORTS_USED = 14;

const integer = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
};

const scenarioLine = (name: ScenarioName): string => `  ${name.padEnd(23)}${SCENARIOS[name].expectation}`;

/** The launcher's command line, as `--help` prints it. */
export function devnetCommand(): Command {
  return new Command("npm start --")
    .description("Runs a local L1, the contracts, four agents and a load of real L2 transactions. Ctrl-C stops it.")
    .allowExcessArguments(false)
    .option(
      "--slots <n>",
      "stop after n slots with a summary; exit 0 only if every checkpoint due did land",
      integer(1, 1e6),
    )
    .option("--json <file>", "write every slot and the totals to a file")
    .addOption(
      new Option("--scenario <name>", "let something go wrong, and judge what comes of it").choices(SCENARIO_NAMES),
    )
    .addOption(new Option("--l1 <node>", "what the L1 runs on").choices(L1_KINDS).default("hardhat"))
    .option("--port-base <port>", "first of fourteen consecutive ports", integer(1024, 65_536 - PORTS_USED), 18_545)
    .option("--rate <n>", "L2 transactions a second", integer(0, 200), 30)
    .option("--keep", "leave data directories and logs in place", false)
    .addHelpText("after", `\nScenarios:\n${SCENARIO_NAMES.map(scenarioLine).join("\n")}`)
    .showHelpAfterError();
}

/** Reads the arguments (without the program); commander's own error ends in exit code 2. */
export function parseOptions(args: string[], command: Command = devnetCommand()): DevnetOptions {
  command.exitOverride((error) => {
    throw error;
  });
  command.parse(args, { from: "user" });
  const given = command.opts<Partial<DevnetOptions>>();
  const scenario = given.scenario as ScenarioName | undefined;
  const least = scenario === undefined ? undefined : SCENARIOS[scenario].slots;
  if (least !== undefined && given.slots !== undefined && given.slots < least) {
    command.error(
      `error: --scenario ${scenario} needs --slots ${least} or more to show its effect, got ${given.slots}`,
    );
  }
  return {
    slots: given.slots ?? least,
    json: given.json,
    scenario,
    l1: given.l1 as L1Kind,
    portBase: given.portBase as number,
    rate: given.rate as number,
    keep: given.keep as boolean,
  };
}
