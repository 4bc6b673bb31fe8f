// Keeps package-lock.json installable everywhere. Run after every `npm install` (npm run lockfile).
//
// Why: npm, when it is itself run by Node 20, drops optional platform packages whose `engines` ask for a newer Node,
// although this project runs them with the Node it brings along; and a registry mirror that lacks packages of other
// platforms leaves them out of the lockfile, after which `npm ci` refuses it. So: optional platform packages lose
// their `engines`, and absent ones get a stub entry that npm skips on every platform but their own.
import { readFileSync, writeFileSync } from "node:fs";

const LOCKFILE = new URL("../package-lock.json", import.meta.url);

/** The platform a package is for, read from its name; undefined where the name does not tell. */
function platformOf(name) {
  const os = [
    "darwin",
    "win32",
    "linux",
    "freebsd",
    "android",
    "openharmony",
    "sunos",
    "aix",
    "openbsd",
    "netbsd",
  ].find((o) => name.includes(o));
  const cpu = [
    "arm64",
    "amd64",
    "x64",
    "ia32",
    "riscv64",
    "s390x",
    "ppc64",
    "loong64",
    "mips64el",
    "wasm32",
    "arm",
  ].find((c) => name.includes(c));
  if (!os && cpu !== "wasm32") return undefined;
  const platform = { os: [os ?? "none"], cpu: [cpu === "amd64" ? "x64" : (cpu ?? "none")] };
  if (name.includes("musl")) platform.libc = ["musl"];
  else if (name.endsWith("gnu") && os === "linux") platform.libc = ["glibc"];
  return platform;
}

/** Returns the lockfile with the two repairs made; a second run changes nothing. */
export function repair(lock) {
  const packages = lock.packages;
  for (const entry of Object.values(packages)) {
    if (entry.optional && (entry.os || entry.cpu)) delete entry.engines;
  }
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const nested = `${path ? `${path}/` : ""}node_modules/${name}`;
      const hoisted = `node_modules/${name}`;
      if (packages[nested] || packages[hoisted]) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d/.test(version)) continue;
      packages[hoisted] = { version, optional: true, ...platform, ...(entry.dev ? { dev: true } : {}) };
    }
  }
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return lock;
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
  const before = readFileSync(LOCKFILE, "utf8");
  const after = `${JSON.stringify(repair(JSON.parse(before)), null, 2)}\n`;
  if (process.argv.includes("--check")) {
    if (before !== after) {
      console.error("package-lock.json is not whole: run `npm run lockfile` and commit the result.");
      process.exit(1);
    }
  } else writeFileSync(LOCKFILE, after);
}
