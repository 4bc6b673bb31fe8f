import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";
import type { L1View } from "../../../../sdk/agent/chain/state.ts";
import { L1Endpoints } from "../../../../sdk/agent/l1/endpoints/endpoints.ts";
import { httpTransport, namesOf } from "../../../../sdk/agent/l1/endpoints/http.ts";
import { Inbox } from "../../../../sdk/agent/l1/inbox.ts";
import type { L1Event } from "../../../../sdk/agent/l1/interface.ts";
import { Landings } from "../../../../sdk/agent/l1/landings.ts";
import { L1BlockReader } from "../../../../sdk/agent/l1/reader.ts";
import { SystemClock } from "../../../../sdk/agent/time/clock.ts";
import { slotStart } from "../../../../sdk/get/config.ts";
import { FaultyL1 } from "../../../actors/faulty-l1.ts";
import { ForgingSubmitter } from "../../../actors/forging-submitter.ts";
import { anvilL1, hardhatServerL1, type TestL1 } from "../../../sdk/submit/l1.ts";
import { GENESIS, type TestCheckpoint } from "../../../sdk/world/checkpoints.ts";
import { createWorld, type World } from "../../../sdk/world/world.ts";
import { timetableOf } from "../../pipeline/l1-agent.ts";
import { type Recorder, recorder } from "../../pipeline/support.ts";

/** Short, so that a stalled call costs the test little; a loaded machine answers in less. */
const TIMEOUT_MS = 1_000;
const SLOT = 6;

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatServerL1],
  ["anvil", () => anvilL1("prague")],
];

for (const [name, start] of nodes) {
  describe(`reading ${name} through several endpoints, of which the first is faulty`, () => {
    let world: World;
    let landed: TestCheckpoint;
    let faulty: FaultyL1;
    let good: FaultyL1;
    let l1: L1Endpoints;
    let reader: L1BlockReader;
    let inbox: Inbox;
    let log: Recorder;

    before(async () => {
      const node = await start();
      world = await createWorld(node);
      // Nobody follows it here: what counts is that it is seen.
      const forger = new ForgingSubmitter(world);
      landed = await forger.landForgery(SLOT, GENESIS, slotStart(world.config, SLOT) + 2);
    });
    after(() => world.l1.close());

    beforeEach(async () => {
      const { url } = (world.l1.provider as JsonRpcProvider)._getConnection();
      [faulty, good] = [await FaultyL1.before(url), await FaultyL1.before(url)];
      log = recorder();
      const urls = [faulty.url, good.url];
      const names = namesOf(urls);
      l1 = new L1Endpoints(
        { chainId: Number(world.chainId), timeoutMs: TIMEOUT_MS, compareEveryMs: 1 },
        {
          transports: urls.map((each, at) => httpTransport(each, names[at] as string)),
          clock: new SystemClock(),
          log,
        },
      );
      inbox = new Inbox(timetableOf(world));
      const parts = { inbox, landings: new Landings(), isSigned: () => Promise.resolve(false) };
      reader = new L1BlockReader(l1, world.rollup, 1, parts);
    });
    afterEach(() => {
      l1.destroy();
      faulty.close();
      good.close();
    });

    /** Reads all of L1, and answers the digests that landed. */
    async function readAll(): Promise<string[]> {
      const seen: string[] = [];
      let at: L1View = { blockNumber: 0, blockHash: "0x", timestamp: 0 };
      for (let events: L1Event[] = await reader.poll(at); events.length > 0; events = await reader.poll(at)) {
        for (const event of events) {
          at = event.type === "rewind" ? event.ancestor : event.l1;
          if (event.type === "block") seen.push(...event.landed.map(({ digest }) => digest));
        }
      }
      return seen;
    }

    const only =
      (method: string, fault: ReturnType<FaultyL1["fault"]>): FaultyL1["fault"] =>
      (asked) =>
        asked === method ? fault : undefined;
    const faults: [string, FaultyL1["fault"], string][] = [
      ["stalls", () => "stall", "failing"],
      ["stalls when it is asked for logs", only("eth_getLogs", "stall"), "failing"],
      ["hangs up", () => "cut", "failing"],
      ["limits its rate", () => "limit", "limited"],
      ["leaves out logs", only("eth_getLogs", { result: () => [] }), "inconsistent"],
      ["has lost its receipts", only("eth_getTransactionReceipt", { result: () => null }), "inconsistent"],
      ["is of another chain", only("eth_chainId", { result: () => "0x1" }), "wrong-chain"],
    ];
    for (const [what, fault, condition] of faults) {
      it(`misses nothing when it ${what}`, async () => {
        faulty.fault = fault;
        expect(await readAll()).to.deep.equal([landed.submission.digest]);
        expect(inbox.count).to.equal(world.depositTimes.length);
        const { endpoints, switches } = l1.health();
        expect(endpoints.map((endpoint) => endpoint.inUse)).to.deep.equal([false, true]);
        expect(log.lines.filter((line) => line.startsWith(`an L1 node is ${condition}: `))).to.not.be.empty;
        expect(switches).to.equal(1);
        expect(endpoints[0]?.failures).to.be.greaterThan(0);
      });
    }

    it("reads from the other when it stands still, and what is sent still goes to both", async () => {
      const { provider } = world.l1;
      const stood = await provider.send("eth_getBlockByNumber", ["0x4", false]);
      faulty.fault = (method, params) =>
        method === "eth_getBlockByNumber" && params[0] === "latest" ? { result: () => stood } : undefined;
      await readAll();
      for (let turn = 0; turn < 50 && !l1.health().endpoints[1]?.inUse; turn++) {
        await l1.view(() => l1.send("eth_chainId", []));
      }
      expect(l1.health().endpoints.map(({ standing }) => standing)).to.deep.equal(["behind", "level"]);
      expect(await readAll()).to.deep.equal([landed.submission.digest]);
      const refused = await l1.send("eth_sendRawTransaction", ["0x02c0"]).catch((error: Error) => error);
      expect(refused).to.be.instanceOf(Error);
      for (const { calls } of [faulty, good]) expect(calls).to.include("eth_sendRawTransaction");
    });
  });
}
