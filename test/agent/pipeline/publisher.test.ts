import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { Publisher, type PublisherParts } from "../../../sdk/agent/pipeline/publisher.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { versionedHash } from "../../../sdk/blob/kzg.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { chainOf, timetable } from "../chain/support.ts";
import { recorder } from "./support.ts";

/** A publisher that reads blocks through `blocksOf` and has nothing to send. */
function setUp(blocksOf: (slot: number) => BlockProposal[]) {
  const proved: number[] = [];
  const asked: unknown[] = [];
  const log = recorder();
  const nothing = { request: () => Promise.resolve(undefined) };
  const parts = {
    manager: {
      step: (_: number, request: unknown) => {
        asked.push(request);
        return Promise.resolve({ status: "stopped", reason: "idle" });
      },
      close: () => Promise.resolve(),
    },
    challenger: { ...nothing, inTheWay: () => [] },
    pruner: nothing,
    settler: nothing,
    informer: nothing,
    store: { blocksOf },
    kzg: {
      sidecar: (blob: Uint8Array) => {
        proved.push(blob.length);
        return Promise.resolve({ commitment: COMMITMENT });
      },
    },
    clock: new ManualClock(timetable.of(1).buildStartMs),
    timetable,
    rank: () => 0,
    blobWrapperVersion: 1,
    rollup: `0x${"cc".repeat(20)}`,
    recipient: `0x${"11".repeat(20)}`,
    log,
  };
  return { publisher: new Publisher(parts as unknown as PublisherParts), proved, asked, log };
}

const COMMITMENT: Hex = `0x${"01".repeat(48)}`;

const ANY_POINT: Hex = `0x${bls12_381.G1.Point.BASE.toHex(false)}`;

/** The state with every proposal naming the blob with this commitment. */
const naming = (commitment: Hex, state: ChainState): ChainState => ({
  ...state,
  unsubmitted: state.unsubmitted.map((entry) => {
    if (entry.proposed === undefined) return entry;
    const { proposal, certificate, digest } = entry.proposed;
    const named = { ...proposal, blobHashes: [versionedHash(commitment)] };
    const signed = certificate && { ...certificate, signature: ANY_POINT };
    return { ...entry, proposed: { digest, proposal: named, certificate: signed } };
  }),
});

const early = timetable.moment(timetable.of(1).buildStartMs);
const blockOf = (slot: number): BlockProposal => ({ slot, data: new Uint8Array([slot]) }) as BlockProposal;

describe("the publisher", () => {
  it("makes each checkpoint's blob proofs once, however many are unsubmitted after a reorg of L1", async () => {
    const { publisher, proved } = setUp((slot) => [blockOf(slot)]);
    const state = naming(COMMITMENT, chainOf(...Array<"certified">(6).fill("certified")));
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

  it("sends what is stored for the slot, and nothing when that is not what was proposed", async () => {
    const inItsSlot = timetable.moment(timetable.of(1).firstSendMs);
    const published = async (commitment: Hex): Promise<ReturnType<typeof setUp>> => {
      const parts = setUp((slot) => [blockOf(slot)]);
      parts.publisher.tick(naming(commitment, chainOf("certified")), inItsSlot, () => true);
      await parts.publisher.stop();
      return parts;
    };
    const { asked } = await published(COMMITMENT);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include.keys("call");
    const refused = await published(`0x${"02".repeat(48)}`);
    expect(refused.asked).to.deep.equal([]);
    expect(String(refused.log.fields[0]?.error)).to.match(/slot 1: expected blobs .*, its data makes/);
  });
});
