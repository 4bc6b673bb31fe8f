// `npm run sim -- --seeds 1..20`: real agents under virtual time, with faults that follow from the seed.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { FAULT_KINDS, type FaultKind } from "./faults/plan.ts";
import { reportLines } from "./report.ts";
import { simulate } from "./run.ts";
import { PROFILES, type Profile } from "./world.ts";

const EXIT_USAGE = 2;

interface Options {
  seeds: number[];
  slots: number;
  profile: Profile;
  faults?: FaultKind[];
}

function parseSeeds(text: string): number[] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!(first <= last)) throw new InvalidArgumentError("expected a seed or a range such as 1..20");
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function parseSlots(text: string): number {
  const slots = Number(text);
  if (!Number.isInteger(slots) || slots < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return slots;
}

function parseFaults(text: string): FaultKind[] {
  const kinds = text === "none" ? [] : text.split(",");
  const unknown = kinds.filter((kind) => !FAULT_KINDS.some((known) => known === kind));
  if (unknown.length > 0) throw new InvalidArgumentError(`expected "none" or some of ${FAULT_KINDS.join()}`);
  return kinds as FaultKind[];
}

function optionsOf(args: string[]): Options {
  return new Command("sim")
    .description("Simulates four agents under virtual time, with seeded faults.")
    .addOption(
      new Option("--seeds <range>", "a seed, or a range such as 1..20").argParser(parseSeeds).default([1], "1"),
    )
    .addOption(new Option("--slots <number>", "slots to simulate").argParser(parseSlots).default(16))
    .addOption(new Option("--profile <name>", "fast: stand-ins for BLS and KZG").choices(PROFILES).default("fast"))
    .addOption(new Option("--faults <kinds>", "instead of those of the seed").argParser(parseFaults))
    .exitOverride()
    .parse(args, { from: "user" })
    .opts<Options>();
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = optionsOf(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
  const { seeds, slots, profile, faults } = options;
  const startMs = performance.now();
  let failed = 0;
  for (const seed of seeds) {
    const report = await simulate({ seed, slots, profile, ...(faults && { faults }) });
    if (report.violation !== undefined) failed++;
    console.log(reportLines(report).join("\n"));
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(`${seeds.length} seeds of ${slots} slots, profile ${profile}: ${failed} with a violation, ${seconds} s`);
  return failed === 0 ? 0 : 1;
}

// Hardhat's threads would keep the process alive.
process.exit(await main());
