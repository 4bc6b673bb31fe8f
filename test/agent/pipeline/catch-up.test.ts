import { expect } from "chai";
import { isSkipped } from "../../../sdk/agent/chain/slots.ts";
import { bases } from "../../../sdk/agent/chain/state.ts";
import type { CheckpointRequest } from "../../../sdk/agent/messages/checkpoint-data.ts";
import { CatchUp, type CatchUpParts } from "../../../sdk/agent/pipeline/catch-up.ts";
import type { Certificate, CheckpointData } from "../../../sdk/agent/types/messages.ts";
import { ACCEPT, ignore, reject } from "../../../sdk/agent/types/verdict.ts";
import { certificate, genesis, skipCertificate, timetable } from "../chain/support.ts";
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
        await harness.keeper.addCertificate(one);
        return ACCEPT;
      },
    },
    kzg,
    identity,
    timetable,
    clock: harness.clock,
    fetch: async ({ slot }) => {
      asked.push(slot);
      return answer;
    },
    fetchCertificates: () => Promise.resolve([]),
    peerCount: () => 3,
    run: (task) => task(),
    log: harness.log,
    ...over,
  });
  const slots = (): number[] => harness.keeper.state.unsubmitted.map(({ slot }) => slot);
  return { ...harness, catchUp, asked, certificates, slots };
}

