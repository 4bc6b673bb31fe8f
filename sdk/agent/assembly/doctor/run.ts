import { SystemClock } from "../../time/clock.ts";
import { examine } from "./examine.ts";
import { findingLine } from "./finding.ts";

/** Prints what was found, a line each. Resolves with whether nothing failed. */
export async function runDoctor(configFile: string, print: (line: string) => void): Promise<boolean> {
  const findings = await examine(configFile, new SystemClock());
  for (const finding of findings) print(findingLine(finding));
  return findings.every(({ result }) => result !== "fail");
}
