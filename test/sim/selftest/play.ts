// One scenario, in a process of its own, with the rule of SIM_MUTATION broken if `mutate.ts` is preloaded.
import { simulate } from "../run.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

const name = process.argv[2] as ScenarioName;
const { slots, planOf, setting } = SCENARIOS[name];
const isTold = process.argv.includes("--timeline");
const lines = isTold ? Number.MAX_SAFE_INTEGER : 0;
const { violation, timeline } = await simulate({ seed: 1, slots, profile: "fast", planOf, setting, lines });
if (isTold) console.log(timeline.join("\n"));
console.log(JSON.stringify({ violation: violation && String(violation.message) }));
// Hardhat's threads would keep the process alive.
process.exit(0);
