import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { installInto, packSdk, runIn } from "./pack.ts";

describe("the packed SDK", () => {
  let folder: string;
  let project: string;
  let paths: string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "baton-package-"));
    project = join(folder, "project");
    mkdirSync(project);
    const packed = await packSdk(folder);
    paths = packed.paths;
    await installInto(project, packed.tarball);
    writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("holds the built SDK with its types, the contracts, and nothing of tests, agents or deployment", () => {
    for (const path of ["dist/index.js", "dist/index.d.ts", "dist/contracts.js", "dist/contracts.d.ts"]) {
      expect(paths).to.include(path);
    }
    expect(paths).to.include.members(["contracts/Rollup.sol", "dist/artifacts/Rollup.json", "README.md", "LICENSE"]);
    expect(paths.filter((path) => /^(test|sdk|deploy|bench)\/|\.test\.|contracts\/devnet/.test(path))).to.deep.equal(
      [],
    );
  });

  it("every path of `exports` that names one file is in the package", () => {
    const { exports } = JSON.parse(readFileSync(join(project, "node_modules/baton/package.json"), "utf8"));
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target as Record<string, string>),
    );
    const named = targets.filter((target) => !target.includes("*")).map((target) => target.replace("./", ""));
    expect(named.length).to.be.greaterThan(4);
    expect(paths).to.include.members(named);
  });

  it("is imported by name from an empty project, entry by entry", async () => {
    writeFileSync(
      join(project, "use.mjs"),
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { DEFAULT_POLICY, checkpointDigest, createSubmitter, createSimulator, getTips } from "baton";
       import { ROLLUP_ABI } from "baton/contracts";
       import artifact from "baton/artifacts/Rollup.json" with { type: "json" };
       const solidity = readFileSync(fileURLToPath(import.meta.resolve("baton/contracts/interfaces/IRollup.sol")), "utf8");
       const functions = [checkpointDigest, createSubmitter, createSimulator, getTips].every((f) => typeof f === "function");
       const submit = (abi) => abi.some((item) => item.type === "function" && item.name === "submit");
       console.log(JSON.stringify([functions, DEFAULT_POLICY.l1SlotSeconds, submit(ROLLUP_ABI), submit(artifact.abi), solidity.includes("interface IRollup")]));`,
    );
    expect(JSON.parse(await runIn(project, "node", ["use.mjs"]))).to.deep.equal([true, 12, true, true, true]);
  });

  it("starts nothing on import: no timer, no socket, no trusted setup", async () => {
    writeFileSync(
      join(project, "idle.mjs"),
      `await import("baton"); console.log(JSON.stringify(process.getActiveResourcesInfo().filter((r) => /Timeout|TCP|Worker|Message/.test(r))));`,
    );
    expect(JSON.parse(await runIn(project, "node", ["idle.mjs"]))).to.deep.equal([]);
  });

  it("its types check in a strict project, library check included, and refuse what is wrong", async () => {
    const options = { strict: true, module: "nodenext", target: "es2024", noEmit: true, types: ["node"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["use.ts"] }));
    writeFileSync(
      join(project, "use.ts"),
      `import { getTips, type SubmittedTip } from "baton";
       import { JsonRpcProvider } from "ethers";
       const tip: SubmittedTip = await getTips({ provider: new JsonRpcProvider("http://localhost"), rollup: "0x00" });
       export const slot: number = tip.slot;
       export const wrong: string = tip.slot;`,
    );
    const report = await runIn(project, "tsc", ["-p", "."]).catch((error: Error) => error.message);
    const errors = report.split("\n").filter((line) => line.includes("error TS"));
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/^use\.ts\(5,.*'number' is not assignable to type 'string'/);
  });
});
