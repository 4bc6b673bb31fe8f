// `npm run sim:selftest`: for each rule of the protocol a deliberate breakage, which the simulation must notice.
import { execFile } from "node:child_process";
import { MUTATIONS, type Mutation } from "./mutations.ts";

interface Finding {
  isCaught: boolean;
  found: string;
}

function run(mutation: Mutation): Promise<Finding> {
  const { name, seed, slots, faults, caughtBy } = mutation;
  const kinds = faults.length === 0 ? "none" : faults.join();
  const options = ["--seeds", String(seed), "--slots", String(slots), "--faults", kinds];
  const args = ["--import", "./test/sim/selftest/mutate.ts", "test/sim/main.ts", ...options];
  const env = { ...process.env, SIM_MUTATION: name };
  return new Promise((resolve) => {
    execFile("node", args, { env, maxBuffer: 1 << 24 }, (_error, stdout, stderr) => {
      const found = /VIOLATION at step \d+: (.*)/.exec(stdout)?.[1];
      const last = `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "nothing";
      resolve({ isCaught: found !== undefined && caughtBy.test(found), found: found ?? last });
    });
  });
}

const wanted = process.argv.slice(2);
let missed = 0;
for (const mutation of MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { isCaught, found } = await run(mutation);
  if (!isCaught) missed++;
  console.log(`${isCaught ? "caught" : "MISSED"}  ${mutation.name}: without "${mutation.rule}"\n        ${found}`);
}
console.log(`${missed} mutations were not caught`);
process.exit(missed === 0 ? 0 : 1);
