import type { Branch } from "./branches.ts";

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

/** The two figures of a whole report. */
export function summary(lcov: string): string {
  const sum = (key: string): number =>
    [...lcov.matchAll(new RegExp(`^${key}:(\\d+)$`, "gm"))].reduce((total, match) => total + Number(match[1]), 0);
  const share = (hit: number, found: number): string => `${((100 * hit) / found).toFixed(2)} % (${hit} of ${found})`;
  return `lines ${share(sum("LH"), sum("LF"))}, branches ${share(sum("BRH"), sum("BRF"))}`;
}
