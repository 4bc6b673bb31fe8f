import { expect } from "chai";
import { type BadlySigned, challengeDuty, MAX_CHALLENGED } from "../../../sdk/agent/chain/challenges.ts";
import { applyLanded } from "../../../sdk/agent/chain/l1.ts";
import type { ChainState, Landed } from "../../../sdk/agent/chain/state.ts";
import { addSuspect } from "../../../sdk/agent/chain/suspects.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { chainOf, hash, landed, timetable } from "./support.ts";

const LANDED_AT = timetable.of(2).startMs / 1000;
const FIRST_BLOCK = 101;
const { challengeWindowEpochs, epochSlots, slotSeconds, l1SlotSeconds } = DEVNET_PARAMETERS;
const WINDOW_SECONDS = challengeWindowEpochs * epochSlots * slotSeconds;

const forged = (slot: number): Landed => ({ ...landed(slot), signed: false, digest: hash(`f${slot}`) });
const accused = ({ slot, digest, landing }: Landed): BadlySigned => {
  const { number, l1BlockNumber } = landing;
  return { number, slot, digest, l1BlockNumber, landedAtSeconds: LANDED_AT };
};

/** The chain as it is `blocks` L1 blocks after the block numbered 101, in which checkpoint 1 landed. */
const later = (state: ChainState, blocks: number, timestamp = LANDED_AT + blocks * l1SlotSeconds): ChainState => ({
  ...state,
  l1: { blockNumber: FIRST_BLOCK + blocks, blockHash: hash("l1"), timestamp },
});
const suspecting = (state: ChainState, ...checkpoints: Landed[]): ChainState => checkpoints.reduce(addSuspect, state);

/** Who acts first after so many L1 blocks: ranks from 0 to 40. */
const ranks = (decide: (rank: number) => { duty: string }): number =>
  Array.from({ length: 41 }, (_, rank) => decide(rank)).filter(({ duty }) => duty !== "wait").length;

describe("a checkpoint on L1 that nobody is known to have signed", () => {
  it("is challenged, and those above it before it", () => {
    const stack = [1, 2, 3].map(forged);
    const state = later(suspecting(chainOf("certified"), ...stack), 3);
    expect(challengeDuty(state, stack.map(accused), 0, timetable)).to.deep.equal({
      duty: "challenge",
      numbers: [3, 2, 1],
    });
  });

  it("is challenged by one agent at once, by twice as many after each L1 block without result", () => {
    const one = forged(1);
    const acting = (blocks: number): number =>
      ranks((rank) => challengeDuty(later(suspecting(chainOf(), one), blocks), [accused(one)], rank, timetable));
    expect([0, 1, 2, 3, 4, 9].map(acting)).to.deep.equal([1, 2, 4, 8, 16, 41]);
  });

  it("does not start the others' wait anew by landing another one on top", () => {
    const stack = [forged(1), forged(5)];
    const state = later(suspecting(chainOf(), ...stack), 4);
    expect(challengeDuty(state, stack.map(accused), 8, timetable)).to.include({ duty: "challenge" });
  });

  it("is left to its attesters as long as they may be signing it: it was only landed before its time", () => {
    const early = { ...landed(1), signed: false };
    const decide = (timestamp: number) =>
      challengeDuty(later(suspecting(chainOf("proposed"), early), 9, timestamp), [accused(early)], 0, timetable);
    const deadline = timetable.of(1).attestationDeadlineMs / 1000;
    expect(decide(deadline - 1).duty).to.equal("wait");
    expect(decide(deadline)).to.deep.equal({ duty: "challenge", numbers: [1] });
  });

  it("is left standing until what it has the place of is certified, which takes it off in one transaction", () => {
    const rival = forged(1);
    const decide = (held: Parameters<typeof chainOf>, timestamp: number) =>
      challengeDuty(later(suspecting(chainOf(...held), rival), 9, timestamp), [accused(rival)], 0, timetable).duty;
    const { startMs, proposalDeadlineMs, attestationDeadlineMs } = timetable.of(1);
    const [start, proposed, attested] = [startMs / 1000, proposalDeadlineMs / 1000, attestationDeadlineMs / 1000];
    for (const held of [[], ["complete"]] as Parameters<typeof chainOf>[]) {
      expect(decide(held, start), "the proposal may still come").to.equal("wait");
      expect(decide(held, proposed)).to.equal("challenge");
    }
    expect(decide(["proposed"], attested - 1)).to.equal("wait");
    expect(decide(["certified"], start)).to.equal("challenge");
    expect(decide(["proposed"], attested), "or cannot be any more").to.equal("challenge");
  });

  it("is not challenged after its window, when the contract would refuse", () => {
    const one = forged(1);
    const decide = (timestamp: number) =>
      challengeDuty(later(suspecting(chainOf(), one), 9, timestamp), [accused(one)], 0, timetable).duty;
    expect(decide(LANDED_AT + WINDOW_SECONDS - l1SlotSeconds - 1)).to.equal("challenge");
    expect(decide(LANDED_AT + WINDOW_SECONDS - l1SlotSeconds)).to.equal("wait");
  });

  it("is one of so many that they take several transactions: the newest come first", () => {
    const stack = Array.from({ length: MAX_CHALLENGED + 2 }, (_, i) => forged(i + 1));
    const duty = challengeDuty(later(suspecting(chainOf(), ...stack), 20), stack.map(accused), 0, timetable);
    const newest = MAX_CHALLENGED + 2;
    expect(duty).to.deep.equal({
      duty: "challenge",
      numbers: Array.from({ length: MAX_CHALLENGED }, (_, i) => newest - i),
    });
  });
});

describe("a checkpoint on L1 with a bad signature that a quorum did sign", () => {
  const held = (): ChainState => {
    const first = applyLanded(chainOf("certified", "certified"), landed(1)).state;
    return applyLanded(first, landed(2)).state;
  };
  const bad = [accused(landed(1)), accused(landed(2))];

  it("is cured with the certificate that is held, the newest first", () => {
    const duty = challengeDuty(later(held(), 4), bad, 0, timetable);
    expect(duty).to.deep.include({ duty: "cure", number: 2 });
    expect(duty.duty === "cure" && duty.certificate.slot).to.equal(2);
    expect(challengeDuty(later(held(), 4), bad.slice(0, 1), 0, timetable)).to.deep.include({ duty: "cure", number: 1 });
  });

  it("is cured by one agent at once, by the others when that one does not", () => {
    const acting = (blocks: number): number =>
      ranks((rank) => challengeDuty(later(held(), blocks), bad.slice(0, 1), rank, timetable));
    expect([0, 1, 2, 3].map(acting)).to.deep.equal([1, 2, 4, 8]);
  });

  it("is not cured without a certificate, nor with that of another digest, nor before what must be challenged", () => {
    const uncertified = applyLanded(chainOf("proposed"), landed(1)).state;
    expect(challengeDuty(later(uncertified, 4), bad.slice(0, 1), 0, timetable).duty).to.equal("wait");
    const other = { ...accused(landed(2)), digest: hash("other") };
    expect(challengeDuty(later(held(), 4), [other], 0, timetable).duty).to.equal("wait");
    const above = forged(3);
    const duty = challengeDuty(later(suspecting(held(), above), 4), [...bad, accused(above)], 0, timetable);
    expect(duty).to.deep.equal({ duty: "challenge", numbers: [3] });
  });
});
