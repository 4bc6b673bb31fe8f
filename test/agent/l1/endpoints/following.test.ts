import { expect } from "chai";
import type { L1View } from "../../../../sdk/agent/chain/state.ts";
import { L1Endpoints } from "../../../../sdk/agent/l1/endpoints/endpoints.ts";
import type { L1Transport } from "../../../../sdk/agent/l1/endpoints/interface.ts";
import { Inbox } from "../../../../sdk/agent/l1/inbox.ts";
import { Landings } from "../../../../sdk/agent/l1/landings.ts";
import { L1BlockReader } from "../../../../sdk/agent/l1/reader.ts";
import { ManualClock } from "../../../../sdk/agent/time/manual-clock.ts";
import { Timetable } from "../../../../sdk/agent/time/timetable.ts";
import { DEVNET_PARAMETERS } from "../../../../sdk/types/parameters.ts";
import { recorder } from "../../pipeline/support.ts";
import { deposit, ROLLUP, ScriptedL1 } from "../scripted-l1.ts";

const AWAY = "away";

/** Two nodes that have the same chain up to block 7, a reader, and a switch for each node. */
function setUp() {
  const nodes = [new ScriptedL1(), new ScriptedL1()] as const;
  for (const node of nodes) node.grow("a", 8);
  const isUp = [true, true];
  const transports = nodes.map(
    (node, at): L1Transport => ({
      name: `node-${at}`,
      async send(method, params) {
        if (!isUp[at]) throw new Error(AWAY);
        if (method === "eth_chainId") return { result: "0x1" };
        return node.send(method, params).then(
          (result) => ({ result }),
          ({ message }: Error) => {
            if (message === AWAY) throw new Error(AWAY);
            return { error: { code: -32000, message } };
          },
        );
      },
    }),
  );
  const clock = new ManualClock(1_000_000);
  const options = { chainId: 1, timeoutMs: 1_000, compareEveryMs: 6_000 };
  const l1 = new L1Endpoints(options, { transports, clock, log: recorder() });
  const inbox = new Inbox(new Timetable(DEVNET_PARAMETERS, 900));
  const parts = { inbox, landings: new Landings(), isSigned: () => Promise.resolve(true) };
  const reader = new L1BlockReader(l1, ROLLUP, 1, parts);
  let at: L1View = { blockNumber: 0, blockHash: "0x", timestamp: 0 };
  /** Follows L1 to its head, and answers what was seen on the way. */
  const follow = async (): Promise<string[]> => {
    const seen: string[] = [];
    for (let events = await reader.poll(at); events.length > 0; events = await reader.poll(at)) {
      for (const event of events) {
        at = event.type === "rewind" ? event.ancestor : event.l1;
        const fork = Buffer.from(at.blockHash.slice(2), "hex").toString().trim();
        seen.push(`${event.type} ${fork}`);
      }
    }
    return seen;
  };
  return { nodes, isUp, clock, follow, inbox, transports };
}

describe("following L1 from one node to another", () => {
  it("is a reorg if the other is on another fork", async () => {
    const { nodes, isUp, follow, inbox } = setUp();
    nodes[0].grow("a", 1, [deposit(0)]);
    nodes[1].grow("b", 2);
    expect((await follow()).at(-1)).to.equal("block a/8");
    expect(inbox.count).to.equal(1);
    isUp[0] = false;
    expect(await follow()).to.deep.equal(["rewind a/7", "block b/8", "block b/9"]);
    expect(inbox.count).to.equal(0);
  });

  it("is nothing at all if the other has the same chain, or is a little behind on it", async () => {
    const { nodes, isUp, follow } = setUp();
    nodes[0].grow("a", 2);
    nodes[1].grow("a", 1);
    expect((await follow()).at(-1)).to.equal("block a/9");
    isUp[0] = false;
    expect(await follow()).to.deep.equal([]);
    nodes[1].grow("a", 2);
    expect(await follow()).to.deep.equal(["block a/10"]);
  });

  it("never puts blocks of two forks together, wherever in between the first one goes away", async () => {
    for (let calls = 0; calls < 40; calls++) {
      const { nodes, isUp, follow, inbox } = setUp();
      nodes[0].grow("a", 1, [deposit(0)]);
      nodes[0].grow("a", 2);
      nodes[1].grow("b", 1);
      nodes[1].grow("b", 1, [deposit(0)]);
      const { send } = nodes[0];
      let left = calls;
      nodes[0].send = (method, params) => {
        if (left-- <= 0) isUp[0] = false;
        return isUp[0] ? send.call(nodes[0], method, params) : Promise.reject(new Error(AWAY));
      };
      const seen = await follow();
      isUp[0] = false;
      seen.push(...(await follow()));
      // What counts in the end is one chain, each block on its parent.
      const chain: string[] = [];
      for (const event of seen) {
        const [type, block] = event.split(" ") as [string, string];
        const number = (name: string): number => Number(name.split("/")[1]);
        if (type === "rewind") while (number(chain.at(-1) ?? "a/0") > number(block)) chain.pop();
        else chain.push(block);
        expect(chain.at(-1), `${calls}: ${seen.join(", ")}`).to.equal(block);
      }
      expect(chain.slice(-3), `${calls}: ${seen.join(", ")}`).to.deep.equal(["a/7", "b/8", "b/9"]);
      expect(inbox.count).to.equal(1);
    }
  });
});
