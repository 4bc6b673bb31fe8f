import { describeGoal, type Goal, isMet } from "../pipeline/goals.ts";
import type { OneAgentFigures } from "./measure.ts";

/**
 * Those without a bound are for information. Mapped pages are the system's to take back; and disk levels off
 * with the engine's first collection of state, to rise once more with the second, whose end lies behind the run's. A slope
 * carries the noise of its samples.
 */
const BOUNDS: Partial<Record<keyof OneAgentFigures, Goal>> = {
  refused: { atMost: 0 },
  slotsNotLanded: { atMost: 2 },
  dataBudgetUsed: { atLeast: 0.94 },
  cpuShare: { atMost: 0.2 },
  liveMb: { atMost: 160 },
  liveMbPerSlot: { atMost: 2 },
  anonymousMb: { atMost: 600 },
  anonymousMbPerSlot: { atMost: 2 },
};

const NAME_WIDTH = 24;
const WIDTH = 12;

/** The table: figure and bound, a line each. */
export function tableLines(figures: OneAgentFigures): string[] {
  return keysOf(figures).map((key) => {
    const cells = [String(Math.round(figures[key] * 1000) / 1000), describeGoal(BOUNDS[key])];
    return `${key.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(WIDTH)).join("")}`;
  });
}

/** What is not within its bound, a line each. What could not be computed is not. */
export function missedBounds(figures: OneAgentFigures): string[] {
  return keysOf(figures).flatMap((key) => {
    const goal = BOUNDS[key];
    if (goal === undefined || isMet(figures[key], goal)) return [];
    return [`${key}: expected ${describeGoal(goal)}, got ${figures[key]}`];
  });
}

const keysOf = (figures: OneAgentFigures): (keyof OneAgentFigures)[] =>
  Object.keys(figures) as (keyof OneAgentFigures)[];
