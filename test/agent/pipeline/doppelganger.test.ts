import { expect } from "chai";
import { GuardError, type GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { Doppelgangers } from "../../../sdk/agent/pipeline/doppelganger.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { hash, timetable } from "../chain/support.ts";
import { KEYS, MemoryGuard, recorder, signerOf } from "./support.ts";

const START_SLOT = 5;
const LISTEN_SLOTS = 2;
const SLOT_MS = timetable.parameters.slotSeconds * 1000;

const keyOf = (index: number): Hex => KEYS[index]?.publicKey as Hex;
const row = (index: number, over: Partial<GuardRow> = {}): GuardRow => ({
  validator: keyOf(index),
  kind: "attestation",
  slot: START_SLOT,
  sequence: "",
  digest: hash("mine"),
  ...over,
});

/** An agent with the validators 0 and 1. */
function setUp(listenSlots = LISTEN_SLOTS) {
  const clock = new ManualClock(timetable.of(START_SLOT).startMs + 100);
  const guard = new MemoryGuard();
  const log = recorder();
  const validators = [0, 1].map((index) => ({ signer: signerOf(index, guard), guard }));
  const doppelgangers = new Doppelgangers({ validators, clock, timetable, listenSlots, log });
  const gated = validators.map(({ signer }) => doppelgangers.gate(signer));
  const sign = async (index: number, slot = START_SLOT): Promise<string> => {
    try {
      await gated[index]?.sign("attestation", slot, hash("mine"));
      return "signed";
    } catch (error) {
      if (error instanceof GuardError) return error.code;
      throw error;
    }
  };
  return { clock, guard, log, doppelgangers, sign };
}

describe("an agent that looks out for others with its keys", () => {
  it("signs nothing while it listens, and leaves no row for what it did not sign", async () => {
    const { clock, guard, sign } = setUp();
    const endMs = clock.nowMs() + LISTEN_SLOTS * SLOT_MS;
    expect(await sign(0)).to.equal("listening");
    await clock.advanceTo(endMs - 1);
    expect(await sign(0)).to.equal("listening");
    expect(guard.rows).to.deep.equal([]);
    await clock.advanceTo(endMs);
    expect(await sign(0)).to.equal("signed");
  });

  it("signs at once when it was told not to listen", async () => {
    expect(await setUp(0).sign(0)).to.equal("signed");
  });

  it("signs nothing any more for a validator whose signature it did not give, before or after, and for others on", async () => {
    for (const heardAtSlots of [0, LISTEN_SLOTS + 1]) {
      const { clock, log, doppelgangers, sign } = setUp();
      await clock.advanceTo(clock.nowMs() + heardAtSlots * SLOT_MS);
      doppelgangers.note(row(0, { slot: START_SLOT + heardAtSlots }));
      doppelgangers.note(row(0, { slot: START_SLOT + heardAtSlots, digest: hash("second") }));
      await clock.advanceTo(clock.nowMs() + LISTEN_SLOTS * SLOT_MS);
      expect([await sign(0), await sign(1)]).to.deep.equal(["doppelganger", "signed"]);
      expect(log.lines.filter((line) => line.startsWith("another agent signs"))).to.have.length(1);
    }
  });

  it("takes nobody's word for another: what its guard knows, what is older than its start, and other validators'", async () => {
    const { clock, guard, doppelgangers, sign } = setUp();
    guard.rows.push(row(0), row(0, { kind: "block", sequence: "0/1" }));
    for (const signed of [
      row(0),
      row(0, { kind: "block", sequence: "0/1" }),
      row(0, { slot: START_SLOT - 1, digest: hash("older") }),
      row(2, { digest: hash("stranger") }),
    ]) {
      doppelgangers.note(signed);
    }
    await clock.advanceTo(clock.nowMs() + LISTEN_SLOTS * SLOT_MS);
    expect(await sign(0, START_SLOT + LISTEN_SLOTS)).to.equal("signed");
    doppelgangers.note(row(0, { kind: "block", sequence: "0/2" }));
    expect(await sign(0, START_SLOT + LISTEN_SLOTS + 1)).to.equal("doppelganger");
  });
});
