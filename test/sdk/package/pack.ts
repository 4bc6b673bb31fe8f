import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MODULES = join(ROOT, "node_modules");

/** The package as npm would publish it. */
export interface PackedSdk {
  /** The built package, unpacked. */
  folder: string;
  tarball: string;
  /** Paths in the tarball. */
  paths: string[];
}

let packed: Promise<PackedSdk> | undefined;

/** Builds the SDK and packs it; once for all tests of a process, which share it and write nothing into it. */
export function packSdk(): Promise<PackedSdk> {
  packed ??= buildAndPack();
  return packed;
}

/** Not into `dist`: another process may be building there. */
async function buildAndPack(): Promise<PackedSdk> {
  const parent = mkdtempSync(join(tmpdir(), "baton-packed-"));
  process.once("exit", () => rmSync(parent, { recursive: true }));
  const folder = join(parent, "package");
  await run("tsdown", ["--out-dir", folder, "--log-level", "error"], { cwd: ROOT });
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", parent], { cwd: folder });
  const [result] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { folder, tarball: join(parent, result.filename), paths: result.files.map(({ path }) => path) };
}

/** What `npm install` of the tarball comes to, without a network: unpacked, its dependencies linked to ours. */
export async function installInto(project: string, tarball: string): Promise<void> {
  const modules = join(project, "node_modules");
  const target = join(modules, "baton");
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
  const { dependencies } = JSON.parse(readFileSync(join(target, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  // The types of Node come with every TypeScript project that runs on it.
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(modules, name));
  }
}

/** Real milliseconds after which a command has failed; its output says where it stood. */
const TIMEOUT_MS = 45_000;

/** Runs a command in the project; rejects with its output. */
export async function runIn(project: string, command: string, args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, args, { cwd: project, timeout: TIMEOUT_MS });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
