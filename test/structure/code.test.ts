import { expect } from "chai";
import { findAll, importsOf, sources } from "../support/sources.ts";

const folders = ["sdk", "deploy", "bench", "test", ".ci"];
const typescript = folders.flatMap((folder) => sources(`${folder}/**/*.ts`));
const solidity = sources("contracts/**/*.sol");
const tests = sources("test/**/*.ts").filter((file) => /\bdescribe\(/.test(file.code));

describe("code", () => {
  it("never steps around the type checker", () => {
    const all = /@ts-(ignore|expect-error|nocheck)/;
    const offenders = typescript.filter((file) => all.test(file.text) && !file.path.startsWith("test/structure/"));
    expect(offenders.map((file) => file.path)).to.deep.equal([]);
    expect(findAll(typescript, /(:|\bas|<) ?any\b(?! )/)).to.deep.equal([]);
  });

  it("holds no note of something left to do", () => {
    const note = /\b(TODO|FIXME|XXX)\b/;
    const offenders = [...typescript, ...solidity].filter((file) => note.test(file.text));
    expect(offenders.map((file) => file.path).filter((path) => path !== "test/structure/code.test.ts")).to.deep.equal(
      [],
    );
  });

  it("has no test that mocha would not find, and none that is skipped or exclusive", () => {
    expect(tests.length).to.be.greaterThan(20);
    // A suite that several implementations share is a function which their test files call.
    const shared = new Set(tests.filter((file) => file.path.endsWith(".test.ts")).flatMap(importsOf));
    const unfound = tests.filter((file) => !file.path.endsWith(".test.ts") && !shared.has(file.path));
    expect(unfound.map((file) => file.path)).to.deep.equal([]);
    expect(findAll(tests, /\b(it|describe|context)\.(skip|only)\(|\bx(it|describe)\(/)).to.deep.equal([]);
  });

  it("reads nothing by a path of one machine and names no package registry", () => {
    const machine = /(["'`(\s]\/(work|home|root|Users)\/)|registry\.npmjs/;
    const own = (path: string): boolean => path === "test/structure/code.test.ts";
    expect(
      findAll([...typescript, ...solidity], machine).filter((line) => !own(line.split(":")[0] ?? "")),
    ).to.deep.equal([]);
  });
});
