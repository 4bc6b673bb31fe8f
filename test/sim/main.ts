// `npm run sim -- --seeds 1..20`: real agents under virtual time, with faults that follow from the seed.
import { availableParallelism } from "node:os";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { runInProcesses } from "./crew.ts";
import { FAULT_KINDS, type FaultKind } from "./faults/plan.ts";
import { runSeed, type SeedResult } from "./worker.ts";
import { PROFILES, type Profile } from "./world.ts";

const EXIT_USAGE = 2;

interface Options {
  seeds: number[];
  slots: number;
  profile: Profile;
  faults?: FaultKind[];
  processes: number;
}

function parseSeeds(text: string): number[] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!(first <= last)) throw new InvalidArgumentError("expected a seed or a range such as 1..20");
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return count;
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
    .addOption(new Option("--slots <number>", "slots to simulate").argParser(parseCount).default(16))
    .addOption(new Option("--profile <name>", "fast: stand-ins for BLS and KZG").choices(PROFILES).default("fast"))
    .addOption(new Option("--faults <kinds>", "instead of those of the seed").argParser(parseFaults))
    .addOption(
      new Option("--processes <number>", "simulate so many seeds at once")
        .argParser(parseCount)
        .default(availableParallelism(), "the cores"),
    )
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
  const runs = seeds.map((seed) => ({ seed, slots, profile, ...(faults && { faults }) }));
  const processes = Math.min(options.processes, seeds.length);
  const startMs = performance.now();
  let failed = 0;
  let cpuSeconds = 0;
  const tell = ({ ok, lines, cpuSeconds: used }: SeedResult): void => {
    if (!ok) failed++;
    cpuSeconds += used;
    console.log(lines.join("\n"));
  };
  // Results come in the order of the seeds: a slow one holds back those after it, and this says that work goes on.
  const progress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds.length} seeds \r`);
  };
  if (processes > 1) await runInProcesses(runs, processes, tell, progress);
  else for (const run of runs) tell(await runSeed(run));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  const cost = `${seconds} s in ${processes} processes, ${(cpuSeconds / seeds.length / slots).toFixed(2)} s CPU a slot`;
  console.log(`${seeds.length} seeds of ${slots} slots, profile ${profile}: ${failed} with a violation, ${cost}`);
  return failed === 0 ? 0 : 1;
}

// Hardhat's threads would keep the process alive.
process.exit(await main());
