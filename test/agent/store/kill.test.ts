import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import { runAndKill } from "../support/kill.ts";
import { CHAIN_ID, ROLLUP, temporaryDirectory } from "./fixtures.ts";

const CHILD = fileURLToPath(new URL("./kill-child.ts", import.meta.url));
const ROUNDS = 6;

describe("LmdbChainStore under kill -9", () => {
  it("showsWholeCommitsOnlyAndEveryCommitThatWasReportedDone", async function () {
    this.timeout(60_000);
    const directory = temporaryDirectory();
    const path = join(directory.path, "chain.mdb");
    let reported = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const extraMs = Math.random() * 40;
      const lines = await runAndKill(CHILD, [path], 3, extraMs);
      const before = reported;
      reported = Number(lines.at(-1));
      const store = new LmdbChainStore({ path, chainId: CHAIN_ID, rollup: ROLLUP });
      const state = store.load();
      await store.close();
      const slot = state.tips?.head.slot as number;
      const label = `round ${round}, killed ${extraMs} ms after ${lines[2]}`;
      expect(reported, label).to.be.greaterThan(before);
      expect(slot, label).to.be.at.least(reported);
      expect(state.cursor?.blockNumber, label).to.equal(slot);
      expect(
        state.checkpoints.map((each) => each.slot),
        label,
      ).to.deep.equal([slot - 1, slot]);
      expect(
        state.blocks.map((each) => [each.slot, each.index]),
        label,
      ).to.deep.equal([
        [slot - 1, 0],
        [slot - 1, 1],
        [slot, 0],
        [slot, 1],
      ]);
    }
    directory.remove();
  });
});
