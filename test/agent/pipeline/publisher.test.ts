import { expect } from "chai";
import { Publisher, type PublisherParts } from "../../../sdk/agent/pipeline/publisher.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { chainOf, timetable } from "../chain/support.ts";
import { recorder } from "./support.ts";

/** A publisher that reads blocks through `blocksOf` and has nothing to send. */
function setUp(blocksOf: (slot: number) => BlockProposal[]): { publisher: Publisher; proved: number[] } {
  const proved: number[] = [];
  const parts = {
    manager: { step: () => Promise.resolve({ status: "stopped", reason: "idle" }), close: () => Promise.resolve() },
    settler: { request: () => Promise.resolve(undefined) },
    store: { blocksOf },
    kzg: { sidecar: (blob: Uint8Array) => Promise.resolve(void proved.push(blob.length)) },
    clock: new ManualClock(timetable.of(1).buildStartMs),
    timetable,
    blobWrapperVersion: 1,
    rollup: `0x${"cc".repeat(20)}`,
    recipient: `0x${"11".repeat(20)}`,
    log: recorder(),
  };
  return { publisher: new Publisher(parts as unknown as PublisherParts), proved };
}

const early = timetable.moment(timetable.of(1).buildStartMs);
const blockOf = (slot: number): BlockProposal => ({ slot, data: new Uint8Array([slot]) }) as BlockProposal;

describe("the publisher", () => {
  it("makes each checkpoint's blob proofs once, however many are unsubmitted after a reorg of L1", async () => {
    const { publisher, proved } = setUp((slot) => [blockOf(slot)]);
    const state = chainOf(...Array<"certified">(6).fill("certified"));
    for (let beat = 0; beat < 5; beat++) publisher.tick(state, early, () => false);
    await publisher.stop();
    expect(proved).to.have.length(4);
  });

  it("does not let a checkpoint it cannot read stop the other duties of a heartbeat", async () => {
    const { publisher } = setUp(() => {
      throw new Error("disk error");
    });
    expect(() => publisher.tick(chainOf("certified"), early, () => false)).not.to.throw();
    await publisher.stop();
  });
});
