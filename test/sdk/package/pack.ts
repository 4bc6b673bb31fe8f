import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MODULES = join(ROOT, "node_modules");

/** Builds the SDK and packs it as npm would publish it; gives the tarball and the paths in it. */
export async function packSdk(folder: string): Promise<{ tarball: string; paths: string[] }> {
  await run("tsdown", [], { cwd: ROOT });
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: ROOT });
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { tarball: join(folder, packed.filename), paths: packed.files.map(({ path }) => path) };
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
    if (!readdirSync(join(MODULES, dirname(name))).includes(name.split("/").at(-1) as string)) continue;
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
