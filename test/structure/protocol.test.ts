import { readFileSync } from "node:fs";
import { expect } from "chai";
import { printTimetable } from "../../sdk/agent/assembly/timetable.ts";
import { NAMED_PARAMETERS } from "../../sdk/agent/commands/timetable.ts";

const protocol = readFileSync("docs/protocol.md", "utf8");
/** A table, and the command that prints it. */
const TABLE = /<!-- baton timetable --parameters (\w+) -->\n\n```\n([^`]*)\n```/g;

describe("docs/protocol.md", () => {
  it("shows the timetables that `baton timetable` prints, of every set of parameters", async () => {
    const shown = new Map([...protocol.matchAll(TABLE)].map(([, set, table]) => [set, table?.split("\n")]));
    expect([...shown.keys()].sort()).to.deep.equal(Object.keys(NAMED_PARAMETERS).sort());
    for (const parameters of Object.keys(NAMED_PARAMETERS) as (keyof typeof NAMED_PARAMETERS)[]) {
      const printed: string[] = [];
      await printTimetable({ parameters }, {}, (line) => printed.push(line));
      expect(shown.get(parameters), parameters).to.deep.equal(printed);
    }
  });

  it("names every reason for which a checkpoint is discarded, and no other", () => {
    const [, reasons] =
      /export type DiscardReason =\n([^;]*);/.exec(readFileSync("sdk/agent/chain/state.ts", "utf8")) ?? [];
    const known = [...(reasons ?? "").matchAll(/"([\w-]+)"/g)].map(([, reason]) => reason as string);
    const section = protocol.split("\n## ").find((part) => part.startsWith("Discards")) ?? "";
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    const named = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([\w-]+)`/g)].map(([, one]) => one as string),
    );
    expect(known.length).to.be.greaterThan(5);
    expect(named.sort()).to.deep.equal(known.sort());
  });
});
