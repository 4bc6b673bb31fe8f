import type { Branch } from "./branches.ts";

/** Least share of the lines, and of the branches, that the tests must reach. */
export const GOAL_PERCENT = 98;

/** Outcomes of a branch that never occurred. */
const missing = ({ whenTrue, whenFalse }: Branch, hits: ReadonlySet<string>): string[] => [
  ...(hits.has(whenTrue) ? [] : ["true"]),
  ...(hits.has(whenFalse) ? [] : ["false"]),
];

/** One line per outcome that never occurred. */
export function branchReport(branches: readonly Branch[], hits: ReadonlySet<string>): string[] {
  const lines = branches.flatMap((branch) =>
    missing(branch, hits).map((outcome) => `${branch.path}:${branch.line}: never ${outcome}: ${branch.text}`),
  );
  return lines.length === 0 ? ["every condition went both ways"] : ["conditions that went one way only:", ...lines];
}

/** Adds the branches to Hardhat's lcov report, which has lines alone. */
export function withBranches(lcov: string, branches: readonly Branch[], hits: ReadonlySet<string>): string {
  const records = lcov.split("end_of_record\n");
  const withData = records.map((record) => {
    const path = /^SF:(.*)$/m.exec(record)?.[1];
    const own = branches.filter((branch) => branch.path === path);
    const data = own.flatMap(({ line, whenTrue, whenFalse }, block) =>
      [whenTrue, whenFalse].map((tag, outcome) => `BRDA:${line},${block},${outcome},${hits.has(tag) ? 1 : 0}\n`),
    );
    const taken = data.filter((entry) => entry.endsWith(",1\n")).length;
    return own.length === 0 ? record : `${record}${data.join("")}BRF:${data.length}\nBRH:${taken}\n`;
  });
  return withData.join("end_of_record\n");
}

/** How many there are, and how many of them were reached. */
interface Count {
  found: number;
  hit: number;
}

/** What a report or one record of it says. */
interface Figures {
  lines: Count;
  branches: Count;
}

/** Sums of a whole lcov report, or of one record. */
function figuresOf(lcov: string): Figures {
  const sum = (key: string): number =>
    [...lcov.matchAll(new RegExp(`^${key}:(\\d+)$`, "gm"))].reduce((total, match) => total + Number(match[1]), 0);
  return { lines: { found: sum("LF"), hit: sum("LH") }, branches: { found: sum("BRF"), hit: sum("BRH") } };
}

const percentOf = ({ found, hit }: Count): number => (found === 0 ? 100 : (100 * hit) / found);
const share = (count: Count): string => `${percentOf(count).toFixed(2)} % (${count.hit} of ${count.found})`;

/** One row per file, with its lines and branches, and the lines that no test reached. */
export function fileReport(lcov: string): string[] {
  const records = lcov.split("end_of_record\n").filter((record) => record.includes("SF:"));
  const rows = records.map((record): Row => {
    const { lines, branches } = figuresOf(record);
    const missed = [...record.matchAll(/^DA:(\d+),0$/gm)].map((match) => match[1]).join(", ");
    return [/^SF:(.*)$/m.exec(record)?.[1] ?? "", share(lines), share(branches), missed];
  });
  const table: Row[] = [["file", "lines", "branches", "lines not reached"], ...rows.toSorted(byPath)];
  const widthOf = (column: number): number => Math.max(...table.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2].map(widthOf);
  return table.map((row) => padded(row, widths));
}

/** Path, lines, branches, lines not reached. */
type Row = [string, string, string, string];

const byPath = (left: Row, right: Row): number => (left[0] < right[0] ? -1 : 1);

const padded = (row: Row, widths: readonly number[]): string =>
  row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();

/** The two figures of a whole report, and whether both reach the goal. */
export function summary(lcov: string): { text: string; reached: boolean } {
  const { lines, branches } = figuresOf(lcov);
  const reached = [lines, branches].every((count) => percentOf(count) >= GOAL_PERCENT);
  const text = `lines ${share(lines)}, branches ${share(branches)}; at least ${GOAL_PERCENT} % of each are asked for`;
  return { text, reached };
}
