import { expect } from "chai";
import fc from "fast-check";
import { InclusionTracker } from "../../deploy/devnet/load/tracker.ts";
import type { Hex } from "../../sdk/types/hex.ts";

const block = (number: number, hash: string, transactions: string[]) => ({
  number,
  hash: hash as Hex,
  parentHash: "0x" as Hex,
  transactions: transactions as Hex[],
});

function withSent(...hashes: string[]): InclusionTracker {
  const tracker = new InclusionTracker();
  for (const hash of hashes) tracker.onSent(hash as Hex, `${hash}raw` as Hex, 0);
  return tracker;
}

describe("inclusion tracker", () => {
  it("counts a transaction as landed only when its block is on L1", () => {
    const tracker = withSent("0xa", "0xb");
    tracker.onBlock(block(1, "0x1", ["0xa"]));
    tracker.onBlock(block(2, "0x2", ["0xb"]));
    expect(tracker.report()).to.include({ landed: 0, lost: 2 });
    tracker.onSafe(1);
    expect(tracker.report()).to.include({ landed: 1, lost: 1 });
  });

  it("takes a transaction of a discarded block for lost until another block holds it, and never sends it again", () => {
    const tracker = withSent("0xa");
    tracker.onBlock(block(1, "0x1", ["0xa"]));
    tracker.onBlock(block(1, "0x1b", []));
    expect(tracker.takeStale(1000, 500)).to.deep.equal([]);
    tracker.onSafe(1);
    expect(tracker.report()).to.include({ landed: 0, lost: 1, resent: 0 });
    tracker.onBlock(block(2, "0x2b", ["0xa"]));
    tracker.onSafe(2);
    expect(tracker.report()).to.include({ landed: 1, lost: 0 });
  });

  it("discards what stands above a replaced block as well", () => {
    const tracker = withSent("0xa", "0xb");
    tracker.onBlock(block(1, "0x1", ["0xa"]));
    tracker.onBlock(block(2, "0x2", ["0xb"]));
    tracker.onBlock(block(1, "0x1b", ["0xa"]));
    expect(tracker.hashAt(2)).to.equal(undefined);
    tracker.onSafe(2);
    expect(tracker.report()).to.include({ landed: 1, lost: 1 });
  });

  it("sends again only what nobody has shown for the whole patience, and then waits anew", () => {
    const tracker = withSent("0xa");
    expect(tracker.takeStale(999, 1000)).to.deep.equal([]);
    expect(tracker.takeStale(1000, 1000)).to.deep.equal(["0xaraw"]);
    expect(tracker.takeStale(1500, 1000)).to.deep.equal([]);
    expect(tracker.report().resent).to.equal(1);
  });

  it("never loses count: sent = landed + outstanding, whatever blocks come and go", () => {
    const step = fc.record({
      height: fc.integer({ min: 1, max: 6 }),
      tx: fc.integer({ min: 0, max: 9 }),
      safe: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const tracker = withSent(...Array.from({ length: 10 }, (_, index) => `0x${index}`));
        for (const [index, { height, tx, safe }] of steps.entries()) {
          tracker.onBlock(block(height, `0xh${index}`, [`0x${tx}`]));
          if (safe) tracker.onSafe(height);
          const { sent, landed, lost } = tracker.report();
          expect(landed + lost).to.equal(sent);
        }
      }),
    );
  });
});
