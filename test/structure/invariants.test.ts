import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";

const README = "test/contracts/README.md";
const COUNT = 12;

interface Proof {
  id: string;
  file: string;
  name: string;
}

/** Rows of the table of invariants: id, what holds, test file, test name. */
function proofs(): Proof[] {
  const rows = readFileSync(README, "utf8").matchAll(/^\| (E\d+) \| [^|]+ \| `([^`]+)` \| ([^|]+) \|$/gm);
  return [...rows].map((row) => ({ id: row[1] as string, file: row[2] as string, name: (row[3] as string).trim() }));
}

describe("invariants of the rewards", () => {
  it(`E1 to E${COUNT} are each proven by some test`, () => {
    const expected = Array.from({ length: COUNT }, (_, index) => `E${index + 1}`);
    expect([...new Set(proofs().map(({ id }) => id))]).to.deep.equal(expected);
  });

  it("each row names a test that exists", () => {
    const missing = proofs().filter(
      ({ file, name }) => !existsSync(file) || !readFileSync(file, "utf8").includes(name),
    );
    expect(missing).to.deep.equal([]);
  });

  it("no row is written so that it is not read", () => {
    expect(proofs().length).to.equal(readFileSync(README, "utf8").match(/^\| E\d+ /gm)?.length);
  });
});
