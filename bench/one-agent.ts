import { mkdirSync, writeFileSync } from "node:fs";
import { missedBounds, tableLines } from "./one-agent/goals.ts";
import { measureOneAgent } from "./one-agent/measure.ts";
import { FULL_RATE, SETTING } from "./one-agent/setting.ts";

/** 36 minutes. */
const SLOTS = 30;

const { epochSlots, slotSeconds } = SETTING.parameters;
console.log(`one agent: all of a rollup's work for ${SLOTS} slots of ${slotSeconds} s, epochs of ${epochSlots} slots`);
const figures = await measureOneAgent(SLOTS, FULL_RATE, (sample) => {
  const [live, anonymous, mapped, disk] = Object.values(sample).map((mb) => Math.round(mb));
  console.log(`live ${live} MB, anonymous ${anonymous} MB, mapped ${mapped} MB, disk ${disk} MB`);
});
console.log(tableLines(figures).join("\n"));
const missed = missedBounds(figures);
for (const line of missed) console.log(`MISSED ${line}`);
mkdirSync(new URL("./results/", import.meta.url), { recursive: true });
writeFileSync(new URL("./results/one-agent.json", import.meta.url), `${JSON.stringify(figures, undefined, 2)}\n`);
process.exit(missed.length > 0 ? 1 : 0);
