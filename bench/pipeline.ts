import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { missedGoals, type PipelineResults, type SettingName } from "./pipeline/goals.ts";
import type { Lengths, PipelineFigures } from "./pipeline/measure.ts";
import { tableLines } from "./pipeline/report.ts";
import { SETTINGS } from "./pipeline/settings.ts";

const PIPELINED: Lengths = {
  steady: 6,
  missedPublish: 6,
  failedRescue: 8,
  offlineProposer: 6,
  deadProposer: 31,
  stuckProposer: 6,
};
/** Who waits for L1 hands nothing over that is worth counting. */
const { deadProposer: _, stuckProposer: __, ...SEQUENTIAL } = PIPELINED;

function figuresOf(name: SettingName): Promise<PipelineFigures> {
  const lengths = name.endsWith("Sequential") ? SEQUENTIAL : PIPELINED;
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./pipeline/worker.ts", import.meta.url), [name, JSON.stringify(lengths)]);
    child.once("message", (figures) => resolve(figures as PipelineFigures));
    child.once("exit", (code) => reject(new Error(`${name} ended with exit code ${code}`)));
  });
}

async function figuresOfAll(): Promise<PipelineResults> {
  const results: Partial<PipelineResults> = {};
  const waiting = Object.keys(SETTINGS) as SettingName[];
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) results[name] = await figuresOf(name);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results as PipelineResults;
}

console.log("pipeline: four real agents under virtual time; slots of 72 s, L1 blocks of 12 s, L2 blocks of 6 s");
const results = await figuresOfAll();
console.log(tableLines(results).join("\n"));
const missed = (Object.keys(results) as SettingName[]).flatMap((name) => missedGoals(name, results[name]));
for (const line of missed) console.log(`MISSED ${line}`);
mkdirSync(new URL("./results/", import.meta.url), { recursive: true });
writeFileSync(new URL("./results/pipeline.json", import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`);
if (missed.length > 0) process.exitCode = 1;
