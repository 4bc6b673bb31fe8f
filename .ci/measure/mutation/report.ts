import { readFileSync } from "node:fs";
import type { Verdict } from "./run.ts";
import type { Mutant } from "./schema.ts";

/** Why a mutant behaves as the code does, by its name. */
export type Explanations = Readonly<Record<string, string>>;

export const readExplanations = (): Explanations =>
  JSON.parse(readFileSync(new URL("./equivalent.json", import.meta.url), "utf8"));

/** What a run came to. */
export interface Run {
  /** All there are, and those of them that were asked for. */
  mutants: readonly Mutant[];
  subjects: readonly Mutant[];
  /** Names of those that do not compile. */
  left: ReadonlySet<string>;
  verdicts: ReadonlyMap<number, Verdict>;
  explanations: Explanations;
}

/** What becomes of a mutant, in the order of the table's columns. */
const FATES = ["killed", "equivalent", "survived", "not compiling", "not run"] as const;
type Fate = (typeof FATES)[number];

/** The table, the survivors, and whether each of them is explained, and nothing else is. */
export function report(run: Run): { lines: string[]; explained: boolean } {
  const fates = new Map(run.subjects.map((mutant) => [mutant, fateOf(mutant, run)]));
  const of = (fate: Fate, path?: string): Mutant[] =>
    run.subjects.filter((mutant) => fates.get(mutant) === fate && (path ?? mutant.path) === mutant.path);
  const row = (name: string, path?: string): string => {
    const total = run.subjects.filter((mutant) => (path ?? mutant.path) === mutant.path).length;
    return cells(name, [total, ...FATES.map((fate) => of(fate, path).length)]);
  };
  const paths = [...new Set(run.subjects.map(({ path }) => path))];
  const names = new Set(run.mutants.map(({ name }) => name));
  const stale = Object.keys(run.explanations).filter((name) => !names.has(name));
  const needless = of("killed").filter(({ name }) => name in run.explanations);
  const place = ({ path, line, name }: Mutant): string => `${path}:${line}: ${name}`;
  const lines = [
    "",
    cells("file", ["mutants", ...FATES]),
    ...paths.map((path) => row(path, path)),
    row("all"),
    ...section("not compiling:", of("not compiling").map(place)),
    ...section(
      "equivalent:",
      of("equivalent").map((mutant) => `${place(mutant)}\n    ${run.explanations[mutant.name]}`),
    ),
    ...section("survived, and nothing explains why:", of("survived").map(place)),
    ...section("explained, but there is no such mutant:", stale),
    ...section("explained, but killed:", needless.map(place)),
  ];
  const open = of("survived").length + of("not run").length;
  return { lines, explained: open + stale.length + needless.length === 0 };
}

function fateOf({ id, name }: Mutant, { left, verdicts, explanations }: Run): Fate {
  if (left.has(name)) return "not compiling";
  const verdict = verdicts.get(id);
  if (verdict === undefined) return "not run";
  if (verdict.killer !== undefined) return "killed";
  return name in explanations ? "equivalent" : "survived";
}

const cells = (name: string, columns: readonly (string | number)[]): string =>
  [name.padEnd(36), ...columns.map((column) => String(column).padStart(14))].join("");

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines];
