import { expect } from "chai";
import { bases } from "../../../sdk/agent/chain/state.ts";
import { CatchUp, type CatchUpParts } from "../../../sdk/agent/pipeline/catch-up.ts";
import type { Certificate, CheckpointData } from "../../../sdk/agent/types/messages.ts";
import { ACCEPT, reject } from "../../../sdk/agent/types/verdict.ts";
import { certificate, genesis, timetable } from "../chain/support.ts";
import { checkpointOn, followerOf, identity, kzg } from "./support.ts";

/** From here the proposal of slot 1 is missing. */
const START_MS = (timetable.of(1).startMs + timetable.of(1).proposalDeadlineMs) / 2;
/** Enough for a round to be over: peers here answer at once. */
const settle = async (catchUp: CatchUp): Promise<void> => {
  while (!catchUp.isReady) await new Promise<void>((resolve) => setImmediate(resolve));
};

function setUp(answer: CheckpointData | undefined, over: Partial<CatchUpParts> = {}) {
  const harness = followerOf(genesis(), START_MS);
  const asked: number[] = [];
  const certificates: Certificate[] = [];
  const catchUp = new CatchUp({
    keeper: harness.keeper,
    intake: { judgeServed: () => Promise.resolve(ACCEPT) },
    follower: harness.follower,
    attester: {
      onCertificate: async (one) => {
        certificates.push(one);
        return ACCEPT;
      },
    },
    kzg,
    identity,
    timetable,
    fetch: async (slot) => {
      asked.push(slot);
      return answer;
    },
    peerCount: () => 3,
    run: (task) => task(),
    log: harness.log,
    ...over,
  });
  const slots = (): number[] => harness.keeper.state.unsubmitted.map(({ slot }) => slot);
  return { ...harness, catchUp, asked, certificates, slots };
}

const first = () => checkpointOn(bases(genesis())[0]!, 1);

describe("a node that catches up", () => {
  it("is ready at once when nothing is missing", () => {
    const { catchUp, asked } = setUp(undefined);
    expect(catchUp.isReady).to.equal(false);
    catchUp.tick(timetable.moment(START_MS - 1));
    expect(catchUp.isReady).to.equal(true);
    expect(asked).to.deep.equal([]);
  });

  it("takes blocks, proposal and certificate from a peer before it is ready", async () => {
    const { data } = await first();
    const served = { ...data, certificate: certificate(1) };
    const { catchUp, keeper, certificates } = setUp(served);
    catchUp.tick(timetable.moment(START_MS));
    expect(catchUp.isReady).to.equal(false);
    await settle(catchUp);
    expect(keeper.state.unsubmitted[0]?.proposed?.proposal).to.deep.equal(data.proposal);
    expect(certificates).to.deep.equal([served.certificate]);
  });

  it("takes nothing that is not the slot's checkpoint, signed by its proposer, to the byte", async () => {
    const { data } = await first();
    const other = await checkpointOn(bases(genesis())[0]!, 2);
    const refused: [CheckpointData, Partial<CatchUpParts>][] = [
      [other.data, {}],
      [{ ...data, blocks: data.blocks.slice(0, 1) }, {}],
      [{ ...data, blocks: data.blocks.map((block) => ({ ...block, data: new Uint8Array([1]) })) }, {}],
      [data, { intake: { judgeServed: () => Promise.resolve(reject("not the proposer's")) } }],
    ];
    for (const [answer, over] of refused) {
      const { catchUp, slots } = setUp(answer, over);
      catchUp.tick(timetable.moment(START_MS));
      await settle(catchUp);
      expect(slots()).to.deep.equal([]);
    }
  });

  it("is ready although no peer has it, and asks again, not at every look", async () => {
    const { catchUp, asked } = setUp(undefined);
    const retryMs = 3000 * timetable.parameters.hopSeconds;
    for (const afterMs of [0, 50, retryMs - 1, retryMs, retryMs + 50]) {
      catchUp.tick(timetable.moment(START_MS + afterMs));
      await settle(catchUp);
    }
    expect(asked).to.deep.equal([1, 1]);
  });

  it("is ready although asking fails", async () => {
    const { catchUp, log } = setUp(undefined, { fetch: () => Promise.reject(new Error("no stream")) });
    catchUp.tick(timetable.moment(START_MS));
    await settle(catchUp);
    expect(log.lines).to.include("asking peers for checkpoints failed");
  });

  it("waits a while for a first peer, then acts on what it knows", () => {
    const { catchUp } = setUp(undefined, { peerCount: () => 0 });
    catchUp.tick(timetable.moment(START_MS));
    catchUp.tick(timetable.moment(START_MS + 2_999));
    expect(catchUp.isReady).to.equal(false);
    catchUp.tick(timetable.moment(START_MS + 3_000));
    expect(catchUp.isReady).to.equal(true);
  });
});
