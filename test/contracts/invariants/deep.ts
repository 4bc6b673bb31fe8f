// `npm run test:deep`: the invariants over long histories, one after the other, each of a seed of its own.
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Tally } from "./play.ts";
import { run, told } from "./run.ts";
import { DEPLOYMENTS, type DeploymentName, World } from "./world.ts";

const USAGE = "usage: npm run test:deep -- [--seed <number>] [--actions <number>] [--minutes <number>]";
const ACTIONS = 100_000;
const ACTIONS_PER_HISTORY = 100;
const PROGRESS_MS = 30_000;
const NAMES = Object.keys(DEPLOYMENTS) as DeploymentName[];

/** Ends the process with a word on what was expected. */
function refuse(message: string): never {
  console.error(`error: ${message}\n${USAGE}`);
  process.exit(2);
}

function numberOf(value: string | undefined, name: string, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!(number >= 0)) refuse(`expected a number for --${name}, got ${value}`);
  return number;
}

function options(): { seed: number; actions: number; minutes: number } {
  const number = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { seed: number, actions: number, minutes: number } });
    return {
      seed: numberOf(values.seed, "seed", Math.floor(Math.random() * 2 ** 31)),
      actions: numberOf(values.actions, "actions", ACTIONS),
      minutes: numberOf(values.minutes, "minutes", Number.POSITIVE_INFINITY),
    };
  } catch (error) {
    refuse((error as Error).message);
  }
}

async function main(): Promise<void> {
  const { seed: firstSeed, actions, minutes } = options();
  const beginMs = performance.now();
  const minutesPassed = (): number => (performance.now() - beginMs) / 60_000;
  const tally: Tally = new Map();
  const worlds = new Map<DeploymentName, World>();
  const played = (): number => [...tally.values()].reduce((sum, count) => sum + count, 0);
  const progress = (): void => console.log(`${played()} actions in ${minutesPassed().toFixed(1)} minutes, all well`);

  /** A seed decides on the deployment, too: one is enough to play a history again. */
  async function worldOf(seed: number): Promise<World> {
    const name = NAMES[seed % NAMES.length] as DeploymentName;
    const world = worlds.get(name) ?? (await World.deploy(name));
    worlds.set(name, world);
    return world;
  }

  console.log(`seeds from ${firstSeed} on, ${actions} actions in histories of ${ACTIONS_PER_HISTORY}`);
  let seed = firstSeed;
  let shownMs = beginMs;
  for (; played() < actions && minutesPassed() < minutes; seed++) {
    const failure = await run(await worldOf(seed), seed, ACTIONS_PER_HISTORY, tally);
    if (failure) {
      console.error(`${told(failure)}\n\nagain: npm run test:deep -- --seed ${seed} --actions 1`);
      process.exit(1);
    }
    if (performance.now() - shownMs < PROGRESS_MS) continue;
    shownMs = performance.now();
    progress();
  }
  for (const [what, count] of [...tally].sort()) console.log(`${String(count).padStart(7)}  ${what}`);
  console.log(`${seed - firstSeed} histories`);
  progress();
  // The chains would keep the process alive.
  process.exit(0);
}

// Hardhat loads every file of this folder when it looks for tests.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
