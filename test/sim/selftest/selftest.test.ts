import { readFileSync } from "node:fs";
import { expect } from "chai";
import { MUTATIONS, type Mutation } from "./mutations.ts";
import { runMutation } from "./run.ts";

describe("mutations", function () {
  // A whole simulation in a process of its own.
  this.timeout(120_000);

  it("each breaks something that is there, and once", () => {
    for (const { name, edits } of MUTATIONS) {
      for (const { file, from } of edits) {
        expect(readFileSync(file, "utf8").split(from).length, `${name}: ${file}`).to.equal(2);
      }
    }
  });

  it("a guard that forgets is caught", async () => {
    const mutation = MUTATIONS.find(({ name }) => name === "guard-forgets") as Mutation;
    const { isCaught, found } = await runMutation(mutation);
    expect(isCaught, found).to.equal(true);
  });
});
