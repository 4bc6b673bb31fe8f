import { expect } from "chai";
import { MAX_MESSAGE_BYTES } from "../../../sdk/agent/messages/limits.ts";
import { type Network, TOPICS } from "../../../sdk/agent/network/interface.ts";
import type { NetworkIdentity } from "../../../sdk/agent/network/options.ts";
import {
  MAX_REQUEST_BYTES,
  MAX_RESPONSE_BYTES,
  type NetworkError,
  REQUEST_BURST,
} from "../../../sdk/agent/network/options.ts";
import { SILENCE_SCORE } from "../../../sdk/agent/network/scoring.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../../../sdk/agent/types/verdict.ts";
import { Collector, IDENTITY, KeptLog, untilPeers, type WatchableNetwork } from "./fixtures.ts";

/** Makes networks that find each other once started. */
export interface Rig {
  /** Not started. Every network after the first can reach those made before it. */
  add(options: { identity: NetworkIdentity; log: KeptLog }): Promise<WatchableNetwork>;
  stop(): Promise<void>;
}

/** Lets what is already resolved run to its end. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Received {
  text: string;
  from: string;
}

/** What every implementation of the Network port must do. */
export function describeNetwork(name: string, makeRig: () => Promise<Rig>): void {
  describe(name, function () {
    this.timeout(20_000);
    let rig: Rig;
    const logs: KeptLog[] = [];

    beforeEach(async () => {
      rig = await makeRig();
      logs.length = 0;
    });

    afterEach(() => rig.stop());

    async function add(identity = IDENTITY): Promise<WatchableNetwork> {
      const log = new KeptLog();
      logs.push(log);
      return rig.add({ identity, log });
    }

    /** `count` connected networks that all listen on every topic, and what each received on "votes". */
    async function mesh(
      count: number,
      judge: (receiver: number, text: string) => Promise<Verdict> = async () => ACCEPT,
    ): Promise<{ networks: WatchableNetwork[]; received: Collector<Received>[] }> {
      const networks: WatchableNetwork[] = [];
      const received: Collector<Received>[] = [];
      for (let at = 0; at < count; at++) {
        const network = await add();
        const collector = new Collector<Received>();
        for (const topic of TOPICS) {
          network.subscribe(topic, async (data, from) => {
            const text = Buffer.from(data).toString();
            if (topic === "votes") collector.add({ text, from });
            return judge(at, text);
          });
        }
        await network.start();
        networks.push(network);
        received.push(collector);
      }
      const isComplete = (network: WatchableNetwork): boolean =>
        network.peerCount() === count - 1 && TOPICS.every((topic) => network.subscriberCount(topic) === count - 1);
      await Promise.all(networks.map((network) => untilPeers(network, () => isComplete(network))));
      return { networks, received };
    }

    const send = (network: Network | undefined, text: string): Promise<void> =>
      (network as Network).publish("votes", Buffer.from(text));

    it("deliversAMessageOnceToEveryOtherMemberAndNotToItsAuthor", async () => {
      const { networks, received } = await mesh(4);
      await send(networks[0], "first");
      for (const collector of received.slice(1)) await collector.until(1);
      await send(networks[1], "second");
      await received[0]?.until(1);
      for (const collector of received.slice(2)) await collector.until(2);
      expect(received.map(({ values }) => values.map(({ text }) => text))).to.deep.equal([
        ["second"],
        ["first"],
        ["first", "second"],
        ["first", "second"],
      ]);
    });

    it("givesEachTopicToItsOwnHandler", async () => {
      const { networks } = await mesh(2);
      const heard = new Collector<string>();
      for (const topic of ["blocks", "votes"] as const) {
        networks[1]?.subscribe(topic, async (data) => {
          heard.add(`${topic} ${Buffer.from(data)}`);
          return ACCEPT;
        });
      }
      await networks[0]?.publish("votes", Buffer.from("same bytes"));
      await networks[0]?.publish("blocks", Buffer.from("same bytes"));
      expect((await heard.until(2)).toSorted()).to.deep.equal(["blocks same bytes", "votes same bytes"]);
    });

    it("namesThePeerItCameFrom", async () => {
      const { networks, received } = await mesh(2);
      await send(networks[0], "hello");
      expect((await received[1]?.until(1))?.[0]?.from).to.equal(networks[0]?.peerId);
    });

    it("hearsATopicSubscribedAfterStart", async () => {
      const networks = [await add(), await add()] as const;
      const heard = new Collector<string>();
      for (const network of networks) await network.start();
      await Promise.all(networks.map((network) => untilPeers(network, () => network.peerCount() === 1)));
      for (const network of networks) {
        network.subscribe("checkpoints", async (data) => {
          heard.add(Buffer.from(data).toString());
          return ACCEPT;
        });
      }
      await Promise.all(
        networks.map((network) => untilPeers(network, () => network.subscriberCount("checkpoints") === 1)),
      );
      await networks[0].publish("checkpoints", Buffer.from("late"));
      expect(await heard.until(1)).to.deep.equal(["late"]);
    });

    it("resolvesPublishWithoutAnyPeer", async () => {
      const alone = await add();
      await alone.start();
      await alone.publish("votes", Buffer.from("nobody hears"));
      expect(alone.peerCount()).to.equal(0);
    });

    it("containsHandlersThatThrowAndCountsThem", async () => {
      const { networks, received } = await mesh(2, async (_receiver, text) => {
        if (text === "boom") throw new Error("handler bug");
        return ACCEPT;
      });
      await send(networks[0], "boom");
      await received[1]?.until(1);
      await logs[1]?.untilWarned("handler bug");
      expect(networks[1]?.counters.handlerFailures).to.equal(1);
      await send(networks[0], "after");
      expect((await received[1]?.until(2))?.[1]?.text).to.equal("after");
    });

    it("keepsHearingAPeerWhoseMessagesAreIgnored", async () => {
      const { networks, received } = await mesh(2, async () => ignore("not useful"));
      for (let at = 1; at <= 20; at++) {
        await send(networks[0], `ignored ${at}`);
        await received[1]?.until(at);
      }
      await turn();
      expect(networks[1]?.counters.verdicts.votes.ignore).to.equal(20);
    });

    it("stopsHearingAPeerWhoseMessagesAreRejectedAndHearsTheOthers", async () => {
      const { networks, received } = await mesh(3, async (receiver, text) =>
        receiver === 1 && text.startsWith("bad") ? reject("invalid") : ignore("not forwarded"),
      );
      const [bad, judge, good] = networks as [WatchableNetwork, WatchableNetwork, WatchableNetwork];
      let sent = 0;
      const sendBad = async (): Promise<void> => {
        await send(bad, `bad ${++sent}`);
        await received[2]?.until(sent);
      };
      while (judge.scoreOf(bad.peerId) >= SILENCE_SCORE) await sendBad();
      expect(sent).to.be.at.least(3);
      const silencedAt = sent;
      const heard = (): string[] => (received[1]?.values ?? []).map(({ text }) => text);
      for (let at = 1; at <= 3; at++) {
        await sendBad();
        await send(good, `good ${at}`);
        while (!heard().includes(`good ${at}`)) await received[1]?.until(heard().length + 1);
      }
      for (let at = silencedAt + 1; at <= sent; at++) expect(heard()).to.not.include(`bad ${at}`);
      expect(judge.scoreOf(good.peerId)).to.be.at.least(0);
      expect(good.scoreOf(bad.peerId)).to.be.at.least(0);
    });

    it("passesAMessageOfTheTopicsLargestSizeAndRefusesToSendALargerOne", async () => {
      const { networks, received } = await mesh(2);
      const limit = MAX_MESSAGE_BYTES.votes;
      await networks[0]?.publish("votes", Buffer.alloc(limit, "x"));
      expect((await received[1]?.until(1))?.[0]?.text.length).to.equal(limit);
      const error: unknown = await networks[0]
        ?.publish("votes", Buffer.alloc(limit + 1))
        .catch((thrown: unknown) => thrown);
      expect((error as NetworkError).code).to.equal("too-large");
    });

    it("passesTheLargestBlock", async () => {
      const { networks } = await mesh(2);
      const heard = new Collector<Uint8Array>();
      networks[1]?.subscribe("blocks", async (data) => {
        heard.add(data);
        return ACCEPT;
      });
      const block = Buffer.alloc(MAX_MESSAGE_BYTES.blocks, 7);
      await networks[0]?.publish("blocks", block);
      expect(block.equals((await heard.until(1))[0] as Uint8Array)).to.equal(true);
    });

    it("refusesAPeerWithOtherConstantsOnBothSidesNamingBothValues", async () => {
      const other = { ...IDENTITY, chainId: 1, parameters: { ...IDENTITY.parameters, blockSeconds: 6 } };
      const [a, b] = [await add(), await add(other)];
      await a.start();
      await b.start();
      const seenByA = (await logs[0]?.untilWarned("peer refused")) as string;
      const seenByB = (await logs[1]?.untilWarned("peer refused")) as string;
      for (const text of [seenByA, seenByB]) expect(text).to.match(/blockSeconds: ours \d, theirs \d/);
      expect(`${seenByA} ${seenByB}`).to.contain("31337");
      await untilPeers(a, () => a.peerCount() === 0);
      expect(a.counters.handshakesRefused).to.be.at.least(1);
      expect(b.counters.handshakesRefused).to.be.at.least(1);
      expect(b.peerCount()).to.equal(0);
      expect(await b.request("data", Buffer.from("?"), 200)).to.equal(undefined);
    });

    it("asksPeersInTurnUntilOneAnswers", async () => {
      const { networks } = await mesh(4);
      networks[1]?.serve("data", async () => undefined);
      networks[2]?.serve("data", async () => {
        throw new Error("handler bug");
      });
      networks[3]?.serve("data", async (request, from) => Buffer.from(`${Buffer.from(request)} for ${from}`));
      for (let time = 0; time < 3; time++) {
        const answer = await networks[0]?.request("data", Buffer.from("slot 5"), 5000);
        expect(Buffer.from(answer as Uint8Array).toString()).to.equal(`slot 5 for ${networks[0]?.peerId}`);
      }
      expect(await networks[0]?.request("unknown", Buffer.from("slot 5"), 1000)).to.equal(undefined);
    });

    it("goesPastAPeerThatNeverAnswersWithinTheTimeGiven", async () => {
      const { networks } = await mesh(3);
      networks[1]?.serve("data", () => new Promise(() => undefined));
      networks[2]?.serve("data", async () => Buffer.from("here"));
      for (let time = 0; time < 2; time++) {
        const answer = await networks[0]?.request("data", Buffer.from("?"), 1000);
        expect(Buffer.from(answer as Uint8Array).toString()).to.equal("here");
      }
    });

    it("goesPastAnAnswerThatIsNotAccepted", async () => {
      const { networks } = await mesh(4);
      for (const [at, network] of networks.entries()) network.serve("data", async () => Buffer.from(`from ${at}`));
      for (let time = 0; time < 3; time++) {
        const accept = async (answer: Uint8Array): Promise<boolean> => Buffer.from(answer).toString() === "from 2";
        const answer = await networks[0]?.request("data", Buffer.from("?"), 2000, accept);
        expect(Buffer.from(answer as Uint8Array).toString()).to.equal("from 2");
      }
      expect(await networks[0]?.request("data", Buffer.from("?"), 2000, async () => false)).to.equal(undefined);
    });

    it("answersUndefinedWhenTheTimeIsOver", async () => {
      const { networks } = await mesh(2);
      networks[1]?.serve("data", () => new Promise(() => undefined));
      expect(await networks[0]?.request("data", Buffer.from("?"), 150)).to.equal(undefined);
    });

    it("carriesTheLargestAnswerAndNoLargerOne", async () => {
      const { networks } = await mesh(2);
      networks[1]?.serve("data", async (request) => new Uint8Array(Buffer.from(request).readUInt32BE()).fill(9));
      const size = (bytes: number): Buffer => {
        const request = Buffer.alloc(4);
        request.writeUInt32BE(bytes);
        return request;
      };
      const largest = await networks[0]?.request("data", size(MAX_RESPONSE_BYTES), 5000);
      expect(largest?.length).to.equal(MAX_RESPONSE_BYTES);
      expect(largest?.every((byte) => byte === 9)).to.equal(true);
      expect(await networks[0]?.request("data", size(MAX_RESPONSE_BYTES + 1), 5000)).to.equal(undefined);
      const error: unknown = await networks[0]
        ?.request("data", new Uint8Array(MAX_REQUEST_BYTES + 1), 100)
        .catch((thrown: unknown) => thrown);
      expect((error as NetworkError).code).to.equal("too-large");
    });

    it("limitsHowFastOnePeerMayAsk", async () => {
      const { networks } = await mesh(2);
      let asked = 0;
      networks[1]?.serve("data", async () => {
        asked++;
        return Buffer.from("here");
      });
      const answers: (Uint8Array | undefined)[] = [];
      for (let at = 0; at < 3 * REQUEST_BURST; at++)
        answers.push(await networks[0]?.request("data", Buffer.from("?"), 2000));
      const answered = answers.filter((answer) => answer !== undefined).length;
      expect(answered).to.equal(asked);
      expect(answered).to.be.at.least(REQUEST_BURST);
      expect(networks[1]?.counters.requestsRefused).to.equal(3 * REQUEST_BURST - answered);
      expect(answered).to.be.lessThan(3 * REQUEST_BURST);
    });

    it("forgetsAPeerThatStopsAndWorksOnWithTheRest", async () => {
      const { networks, received } = await mesh(3);
      await networks[2]?.stop();
      const [a, b] = networks as [WatchableNetwork, WatchableNetwork];
      await Promise.all([a, b].map((network) => untilPeers(network, () => network.peerCount() === 1)));
      await send(a, "still here");
      expect((await received[1]?.until(1))?.[0]?.text).to.equal("still here");
    });

    it("stopsWhileHandlersAndRequestsHangAndRefusesToPublishAfterwards", async () => {
      const { networks, received } = await mesh(2, () => new Promise(() => undefined));
      networks[1]?.serve("data", () => new Promise(() => undefined));
      await send(networks[0], "hang");
      await received[1]?.until(1);
      const pending = networks[0]?.request("data", Buffer.from("?"), 700);
      await Promise.all(networks.map((network) => network.stop()));
      await networks[0]?.stop();
      expect(await pending).to.equal(undefined);
      const error: unknown = await send(networks[0], "x").catch((thrown: unknown) => thrown);
      expect((error as NetworkError).code).to.equal("not-running");
    });
  });
}
