import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Contracts whose artifacts are in the package: what a deployment puts on L1, in this order. */
const DEPLOYED = ["RollupExtension", "Rollup", "RollupLens"];

/** The parts of the repository's manifest that the package takes over. */
interface Manifest {
  exports: unknown;
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/**
 * The manifest of the published package: the repository's own, with paths as they are in the package, and with those
 * dependencies only that its modules import. What the node and the tests need is none of its users' business.
 * @param imported Import specifiers that the built modules leave to the user's `node_modules`.
 */
export function publishedManifest(repository: Manifest, imported: Iterable<string>): Manifest {
  const { name, version, description, license, type, engines, sideEffects, exports } = repository;
  const names = new Set([...imported].filter((specifier) => !isBuiltin(specifier)).map(packageOf));
  const dependencies = Object.fromEntries(
    [...names].sort().map((dependency) => [dependency, rangeOf(repository, dependency)]),
  );
  const moved = JSON.parse(JSON.stringify(exports).replaceAll('"./dist/', '"./'));
  return { name, version, description, license, type, engines, sideEffects, exports: moved, dependencies };
}

/** Puts beside the built modules what makes a package of them. */
export function completePackage(folder: string, imported: Iterable<string>): void {
  const repository = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const manifest = JSON.stringify(publishedManifest(repository, imported), undefined, 2);
  writeFileSync(join(folder, "package.json"), `${manifest}\n`);
  cpSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  cpSync(join(ROOT, "sdk/README.md"), join(folder, "README.md"));
  const filter = (path: string): boolean => path !== join(ROOT, "contracts/devnet");
  cpSync(join(ROOT, "contracts"), join(folder, "contracts"), { recursive: true, filter });
  for (const contract of DEPLOYED) {
    const artifact = join(ROOT, `artifacts/contracts/${contract}.sol/${contract}.json`);
    cpSync(artifact, join(folder, `artifacts/${contract}.json`));
  }
}

/** Name of the package that a specifier stands for: `@noble/curves` of `@noble/curves/bls12-381.js`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function rangeOf({ dependencies }: Manifest, name: string): string {
  const range = dependencies[name];
  if (range === undefined) throw new Error(`the SDK imports ${name}, which is no dependency in package.json`);
  return range;
}