const NOTHING_MISSING_MS = timetable.of(1).startMs;
/** From here a certificate of slot 1 is missing. */
const CERTIFICATE_MS = timetable.of(1).proposalDeadlineMs + 2000 * timetable.parameters.hopSeconds;

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
    const { data, digest } = await first();
    const served = { ...data, certificate: { ...certificate(1), digest } };
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

  it("takes nothing that comes when its window is over, or asks for it, unless it is certified", async () => {
    const { data, digest } = await first();
    const acceptedUntilMs = timetable.of(1).proposalDeadlineMs + timetable.parameters.clockDisparityMs;
    for (const [certified, answeredMs, taken] of [
      [false, acceptedUntilMs, [1]],
      [false, acceptedUntilMs + 1, []],
      [true, acceptedUntilMs + 1, [1]],
    ] as const) {
      const served = certified ? { ...data, certificate: { ...certificate(1), digest } } : data;
      const setting = setUp(undefined, {
        fetch: async () => {
          await setting.clock.advanceTo(answeredMs);
          return served;
        },
      });
      setting.catchUp.tick(timetable.moment(START_MS));
      await settle(setting.catchUp);
      expect(setting.slots()).to.deep.equal(taken);
    }
    const late = setUp(data);
    await late.clock.advanceTo(CERTIFICATE_MS);
    late.catchUp.tick(timetable.moment(CERTIFICATE_MS));
    await settle(late.catchUp);
    expect(late.asked).to.deep.equal([]);
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

  it("asks less and less often for what peers serve in vain, says so once, and begins anew when it knows more", async () => {
    const { data, digest } = await first();
    const half = { ...data, blocks: data.blocks.slice(0, 1) };
    let certified: Certificate[] = [];
    const askedMs: number[] = [];
    const warnings: string[] = [];
    let taken = 0;
    const { catchUp, keeper } = setUp(undefined, {
      intake: { judgeServed: () => Promise.resolve(ignore("equivocation")) },
      fetch: async (request) => {
        if (request.slot === 1) askedMs.push(nowMs - START_MS);
        return request.digest === digest ? data : half;
      },
      fetchCertificates: () => Promise.resolve(certified),
      run: async (task) => {
        await task();
        taken++;
      },
      log: { debug: () => {}, info: () => {}, error: () => {}, warn: (_, message) => void warnings.push(message) },
    });
    const retryMs = 3000 * timetable.parameters.hopSeconds;
    let nowMs = START_MS;
    const look = async (fromRetries: number, toRetries: number): Promise<void> => {
      for (let at = fromRetries; at <= toRetries; at++) {
        nowMs = START_MS + at * retryMs;
        catchUp.tick(timetable.moment(nowMs));
        do await new Promise<void>((resolve) => setImmediate(resolve));
        while (taken < askedMs.length);
      }
    };
    await look(0, 31);
    expect(askedMs).to.deep.equal([0, 2, 6, 14, 22, 30].map((retries) => retries * retryMs));
    expect(warnings).to.deep.equal(["a peer served a checkpoint that does not hold"]);
    certified = [{ ...certificate(1), digest }];
    await look(32, 32);
    while (taken < askedMs.length + 1) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(askedMs.at(-1)).to.equal(32 * retryMs);
    expect(keeper.state.unsubmitted[0]?.proposed?.digest).to.equal(digest);
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

  it("changes from what its proposer showed here to the other one that a quorum attested", async () => {
    const shown = await first();
    const attested = await checkpointOn(bases(genesis())[0]!, 1, " twin");
    const asked: CheckpointRequest[] = [];
    const { catchUp, keeper, follower, events, returned } = setUp(undefined, {
      intake: { judgeServed: () => Promise.resolve(ignore("equivocation")) },
      fetchCertificates: () => Promise.resolve([{ ...certificate(1), digest: attested.digest }]),
      fetch: async (request) => {
        asked.push(request);
        return { ...attested.data, certificate: { ...certificate(1), digest: attested.digest } };
      },
    });
    for (const block of shown.data.blocks) await follower.onBlock(block);
    await follower.onProposal(shown.data.proposal);
    expect(keeper.state.unsubmitted[0]?.proposed?.digest).to.equal(shown.digest);
    catchUp.tick(timetable.moment(CERTIFICATE_MS));
    await settle(catchUp);
    expect(asked).to.deep.equal([{ slot: 1, digest: attested.digest }]);
    expect(keeper.state.unsubmitted).to.have.length(1);
    expect(keeper.state.unsubmitted[0]?.proposed).to.deep.include({ digest: attested.digest });
    expect(keeper.state.unsubmitted[0]?.proposed?.certificate?.digest).to.equal(attested.digest);
    expect(events.flatMap((event) => (event.type === "discarded" ? [event.discarded.reason] : []))).to.deep.equal([
      "equivocated",
    ]);
    expect(returned).to.deep.equal([shown.data.blocks.map(({ blockHash }) => `${blockHash}ff`)]);
  });

  it("does so as well while the other one's proposal still waits for its blocks", async () => {
    const shown = await first();
    const attested = await checkpointOn(bases(genesis())[0]!, 1, " twin");
    const served = { ...attested.data, certificate: { ...certificate(1), digest: attested.digest } };
    const { catchUp, keeper, follower } = setUp(served);
    await follower.onBlock(shown.data.blocks[0]!);
    await follower.onProposal(shown.data.proposal);
    catchUp.tick(timetable.moment(START_MS));
    await settle(catchUp);
    expect(keeper.state.unsubmitted[0]?.proposed?.digest).to.equal(attested.digest);
  });

  it("does not change to another one that no quorum attested", async () => {
    const shown = await first();
    const twin = await checkpointOn(bases(genesis())[0]!, 1, " twin");
    const { catchUp, keeper, follower } = setUp(twin.data, {
      fetchCertificates: () => Promise.resolve([{ ...certificate(1), digest: shown.digest }]),
    });
    catchUp.tick(timetable.moment(CERTIFICATE_MS));
    await settle(catchUp);
    expect(keeper.state.unsubmitted).to.deep.equal([]);
    for (const block of shown.data.blocks) await follower.onBlock(block);
    await follower.onProposal(shown.data.proposal);
    expect(keeper.state.unsubmitted[0]?.proposed?.certificate?.digest).to.equal(shown.digest);
  });

  it("learns from a peer that a slot was skipped, and asks no more", async () => {
    const { catchUp, asked, keeper, certificates } = setUp(undefined, {
      fetchCertificates: () => Promise.resolve([skipCertificate(1)]),
    });
    catchUp.tick(timetable.moment(NOTHING_MISSING_MS));
    catchUp.tick(timetable.moment(CERTIFICATE_MS));
    for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    catchUp.tick(timetable.moment(CERTIFICATE_MS + 10_000));
    expect(isSkipped(keeper.state, 1)).to.equal(true);
    expect(certificates).to.deep.equal([skipCertificate(1)]);
    expect(asked).to.deep.equal([]);
  });
});
