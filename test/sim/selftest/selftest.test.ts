import { readFileSync } from "node:fs";
import { expect } from "chai";
import { MUTATIONS } from "./mutations/all.ts";
import { play, runMutation } from "./run.ts";

/** Cheap ones, of each part of the protocol one. */
const SHORT = ["guard-forgets", "silence-at-once", "parents-again"];

describe("mutations", function () {
  // A whole simulation in a process of its own.
  this.timeout(240_000);

  it("each breaks something that is there, and once", () => {
    for (const { name, edits } of MUTATIONS) {
      for (const { file, from } of edits) {
        expect(readFileSync(file, "utf8").split(from).length, `${name}: ${file}`).to.equal(2);
      }
    }
  });

  it("a few are noticed, each for what it is, and what is whole is not", async () => {
    const short = MUTATIONS.filter(({ name }) => SHORT.includes(name));
    expect(short).to.have.length(SHORT.length);
    expect(await play("calm")).to.equal(undefined);
    for (const mutation of short) {
      const { isCaught, found } = await runMutation(mutation);
      expect(isCaught, `${mutation.name}: ${found}`).to.equal(true);
    }
  });
});
