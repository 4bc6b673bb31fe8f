import { writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { Rolldown } from "tsdown";
import { runIn } from "./pack.ts";
import { emptyProject, type Project } from "./project.ts";

const ENTRIES = ["baton", "baton/contracts", "baton/rewards"];

/** Imports the entries and prints what that did: packages loaded, globals added, handles opened. */
const IMPORT_ALL = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({ load: (url, context, next) => { loaded.add(url); return next(url, context); } });
  const globals = new Set(Object.getOwnPropertyNames(globalThis));
  const counts = [];
  for (const entry of ${JSON.stringify(ENTRIES)}) counts.push(Object.keys(await import(entry)).length);
  const files = [...loaded].filter((url) => url.startsWith("file:"));
  const packageOf = (url) => url.split("/node_modules/").at(-1).match(/^(@[^/]+\\/)?[^/]+/)[0];
  console.log(JSON.stringify({
    counts,
    packages: [...new Set(files.map(packageOf))].sort(),
    ownFiles: files.filter((url) => packageOf(url) === "baton"),
    globals: Object.getOwnPropertyNames(globalThis).filter((name) => !globals.has(name)),
    handles: process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Worker|Message/.test(name)),
  }));`;

interface Imported {
  counts: number[];
  packages: string[];
  ownFiles: string[];
  globals: string[];
  handles: string[];
}

/** A program, what of the SDK must be in its bundle and nothing else, and the most that it may weigh. */
interface Bundled {
  program: string;
  modules: string[];
  dependencies: string[];
  maxBytes: number;
}

const PROGRAMS: Bundled[] = [
  {
    program: `import { slotStart } from "baton"; console.log(slotStart(config, 1));`,
    modules: ["get/config.js"],
    dependencies: [],
    maxBytes: 250,
  },
  {
    program: `import { checkpointDigest } from "baton"; console.log(checkpointDigest(content));`,
    modules: ["digest/checkpoint.js"],
    dependencies: ["ethers"],
    maxBytes: 1_000,
  },
  {
    program: `import { quote } from "baton/rewards"; console.log(quote(rules, 1, fees, 1, 0));`,
    modules: ["rewards/quote.js", "rewards/rules.js"],
    dependencies: [],
    maxBytes: 500,
  },
  {
    program: `import { getTips } from "baton"; console.log(await getTips(ref));`,
    // Reading needs the ABI, and says what a revert means.
    modules: [
      "abi/generated/l2Outbox.js",
      "abi/generated/rollup.js",
      "errors/decode.js",
      "errors/remedies.js",
      "errors/revertData.js",
      "get/error.js",
      "get/tips.js",
      "get/view.js",
    ],
    dependencies: ["ethers"],
    maxBytes: 80_000,
  },
  { program: ENTRIES.map((entry) => `import "${entry}";`).join(" "), modules: [], dependencies: [], maxBytes: 50 },
];

describe("importing the SDK", () => {
  let project: Project;
  before(async () => {
    project = await emptyProject();
  });
  after(() => project.remove());

  it("loads no agent code and none of its libraries, and has no effect: no timer, no socket, no global", async () => {
    writeFileSync(join(project.folder, "all.mjs"), IMPORT_ALL);
    const imported = JSON.parse(await runIn(project.folder, "node", ["all.mjs"])) as Imported;
    for (const count of imported.counts) expect(count).to.be.greaterThan(2);
    expect(imported.ownFiles.length).to.be.greaterThan(100);
    expect(imported.ownFiles.filter((url) => url.includes("/agent/"))).to.deep.equal([]);
    // Its dependencies, and theirs.
    const dependencies = ["@crate-crypto/node-eth-kzg", "@ethereumjs/rlp", "@noble/curves", "@noble/hashes", "ethers"];
    const theirs = /^(@adraffy\/ens-normalize|@crate-crypto\/node-eth-kzg-.+|aes-js|tslib|ws)$/;
    const known = ["baton", ...dependencies];
    expect(imported.packages.filter((name) => !known.includes(name) && !theirs.test(name))).to.deep.equal([]);
    expect(imported.packages).to.include.members(dependencies);
    expect(imported.globals).to.deep.equal([]);
    expect(imported.handles).to.deep.equal([]);
  });

  for (const { program, modules, dependencies, maxBytes } of PROGRAMS) {
    it(`leaves in a bundle of \`${program.replace(/;.*/, "")}\` only what it needs`, async () => {
      const bundled = await bundle(project.folder, program);
      expect(bundled.modules).to.deep.equal(modules);
      expect(bundled.dependencies).to.deep.equal(dependencies);
      expect(bundled.bytes).to.be.at.most(maxBytes);
    });
  }
});

/** Bundles a program, leaving everything but the SDK where it is. */
async function bundle(
  folder: string,
  program: string,
): Promise<Omit<Bundled, "program" | "maxBytes"> & { bytes: number }> {
  const input = join(folder, "program.mjs");
  writeFileSync(input, program);
  const isForeign = (id: string): boolean => isBuiltin(id) || (/^[^./]/.test(id) && !/^baton(\/|$)/.test(id));
  const build = await Rolldown.rolldown({ input, cwd: folder, platform: "node", external: isForeign });
  const { output } = await build.generate({ format: "esm", minify: true });
  const [chunk] = output;
  const kept = Object.entries(chunk.modules).filter(([, { renderedLength }]) => renderedLength > 0);
  return {
    modules: kept.flatMap(([id]) => id.split("/node_modules/baton/")[1] ?? []).sort(),
    dependencies: chunk.imports,
    bytes: chunk.code.length,
  };
}
