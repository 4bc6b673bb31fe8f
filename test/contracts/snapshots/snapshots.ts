// What the outside builds on, as text: committed, so that a change shows in a diff. `npm run snapshots` writes it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { InterfaceAbi } from "ethers";
import { readArtifact } from "../../../sdk/abi/artifacts.ts";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { abiText } from "./abi.ts";
import { storageText } from "./storage.ts";

/** The command that accepts a change. */
export const COMMAND = "npm run snapshots";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The snapshots by the names of their files, made from the compiler's output. */
export function makeSnapshots(): Record<string, string> {
  const rollup = readArtifact(ROOT, "Rollup");
  const lens = readArtifact(ROOT, "RollupLens");
  const outbox = readArtifact(ROOT, "l2/L2Outbox");
  return {
    "Rollup.abi.txt": `${abiText(ROLLUP_ABI)}\n`,
    "Rollup.storage.txt": `${storageText(rollup)}\n`,
    "RollupLens.abi.txt": `${abiText(lens.abi as InterfaceAbi)}\n`,
    "L2Outbox.abi.txt": `${abiText(outbox.abi as InterfaceAbi)}\n`,
    "L2Outbox.storage.txt": `${storageText(outbox)}\n`,
  };
}

/** The text that is committed; "" where there is none. */
export function readSnapshot(name: string): string {
  try {
    return readFileSync(new URL(name, import.meta.url), "utf8");
  } catch {
    return "";
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, text] of Object.entries(makeSnapshots())) writeFileSync(new URL(name, import.meta.url), text);
}
