import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { devnetCommand } from "../../deploy/devnet/options.ts";

const readme = readFileSync("README.md", "utf8");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/contracts.md",
  "docs/sdk.md",
  "docs/operators.md",
  "docs/metrics.md",
  "docs/l1.md",
  "docs/protocol.md",
  "docs/economics.md",
  "docs/messages.md",
  "docs/rpc/README.md",
  "docs/rpc/mempool.md",
];

describe("documents", () => {
  it("every npm command they show is a script of the package", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
    const shown = documents.flatMap((path) => [
      ...[...readFileSync(path, "utf8").matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1] as string),
      ...[...readFileSync(path, "utf8").matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] as string),
    ]);
    expect(shown).to.include.members(["start", "test"]);
    expect(shown.filter((name) => scripts[name] === undefined)).to.deep.equal([]);
  });

  it("the README names every flag of the launcher and no other", () => {
    const known = devnetCommand().options.map((option) => option.long as string);
    const shown = new Set([...readme.matchAll(/`(--[a-z0-9-]+)/g)].map((match) => match[1] as string));
    expect([...shown].sort()).to.deep.equal(known.sort());
  });

  it("every relative link leads to a file", () => {
    const dead = documents.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
        .map((match) => match[1] as string)
        .filter((target) => !existsSync(new URL(target, new URL(path, `file://${process.cwd()}/`))))
        .map((target) => `${path} -> ${target}`),
    );
    expect(dead).to.deep.equal([]);
  });

  it("every decision has a number of its own, which its title says", () => {
    const files = readdirSync("docs/decisions");
    const numbers = files.map((file) => file.slice(0, 4));
    expect(files.length).to.be.greaterThan(8);
    expect(new Set(numbers).size, files.join(", ")).to.equal(files.length);
    const titles = files.map((file) => readFileSync(`docs/decisions/${file}`, "utf8").slice(0, 7));
    expect(titles).to.deep.equal(numbers.map((number) => `# ${number} `));
  });

  it("the folder map of the README is the tree", () => {
    const mapped = [...readme.matchAll(/^\| `(\w[\w./-]*)` \|/gm)].map((match) => match[1] as string);
    expect(mapped.length).to.be.greaterThan(8);
    expect(mapped.filter((path) => !existsSync(path))).to.deep.equal([]);
  });

  it("the continuous integration runs the README's own words", () => {
    expect(readFileSync(".ci/run", "utf8")).to.include("npm ci && npm test");
    expect(readme).to.include("npm ci && npm test");
    expect(readme).to.include("npm ci && npm start");
  });

  it("the lockfile is whole", () => {
    execFileSync("node", [".ci/lockfile.mjs", "--check"]);
  });
});
