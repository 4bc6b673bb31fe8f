import { expect } from "chai";
import { newCounters } from "../../../sdk/agent/network/counters.ts";
import {
  MAX_REQUESTS_IN_FLIGHT,
  MAX_REQUESTS_IN_FLIGHT_PER_PEER,
  REQUEST_BURST,
  REQUEST_HANDLER_TIMEOUT_MS,
  REQUESTS_PER_SECOND,
} from "../../../sdk/agent/network/options.ts";
import { RequestServer } from "../../../sdk/agent/network/request-server.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { KeptLog } from "./fixtures.ts";

const ANSWER = Buffer.from("here");

describe("RequestServer", () => {
  const rig = () => {
    const clock = new ManualClock(1_000_000);
    const counters = newCounters();
    return { clock, counters, server: new RequestServer({ clock, counters, log: new KeptLog() }) };
  };

  it("refusesBeyondTheBurstAndRefillsWithTime", async () => {
    const { clock, server } = rig();
    server.setHandler("data", async () => ANSWER);
    const ask = async () => (await server.answer("data", Buffer.from("?"), "peer")).status;
    for (let at = 0; at < REQUEST_BURST; at++) expect(await ask()).to.equal("answer");
    expect(await ask()).to.equal("refused");
    expect((await server.answer("data", Buffer.from("?"), "another")).status).to.equal("answer");
    await clock.advanceTo(clock.nowMs() + 1000);
    for (let at = 0; at < REQUESTS_PER_SECOND; at++) expect(await ask()).to.equal("answer");
    expect(await ask()).to.equal("refused");
  });

  it("boundsHandlersAtWorkPerPeerAndInAllAndFreesThemWhenTheyHang", async () => {
    const { clock, server, counters } = rig();
    server.setHandler("data", () => new Promise(() => undefined));
    const pending: Promise<{ status: string }>[] = [];
    const ask = (peer: string): number => pending.push(server.answer("data", Buffer.from("?"), peer));
    for (let at = 0; at <= MAX_REQUESTS_IN_FLIGHT_PER_PEER; at++) ask("peer-0");
    expect(counters.requestsRefused).to.equal(1);
    for (let at = MAX_REQUESTS_IN_FLIGHT_PER_PEER; at <= MAX_REQUESTS_IN_FLIGHT; at++) ask(`peer-${at}`);
    expect(counters.requestsRefused).to.equal(2);
    await clock.advanceTo(clock.nowMs() + REQUEST_HANDLER_TIMEOUT_MS);
    const statuses = (await Promise.all(pending)).map(({ status }) => status);
    expect(statuses.filter((status) => status === "none")).to.have.length(MAX_REQUESTS_IN_FLIGHT);
    server.setHandler("data", async () => ANSWER);
    expect((await server.answer("data", Buffer.from("?"), "peer-0")).status).to.equal("answer");
  });
});
