import { expect } from "chai";
import { newCounters } from "../../../sdk/agent/network/counters.ts";
import { Intake } from "../../../sdk/agent/network/intake.ts";
import { MAX_MESSAGES_IN_FLIGHT, MAX_MESSAGES_IN_FLIGHT_PER_PEER } from "../../../sdk/agent/network/options.ts";
import { ACCEPT, type Verdict } from "../../../sdk/agent/types/verdict.ts";
import { KeptLog } from "./fixtures.ts";

const MESSAGE = Uint8Array.of(1);
const ofAll = MAX_MESSAGES_IN_FLIGHT.blocks;
const ofOne = MAX_MESSAGES_IN_FLIGHT_PER_PEER.blocks;

describe("messages being judged", () => {
  function setUp() {
    const counters = newCounters();
    const intake = new Intake({ counters, log: new KeptLog() });
    let judged = 0;
    const { promise, resolve: finish } = Promise.withResolvers<Verdict>();
    intake.setHandler("blocks", () => {
      judged++;
      return promise;
    });
    const send = (count: number, from: string): Promise<Verdict>[] =>
      Array.from({ length: count }, () => intake.judge("blocks", MESSAGE, from));
    return { counters, intake, send, finish: () => finish(ACCEPT), judged: () => judged };
  }

  it("are so many of one peer and no more, whatever room there is", async () => {
    const { counters, intake, send, finish, judged } = setUp();
    const flood = send(10 * ofOne, "flooder");
    const honest = send(1, "honest");
    expect(judged()).to.equal(ofOne + 1);
    expect(intake.judging("blocks")).to.equal(ofOne + 1);
    finish();
    const verdicts = await Promise.all(flood);
    expect(verdicts.filter(({ verdict }) => verdict === "accept")).to.have.length(ofOne);
    expect(counters.dropped.blocks).to.equal(9 * ofOne);
    expect((await Promise.all(honest))[0]).to.deep.equal(ACCEPT);
    expect(intake.judging("blocks")).to.equal(0);
  });

  it("are so many of all peers together and no more", async () => {
    const { counters, send, finish, judged } = setUp();
    const peers = Array.from({ length: 2 + ofAll / ofOne }, (_, at) => `peer ${at}`);
    const all = peers.flatMap((peer) => send(ofOne, peer));
    expect(judged()).to.equal(ofAll);
    expect(counters.dropped.blocks).to.equal(2 * ofOne);
    finish();
    await Promise.all(all);
    expect(await Promise.all(send(1, "peer 0"))).to.deep.equal([ACCEPT]);
  });
});
