import { expect } from "chai";
import { COMMAND, makeSnapshots, readSnapshot } from "./snapshots.ts";

describe("snapshots", () => {
  for (const [name, text] of Object.entries(makeSnapshots())) {
    it(`${name} is what the contracts are (after a wanted change: ${COMMAND}, and read the diff)`, () => {
      expect(readSnapshot(name)).to.equal(text);
    });
  }
});
