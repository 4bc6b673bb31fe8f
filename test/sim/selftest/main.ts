// `npm run sim:selftest`: for each rule of the protocol a deliberate breakage, which the simulation must notice; and
// every scenario without one, which it must pass.
import { availableParallelism } from "node:os";
import { MUTATIONS } from "./mutations/all.ts";
import { play, runMutation } from "./run.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const unbroken = (name: string) => async (): Promise<boolean> => {
  const found = await play(name as ScenarioName);
  console.log(
    `${found === undefined ? "passes " : "FAILS  "} ${name}: ${found ?? SCENARIOS[name as ScenarioName].what}`,
  );
  return found === undefined;
};
const tasks = [
  ...Object.keys(SCENARIOS).filter(isWanted).map(unbroken),
  ...MUTATIONS.filter(({ name }) => isWanted(name)).map((mutation) => async () => {
    const { isCaught, found } = await runMutation(mutation);
    console.log(`${isCaught ? "caught " : "MISSED "} ${mutation.name}: without "${mutation.rule}"\n        ${found}`);
    return isCaught;
  }),
];
let failed = 0;
const queue = tasks.values();
const work = async (): Promise<void> => {
  for (const task of queue) if (!(await task())) failed++;
};
await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${tasks.length} runs, ${failed} not as they should be`);
process.exit(failed === 0 ? 0 : 1);
