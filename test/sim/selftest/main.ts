// `npm run sim:selftest`: for each rule of the protocol a deliberate breakage, which the simulation must notice.
import { MUTATIONS } from "./mutations.ts";
import { runMutation } from "./run.ts";

const wanted = process.argv.slice(2);
let missed = 0;
for (const mutation of MUTATIONS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const { isCaught, found } = await runMutation(mutation);
  if (!isCaught) missed++;
  console.log(`${isCaught ? "caught" : "MISSED"}  ${mutation.name}: without "${mutation.rule}"\n        ${found}`);
}
console.log(`${missed} mutations were not caught`);
process.exit(missed === 0 ? 0 : 1);
