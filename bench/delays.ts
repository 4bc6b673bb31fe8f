// `npm run bench -- delays`: measures what the parts of an agent take on this machine, prints it and writes
// bench/pipeline/delays.json, which `npm run bench -- pipeline` runs on.
import { writeFileSync } from "node:fs";
import { measureHops } from "./delays/hop.ts";
import { measureEngine, measureKzg, measureL1Calls, measureSignatures } from "./delays/parts.ts";
import { spread } from "./delays/spread.ts";
import type { MeasuredDelays } from "./pipeline/settings.ts";

const hop = spread(await measureHops());
const { signMs, verifyMs } = await measureSignatures();
const delays: MeasuredDelays = {
  about:
    "Milliseconds, from the first to the ninety-ninth percentile, of the processes of one machine: no distance between " +
    "them. Written by `npm run bench -- delays`.",
  hop,
  verifySignature: spread(verifyMs),
  sign: spread(signMs),
  l1Call: spread(await measureL1Calls()),
  kzg: await measureKzg(),
  engine: await measureEngine(),
};
const rows = { ...delays, ...delays.kzg, ...delays.engine };
for (const [name, value] of Object.entries(rows)) {
  if (typeof value !== "object" || !("minMs" in value)) continue;
  const { minMs, maxMs } = value as { minMs: number; maxMs: number };
  console.log(`${name.padEnd(20)}${minMs.toFixed(2).padStart(10)} to ${maxMs.toFixed(2).padStart(8)} ms`);
}
writeFileSync(new URL("./pipeline/delays.json", import.meta.url), `${JSON.stringify(delays, undefined, 2)}\n`);
process.exit(0);
