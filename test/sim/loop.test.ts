import { expect } from "chai";
import { behindPort } from "./forbidden.ts";
import { EventLoop } from "./loop.ts";

/** Real time that a call takes; nothing may depend on it. */
const after = (realMs: number): Promise<void> =>
  behindPort(() => new Promise((resolve) => setTimeout(resolve, realMs)));

async function runAll(loop: EventLoop): Promise<void> {
  while (await loop.step(Number.MAX_SAFE_INTEGER));
}

describe("event loop", () => {
  it("runs events by time, and those of one time in the order they were queued", async () => {
    const loop = new EventLoop(0);
    const seen: string[] = [];
    loop.at(5, () => seen.push(`b${loop.nowMs()}`));
    loop.at(2, () => seen.push(`a${loop.nowMs()}`));
    loop.at(5, () => seen.push(`c${loop.nowMs()}`));
    loop.at(3, () => seen.push("cancelled"))();
    await runAll(loop);
    expect(seen).to.deep.equal(["a2", "b5", "c5"]);
  });

  it("delivers a result at its own time, not when it happens to be there", async () => {
    for (const [slowMs, fastMs] of [
      [20, 1],
      [1, 20],
    ] as const) {
      const loop = new EventLoop(0);
      const seen: string[] = [];
      const call = (name: string, realMs: number, backMs: number): void => {
        const begin = async (): Promise<void> => {
          seen.push(`${name} begins at ${loop.nowMs()}`);
          await after(realMs);
        };
        void loop.call(begin, { thereMs: 1, backMs }).then(() => seen.push(`${name} ends at ${loop.nowMs()}`));
      };
      call("first", slowMs, 9);
      call("second", fastMs, 4);
      loop.at(3, () => seen.push("between"));
      await runAll(loop);
      const expected = ["first begins at 1", "second begins at 1", "between", "second ends at 5", "first ends at 10"];
      expect(seen).to.deep.equal(expected);
    }
  });

  it("drops the result that nobody wants any more, after the work was done", async () => {
    const loop = new EventLoop(0);
    const seen: string[] = [];
    const work = async (): Promise<void> => void seen.push("done");
    void loop.call(work, { thereMs: 1, backMs: 1 }, () => false).then(() => seen.push("delivered"));
    await runAll(loop);
    expect(seen).to.deep.equal(["done"]);
  });
});
