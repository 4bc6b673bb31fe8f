import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Claim, claims } from "./economics/claims.ts";
import { calibratedRewardGwei, type EconomicsResults, runEconomics } from "./economics/run.ts";
import type { Figures } from "./economics/tally.ts";

const SEEDS = Array.from({ length: 16 }, (_, index) => index + 1);
const SLOTS = 1500;

const COLUMNS: [keyof Figures, title: string][] = [
  ["landed", "landed"],
  ["deliberatelyLate", "late on purpose"],
  ["sybilProfitable", "sybil pays"],
  ["successorGainP99", "B's gain p99"],
  ["outsideCost", "outside cost"],
  ["doubleSends", "second tx"],
  ["unserved", "unserved"],
  ["sabotaged", "sabotaged"],
];

type Published = Record<string, Partial<Record<keyof Figures, number>>>;

function printTables(results: EconomicsResults): void {
  const published = JSON.parse(
    readFileSync(new URL("./economics/published.json", import.meta.url), "utf8"),
  ) as Published;
  for (const [regime, mechanisms] of Object.entries(results)) {
    console.log(`\n${regime}`);
    row(["mechanism", ...COLUMNS.map(([, title]) => title)]);
    for (const [name, figures] of Object.entries(mechanisms)) {
      const first = regime === "normal" ? published[name] : undefined;
      row([name, ...COLUMNS.map(([key]) => withPublished(figures[key], first?.[key]))]);
    }
  }
  console.log("\nin brackets: figures of a first, simpler model, published with the mechanism");
}

const withPublished = (value: number, published: number | undefined): string =>
  published === undefined ? value.toFixed(4) : `${value.toFixed(4)} (${published})`;

function row(cells: string[]): void {
  const [name, ...figures] = cells;
  console.log(`${(name as string).padEnd(26)}${figures.map((cell) => cell.padStart(16)).join("")}`);
}

function printClaims(held: readonly Claim[]): void {
  console.log("");
  for (const { id, regime, claim, found, ok } of held) {
    console.log(`${ok ? "ok  " : "OVER"} ${id} ${regime.padEnd(7)} ${claim}: ${found}`);
  }
}

const rewardGwei = calibratedRewardGwei();
console.log(
  `economics: seeds ${SEEDS[0]} to ${SEEDS.at(-1)}, ${SLOTS} slots each, the same worlds for every mechanism`,
);
console.log(`T = ${Math.round(rewardGwei)} gwei: a landing costs 0.77 T on average in the normal regime`);
const results = runEconomics({ seeds: SEEDS, slots: SLOTS, rewardGwei });
const held = claims(results, rewardGwei, 0);
printTables(results);
printClaims(held);
mkdirSync(new URL("./results/", import.meta.url), { recursive: true });
writeFileSync(new URL("./results/economics.json", import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`);
if (held.some(({ ok }) => !ok)) process.exitCode = 1;
