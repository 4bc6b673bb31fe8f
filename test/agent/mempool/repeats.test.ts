import { expect } from "chai";
import { chooseRepeats } from "../../../sdk/agent/mempool/repeats.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const waiting = (name: string, sentMs: number, bytes = 10) => ({
  hash: name as Hex,
  raw: `0x${"00".repeat(bytes)}` as Hex,
  sentMs,
});

const chosen = (all: ReturnType<typeof waiting>[], untilMs: number, bounds = { count: 9, bytes: 999 }): string =>
  chooseRepeats(all, untilMs, bounds)
    .map(({ hash }) => hash)
    .join("");

describe("transactions to send again", () => {
  it("are those that nobody sent lately, the longest ago first", () => {
    expect(chosen([waiting("c", 30), waiting("a", 10), waiting("d", 31), waiting("b", 20)], 30)).to.equal("abc");
  });

  it("are no more than the bounds allow; the others come the next time", () => {
    const all = [waiting("a", 1), waiting("b", 2), waiting("c", 3)];
    expect(chosen(all, 30, { count: 2, bytes: 999 })).to.equal("ab");
    expect(chosen(all, 30, { count: 9, bytes: 29 })).to.equal("ab");
    expect(chosen([waiting("a", 1, 5), waiting("b", 2, 100), waiting("c", 3)], 30, { count: 9, bytes: 50 })).to.equal(
      "a",
    );
  });
});
