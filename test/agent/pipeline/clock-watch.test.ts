import { expect } from "chai";
import type { ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import type { RequestHandler } from "../../../sdk/agent/network/interface.ts";
import { ClockWatch } from "../../../sdk/agent/pipeline/clock-watch.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { timetable } from "../chain/support.ts";
import { recorder } from "./support.ts";

const START_MS = timetable.of(5).startMs;
const { clockDisparityMs, slotSeconds } = timetable.parameters;
const SIGNER: ValidatorSigner = { publicKey: "0x01", sign: () => Promise.resolve("0x02") };

/** Agents that reach each other at once; each has its clock ahead by so much. */
async function agents(aheadMs: number[], l1AheadMs = -10_000) {
  const handlers: RequestHandler[] = [];
  let asked = 0;
  const made = aheadMs.map((ms, self) => {
    const clock = new ManualClock(START_MS + ms);
    const log = recorder();
    const watch = new ClockWatch({
      network: {
        serve: (_, handler) => void handlers.push(handler),
        request: async (_, request, __, accept) => {
          asked++;
          for (const [at, handler] of handlers.entries()) {
            if (at === self) continue;
            const answer = await handler(request, `${self}`);
            if (answer !== undefined && (await accept?.(answer))) return answer;
          }
          return undefined;
        },
      },
      clock,
      timetable,
      l1Seconds: () => (START_MS + l1AheadMs) / 1000,
      timeoutMs: 1_000,
      log,
    });
    const signer = watch.gate(SIGNER);
    const sign = (): Promise<string> =>
      signer
        .sign("skip", 5, "0x00")
        .catch((error: { code: string; message: string }) => `${error.code}: ${error.message}`);
    return { clock, watch, log, sign };
  });
  const tickAll = async (): Promise<void> => {
    for (const { clock, watch } of made) watch.tick(timetable.moment(clock.nowMs()));
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    for (const { clock, watch } of made) watch.tick(timetable.moment(clock.nowMs()));
  };
  await tickAll();
  return { made, handlers, tickAll, asked: () => asked };
}

describe("an agent whose clock is held against others", () => {
  it("signs if it is right, and asks once a slot", async () => {
    const { made, tickAll, asked } = await agents([0, 0, clockDisparityMs, 0]);
    for (const { sign, log } of made) expect([await sign(), log.lines]).to.deep.equal(["0x02", []]);
    expect(asked()).to.equal(4);
    for (const { clock } of made) await clock.advanceTo(clock.nowMs() + slotSeconds * 1000 - 100);
    await tickAll();
    expect(asked()).to.equal(4);
    for (const { clock } of made) await clock.advanceTo(clock.nowMs() + 200);
    await tickAll();
    expect(asked()).to.equal(8);
  });

  it("signs nothing while it is off, says by how much, and signs again when it is set", async () => {
    const offMs = 2 * clockDisparityMs;
    const { made, tickAll } = await agents([-offMs, 0, 0, 0]);
    const [late, ...others] = made;
    expect(await late?.sign()).to.equal(
      `clock: expected clocks within ${clockDisparityMs} ms, this one is ${offMs} ms behind those of 3 peers`,
    );
    for (const { sign } of others) expect(await sign()).to.equal("0x02");
    await late?.clock.advanceTo(START_MS + 2 * slotSeconds * 1000);
    for (const { clock } of others) await clock.advanceTo(START_MS + 2 * slotSeconds * 1000);
    await tickAll();
    expect(await late?.sign()).to.equal("0x02");
    expect(late?.log.lines).to.deep.equal([
      "the clock is off: nothing is signed. Set it by NTP",
      "the clock is right again",
    ]);
  });

  it("signs nothing while L1 has a block that its clock has not come to", async () => {
    const { made } = await agents([0], clockDisparityMs + 1_000);
    expect(await made[0]?.sign()).to.match(/^clock: expected L1's newest block at most \d+ ms in the future/);
    await made[0]?.clock.advanceTo(START_MS + 1_000);
    expect(await made[0]?.sign()).to.equal("0x02");
  });

  it("does not count what tells no time", async () => {
    const { made, handlers, tickAll } = await agents([-10 * clockDisparityMs, 0, 0]);
    for (const garbage of [new Uint8Array(), new Uint8Array(7), new Uint8Array(8).fill(255), new Uint8Array(9)])
      handlers.push(() => Promise.resolve(garbage));
    for (const { clock } of made) await clock.advanceTo(clock.nowMs() + slotSeconds * 1000);
    await tickAll();
    expect(await made[0]?.sign(), "two peers tell nothing").to.equal("0x02");
  });
});
