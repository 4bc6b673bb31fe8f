import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runIn } from "./pack.ts";
import { emptyProject, type Project } from "./project.ts";

const DOCUMENTS = ["README.md", "docs/sdk.md", "sdk/README.md"];

/** TypeScript shown in the documents, each sample a program of its own. */
const samples = DOCUMENTS.flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(/^```(?:ts|typescript)\n(.*?)^```$/gms)].map((match) => match[1] as string),
);

describe("samples in the documents", () => {
  let project: Project;
  before(async () => {
    project = await emptyProject();
  });
  after(() => project.remove());

  it("compile against the package, in a strict project", async () => {
    expect(samples.length).to.be.greaterThan(4);
    const files = samples.map((sample, index) => {
      writeFileSync(join(project.folder, `sample${index}.ts`), sample);
      return `sample${index}.ts`;
    });
    const options = ["--strict", "--noUnusedLocals", "--module", "nodenext", "--target", "es2024", "--noEmit"];
    await runIn(project.folder, "tsc", [...options, "--skipLibCheck", "--types", "node", ...files]);
  });

  it("import something from every entry that has functions", () => {
    for (const entry of ["baton", "baton/rewards"]) {
      expect(samples.some((sample) => sample.includes(`from "${entry}";`))).to.equal(true, entry);
    }
  });
});
