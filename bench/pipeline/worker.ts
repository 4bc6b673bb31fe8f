// Plays all stories in one setting, in a process of its own.
import { type Lengths, measure } from "./measure.ts";
import { SETTINGS } from "./settings.ts";

const [name, lengths] = process.argv.slice(2);
const figures = await measure({
  setting: SETTINGS[name as keyof typeof SETTINGS],
  seed: 1,
  lengths: JSON.parse(lengths as string) as Lengths,
  rate: 2,
});
// Hardhat's threads would keep the process alive.
process.send?.(figures, () => process.exit(0));
