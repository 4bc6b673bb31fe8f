import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";

interface Lesson {
  id: string;
  file: string;
  name: string;
}

/** Rows of the table: id, what went wrong, test file, test name. */
function lessons(): Lesson[] {
  const rows = readFileSync("test/lessons.md", "utf8").matchAll(/^\| (\w+) \| [^|]+ \| `([^`]+)` \| ([^|]+) \|$/gm);
  return [...rows].map((row) => ({ id: row[1] as string, file: row[2] as string, name: (row[3] as string).trim() }));
}

describe("lessons", () => {
  it("each has an id of its own and a sentence", () => {
    const ids = lessons().map((lesson) => `${lesson.id} ${lesson.file} ${lesson.name}`);
    expect(ids.length).to.be.greaterThan(10);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(lessons().filter((lesson) => !/^[A-Z]\d+$/.test(lesson.id))).to.deep.equal([]);
  });

  it("each names a test that exists", () => {
    const missing = lessons().filter(
      ({ file, name }) => !file.endsWith(".test.ts") || !existsSync(file) || !readFileSync(file, "utf8").includes(name),
    );
    expect(missing).to.deep.equal([]);
  });

  it("no row is written so that it is not read", () => {
    const rows = readFileSync("test/lessons.md", "utf8").match(/^\| [A-Z]\d+ /gm) ?? [];
    expect(lessons().length).to.equal(rows.length);
  });
});
