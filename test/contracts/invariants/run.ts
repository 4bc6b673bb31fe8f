import fc from "fast-check";
import { type Action, anyAction } from "./actions.ts";
import { play, type Tally } from "./play.ts";
import type { World } from "./world.ts";

/** How a history failed. */
export interface Failure {
  /** Plays the same actions again, in the same deployment. */
  seed: number;
  /** What did not hold, and at which step. */
  message: string;
  /** As few actions as were found that fail; played by `play`. */
  actions: readonly Action[];
}

/** Time for finding fewer actions. */
const SHRINK_MS = 60_000;

/** The actions of a seed: the same for the same seed and length. */
export const actionsOf = (seed: number, length: number): readonly Action[] =>
  fc.sample(fc.array(anyAction, { minLength: length, maxLength: length }), { seed, numRuns: 1 })[0] ?? [];

/** Plays the history of a seed. @param tally Counts what is done. @returns undefined when all invariants hold. */
export async function run(world: World, seed: number, length: number, tally: Tally): Promise<Failure | undefined> {
  const actions = actionsOf(seed, length);
  const message = await messageOf(world, actions, tally);
  return message === undefined ? undefined : { seed, ...(await shrink(world, actions, message)) };
}

/** Leaves out more and more actions, larger parts first, as long as something fails. */
async function shrink(world: World, failing: readonly Action[], first: string): Promise<Omit<Failure, "seed">> {
  let actions = failing;
  let message = first;
  const untilMs = performance.now() + SHRINK_MS;
  for (
    let part = Math.ceil(actions.length / 2);
    part >= 1 && performance.now() < untilMs;
    part = Math.floor(part / 2)
  ) {
    for (let from = 0; from < actions.length && performance.now() < untilMs; ) {
      const fewer = actions.toSpliced(from, part);
      const still = await messageOf(world, fewer, new Map());
      if (still === undefined) from += part;
      else [actions, message] = [fewer, still];
    }
  }
  return { message, actions };
}

async function messageOf(world: World, actions: readonly Action[], tally: Tally): Promise<string | undefined> {
  return play(world, actions, tally).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** What to print of a failure. */
export const told = ({ seed, message, actions }: Failure): string =>
  `seed ${seed}: ${message}\nafter ${actions.length} actions:\n${actions.map((one) => fc.stringify(one)).join("\n")}`;
