import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { publishedManifest } from "../../../.ci/package.ts";
import { runIn } from "./pack.ts";
import { emptyProject, type Project } from "./project.ts";

interface Manifest {
  private?: boolean;
  exports: Record<string, string | Record<string, string>>;
  dependencies: Record<string, string>;
}

describe("the packed SDK", () => {
  let project: Project;
  let paths: string[];
  let manifest: Manifest;

  before(async () => {
    project = await emptyProject();
    paths = project.packed.paths;
    manifest = JSON.parse(readFileSync(join(project.folder, "node_modules/baton/package.json"), "utf8"));
  });
  after(() => project.remove());

  it("holds the built SDK with its types, the contracts, and nothing of tests, agents or deployment", () => {
    const entries = ["index", "contracts", "rewards"].flatMap((entry) => [`${entry}.js`, `${entry}.d.ts`]);
    expect(paths).to.include.members([...entries, "README.md", "LICENSE"]);
    const artifacts = ["Rollup", "RollupExtension", "RollupLens"].map((name) => `artifacts/${name}.json`);
    expect(paths).to.include.members(["contracts/Rollup.sol", ...artifacts]);
    const foreign = /^(agent|test|sdk|deploy|bench)\/|\.test\.|contracts\/devnet|(?<!\.d)\.ts$/;
    expect(paths.filter((path) => foreign.test(path))).to.deep.equal([]);
  });

  it("every path of `exports` is in the package", () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    expect(targets.length).to.be.greaterThan(6);
    const absent = targets.filter((target) => {
      const [start, end] = target.replace("./", "").split("*") as [string, string?];
      return !paths.some((path) => (end === undefined ? path === start : path.startsWith(start) && path.endsWith(end)));
    });
    expect(absent).to.deep.equal([]);
  });

  it("can be published, and asks its users to install what it imports and nothing else", () => {
    expect(manifest.private).to.equal(undefined);
    expect(manifest).not.to.have.any.keys("devDependencies", "optionalDependencies", "scripts");
    expect(Object.keys(manifest.dependencies)).to.deep.equal([
      "@crate-crypto/node-eth-kzg",
      "@ethereumjs/rlp",
      "@noble/curves",
      "@noble/hashes",
      "ethers",
    ]);
  });

  it("is not built when it imports what package.json does not name", () => {
    const repository = { exports: {}, dependencies: { ethers: "^6.0.0" } };
    expect(publishedManifest(repository, ["node:fs", "ethers", "ethers"]).dependencies).to.deep.equal({
      ethers: "^6.0.0",
    });
    expect(() => publishedManifest(repository, ["@noble/curves/bls12-381.js"])).to.throw(
      "the SDK imports @noble/curves, which is no dependency in package.json",
    );
  });

  it("publint has nothing to say", async () => {
    expect(await runIn(project.packed.folder, "publint", ["--strict"])).to.include("All good!");
  });

  it("are the types wrong? Not for whoever imports it as a module", async () => {
    // Its settings are the repository's: modules only, so what `require` and older resolutions find does not count.
    const report = await runIn(process.cwd(), "attw", ["--no-color", "--format", "ascii", project.packed.tarball]);
    for (const entry of ["baton", "baton/contracts", "baton/rewards"]) expect(report).to.include(`"${entry}"`);
    expect(report.match(/node16 \(from ESM\): 🟢 \(ESM\)/g)).to.have.length(3);
  });

  it("is imported by name from an empty project, entry by entry", async () => {
    writeFileSync(
      join(project.folder, "use.mjs"),
      `import { readFileSync } from "node:fs";
       import { fileURLToPath } from "node:url";
       import { DEFAULT_POLICY, checkpointDigest, createSubmitter, createSimulator, getTips } from "baton";
       import { ROLLUP_ABI } from "baton/contracts";
       import { quote, settle, splitReward } from "baton/rewards";
       import artifact from "baton/artifacts/Rollup.json" with { type: "json" };
       const solidity = readFileSync(fileURLToPath(import.meta.resolve("baton/contracts/interfaces/IRollup.sol")), "utf8");
       const functions = [checkpointDigest, createSubmitter, createSimulator, getTips, quote, settle, splitReward];
       const submit = (abi) => abi.some((item) => item.type === "function" && item.name === "submit");
       console.log(JSON.stringify([
         functions.every((f) => typeof f === "function"), DEFAULT_POLICY.l1SlotSeconds, submit(ROLLUP_ABI),
         submit(artifact.abi), solidity.includes("interface IRollup"),
       ]));`,
    );
    expect(JSON.parse(await runIn(project.folder, "node", ["use.mjs"]))).to.deep.equal([true, 12, true, true, true]);
  });

  it("`baton/rewards` quotes and splits by the rules of the contract, to the wei", async () => {
    writeFileSync(
      join(project.folder, "rewards.mjs"),
      `import { quote, splitReward, termsOfLanding } from "baton/rewards";
       const rules = {
         genesisTime: 1_000, l1SlotSeconds: 12, slotSeconds: 72, epochSlots: 32, handoffWindowSeconds: 48,
         successorWindowSeconds: 24, challengeWindowEpochs: 1, gasQuota: 100_000, gasQuotaBatch: 30_000, tipWei: 1n,
         premiumBps: 1_000, premiumStepBps: 500, premiumMaxBps: 2_000, burnBps: 500, capBps: 9_000, proverBps: 0,
       };
       const fees = { baseFeeWei: 9n, blobBaseFeeWei: 2n };
       const flags = { followed: false, refilled: false, namesRecipient: false };
       const terms = termsOfLanding(rules, { slot: 1, timeSec: 1_000 + 2 * 72 + 24, fees, blobCount: 1, ...flags });
       const pool = { rewardWei: 10_000_000n, availableWei: 10_000_000n, onTimeCapBps: 0, confirmed: true, proven: false };
       const { proposerWei, sharedWei, burnedWei } = splitReward(rules, terms, pool);
       const amounts = [quote(rules, 100_000, fees, 1, 1_500), terms.chargedWei, proposerWei, sharedWei, burnedWei];
       console.log(JSON.stringify(amounts.map(Number)));`,
    );
    // 100,000 gas at 9 + 1 wei and 131,072 blob gas at 2, with 15 % on top; 5 % of the reward is burned.
    const quoted = Math.floor((100_000 * 10 + 131_072 * 2) * 1.15);
    const amounts = JSON.parse(await runIn(project.folder, "node", ["rewards.mjs"]));
    expect(amounts).to.deep.equal([quoted, quoted, 9_500_000 - quoted, quoted, 500_000]);
  });

  it("its types check in a strict project, library check included, and refuse what is wrong", async () => {
    const options = { strict: true, module: "nodenext", target: "es2024", noEmit: true, types: ["node"] };
    writeFileSync(
      join(project.folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, files: ["use.ts"] }),
    );
    writeFileSync(
      join(project.folder, "use.ts"),
      `import { getTips, type SubmittedTip } from "baton";
       import { JsonRpcProvider } from "ethers";
       const tip: SubmittedTip = await getTips({ provider: new JsonRpcProvider("http://localhost"), rollup: "0x00" });
       export const slot: number = tip.slot;
       export const wrong: string = tip.slot;`,
    );
    const report = await runIn(project.folder, "tsc", ["-p", "."]).catch((error: Error) => error.message);
    const errors = report.split("\n").filter((line) => line.includes("error TS"));
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/^use\.ts\(5,.*'number' is not assignable to type 'string'/);
  });
});
