import { expect } from "chai";
import { requestTimes } from "../../../sdk/agent/network/ask-in-turn.ts";
import { type LinkModel, MemoryHub, PERFECT_LINK } from "../../../sdk/agent/network/memory-hub.ts";
import { MemoryNetwork } from "../../../sdk/agent/network/memory-network.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { ACCEPT, ignore } from "../../../sdk/agent/types/verdict.ts";
import { DEVNET_PARAMETERS, MAINNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { IDENTITY, KeptLog } from "./fixtures.ts";

interface Heard {
  at: number;
  text: string;
  timeMs: number;
}

/** Members that forward what they hear only if `forwards`, on links of the given kind. */
async function rig(link: LinkModel, { seed = 1, members = 3, forwards = false, parameters = DEVNET_PARAMETERS } = {}) {
  const clock = new ManualClock();
  const hub = new MemoryHub({ seed, link }, { clock });
  const heard: Heard[] = [];
  const networks = Array.from({ length: members }, (_, at) => {
    const identity = { ...IDENTITY, parameters };
    const network = new MemoryNetwork({ peerId: `peer-${at}`, identity }, { hub, log: new KeptLog() });
    network.subscribe("votes", async (data) => {
      heard.push({ at, text: Buffer.from(data).toString(), timeMs: clock.nowMs() });
      return forwards ? ACCEPT : ignore("not forwarded");
    });
    return network;
  });
  for (const network of networks) await network.start();
  const publish = (at: number, text: string) => networks[at]?.publish("votes", Buffer.from(text));
  return { clock, hub, heard, networks, publish };
}

async function publishMany(count: number, link: LinkModel, seed: number): Promise<Heard[]> {
  const { clock, heard, publish } = await rig(link, { seed });
  for (let at = 0; at < count; at++) {
    await publish(0, `message ${at}`);
    await clock.advanceTo(clock.nowMs() + 1);
  }
  await clock.advanceTo(clock.nowMs() + 1000);
  return heard;
}

const textsAt = (heard: Heard[], at: number): string[] =>
  heard.filter((each) => each.at === at).map(({ text }) => text);

describe("MemoryHub faults", () => {
  const rough: LinkModel = { minDelayMs: 2, maxDelayMs: 9, loss: 0.2, duplication: 0.3, reordering: 0.2 };

  it("repeatsARunExactlyForTheSameSeedAndDiffersForAnother", async () => {
    const first = await publishMany(40, rough, 5);
    expect(await publishMany(40, rough, 5)).to.deep.equal(first);
    expect(await publishMany(40, rough, 6)).to.not.deep.equal(first);
  });

  it("delaysWithinItsBoundsAndKeepsTheOrderOfALink", async () => {
    const heard = await publishMany(50, { ...PERFECT_LINK, minDelayMs: 20, maxDelayMs: 60 }, 3);
    expect(textsAt(heard, 1)).to.deep.equal(Array.from({ length: 50 }, (_, at) => `message ${at}`));
    const delays = heard.map(({ text, timeMs }) => timeMs - Number(text.split(" ")[1]));
    expect(Math.min(...delays)).to.be.at.least(20);
    expect(Math.max(...delays)).to.be.at.most(60);
    expect(new Set(delays).size).to.be.greaterThan(10);
  });

  it("losesAboutTheShareItIsToldTo", async () => {
    const heard = await publishMany(400, { ...PERFECT_LINK, loss: 0.25 }, 8);
    expect(heard.length / 800).to.be.within(0.68, 0.82);
  });

  it("handsADuplicatedMessageToTheHandlerOnce", async () => {
    const heard = await publishMany(20, { ...PERFECT_LINK, duplication: 1 }, 2);
    expect(textsAt(heard, 1)).to.have.length(20);
  });

  it("letsMessagesOvertakeEachOtherWhenTold", async () => {
    const heard = textsAt(await publishMany(60, { ...PERFECT_LINK, maxDelayMs: 5, reordering: 0.3 }, 4), 1);
    const sent = Array.from({ length: 60 }, (_, at) => `message ${at}`);
    expect(heard).to.not.deep.equal(sent);
    expect(heard.toSorted()).to.deep.equal(sent.toSorted());
  });

  it("passesNothingAcrossAPartitionUntilItHeals", async () => {
    const { clock, hub, heard, networks, publish } = await rig(PERFECT_LINK);
    networks[2]?.serve("data", async () => Buffer.from("here"));
    hub.partition(["peer-0", "peer-1"], ["peer-2"]);
    await publish(0, "cut");
    const asked = networks[0]?.request("data", Buffer.from("?"), 100);
    await clock.advanceTo(500);
    expect(textsAt(heard, 1)).to.deep.equal(["cut"]);
    expect(textsAt(heard, 2)).to.deep.equal([]);
    expect(await asked).to.equal(undefined);
    hub.heal();
    await publish(0, "whole");
    await clock.advanceTo(1000);
    expect(textsAt(heard, 2)).to.deep.equal(["whole"]);
  });

  it("answersARequestOnLinksThatTakeAsLongAsAHopIsAssumedToTakeAlsoIfOtherPeersAreSilent", async () => {
    for (const parameters of [MAINNET_PARAMETERS, DEVNET_PARAMETERS]) {
      const hopMs = parameters.hopSeconds * 1000;
      const link = { ...PERFECT_LINK, minDelayMs: hopMs, maxDelayMs: hopMs };
      const { clock, networks } = await rig(link, { members: 4, parameters });
      for (const silent of [1, 2]) networks[silent]?.serve("data", () => new Promise(() => {}));
      networks[3]?.serve("data", async () => Buffer.from("here"));
      const { timeoutMs } = requestTimes(parameters);
      const asked = networks[0]?.request("data", Buffer.from("?"), timeoutMs);
      await clock.advanceTo(clock.nowMs() + timeoutMs);
      expect(await asked).to.deep.equal(new Uint8Array(Buffer.from("here")));
    }
  });

  it("reachesAMemberThroughAnotherThatAccepts", async () => {
    const { clock, heard, publish, hub } = await rig(PERFECT_LINK, { forwards: true });
    // The direct packet is lost; the one by way of peer-1 is sent after the links are whole again.
    hub.partition(["peer-0", "peer-1"], ["peer-2"]);
    await publish(0, "relayed");
    hub.heal();
    await clock.advanceTo(100);
    expect(textsAt(heard, 2)).to.deep.equal(["relayed"]);
  });
});
