import { describeGoal, type PipelineResults, ROWS } from "./goals.ts";

const COLUMNS = ["publishedHops", "publishedHopsSequential", "measuredDelays", "measuredDelaysSequential"] as const;
const TITLES = ["2 s hops", "sequential", "measured", "sequential", "goal: 2 s hops", "measured", "best published"];
const NAME_WIDTH = 38;
const WIDTH = 15;

/** The table: what each setting showed, side by side, then goals and the best published. */
export function tableLines(results: PipelineResults): string[] {
  const head = row("", TITLES);
  const rows = ROWS.map(({ key, of, goals, published }) =>
    row(key, [
      ...COLUMNS.map((setting) => numberText(of(results[setting]))),
      describeGoal(goals.publishedHops),
      describeGoal(goals.measuredDelays),
      numberText(published),
    ]),
  );
  return [head, ...rows];
}

const row = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(WIDTH)).join("")}`;

const numberText = (value: number | undefined): string =>
  value === undefined ? "-" : String(Math.round(value * 100) / 100);
