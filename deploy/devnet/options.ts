import { Command, InvalidArgumentError, Option } from "commander";
import { L1_KINDS, type L1Kind } from "./l1/interface.ts";

export const SCENARIOS = ["missed-publish", "offline-proposer", "restarted-proposer", "third-party"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface DevnetOptions {
  /** Stop after this many slots; undefined: run until interrupted. */
  slots: number | undefined;
  /** Where to write the report as data. */
  json: string | undefined;
  scenario: Scenario | undefined;
  l1: L1Kind;
  /** First of the ports: L1, then each agent's JSON-RPC, then each agent's p2p. */
  portBase: number;
  /** L2 transactions a second. */
  rate: number;
  /** Leave the data directories and logs in place. */
  keep: boolean;
}

/** Ports taken from the base on; the last one must exist. */
const PORTS_USED = 10;
/** Below it nothing of a scenario could be seen: the fault, its slot and the two after it. */
const SCENARIO_SLOTS = 4;

const integer = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
};

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
      new Option(
        "--scenario <name>",
        "missed-publish: one proposer never publishes; offline-proposer: one is killed; restarted-proposer: one is killed in the middle of its slot and started again; third-party: no agent publishes one checkpoint, an independent submitter lands it",
      ).choices(SCENARIOS),
    )
    .addOption(new Option("--l1 <node>", "what the L1 runs on").choices(L1_KINDS).default("hardhat"))
    .option("--port-base <port>", "first of ten consecutive ports", integer(1024, 65_536 - PORTS_USED), 18_545)
    .option("--rate <n>", "L2 transactions a second", integer(0, 200), 30)
    .option("--keep", "leave data directories and logs in place", false)
    .showHelpAfterError();
}

/** Reads the arguments (without the program); commander's own error ends in exit code 2. */
export function parseOptions(args: string[], command: Command = devnetCommand()): DevnetOptions {
  command.exitOverride((error) => {
    throw error;
  });
  command.parse(args, { from: "user" });
  const given = command.opts<Partial<DevnetOptions>>();
  const options: DevnetOptions = {
    slots: given.slots,
    json: given.json,
    scenario: given.scenario,
    l1: given.l1 as L1Kind,
    portBase: given.portBase as number,
    rate: given.rate as number,
    keep: given.keep as boolean,
  };
  if (options.scenario !== undefined && options.slots !== undefined && options.slots < SCENARIO_SLOTS) {
    command.error(`error: --scenario needs --slots ${SCENARIO_SLOTS} or more to show its effect, got ${options.slots}`);
  }
  return options;
}
