import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installInto, type PackedSdk, packSdk } from "./pack.ts";

/** An empty project of ECMAScript modules, with the packed SDK installed. */
export interface Project {
  folder: string;
  packed: PackedSdk;
  remove(): void;
}

export async function emptyProject(): Promise<Project> {
  const packed = await packSdk();
  const parent = mkdtempSync(join(tmpdir(), "baton-project-"));
  const folder = join(parent, "project");
  mkdirSync(folder);
  await installInto(folder, packed.tarball);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  return { folder, packed, remove: () => rmSync(parent, { recursive: true }) };
}
