import { expect } from "chai";
import { keccak256, Wallet } from "ethers";
import { L1Endpoints } from "../../../../sdk/agent/l1/endpoints/endpoints.ts";
import {
  L1AnswerError,
  L1EndpointsError,
  type L1Health,
  L1TransportError,
  type RpcAnswer,
} from "../../../../sdk/agent/l1/endpoints/interface.ts";
import { ManualClock } from "../../../../sdk/agent/time/manual-clock.ts";
import { withBlobs } from "../../../../sdk/submit/blob-envelope.ts";
import { broadcast } from "../../../../sdk/submit/broadcast.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import { recorder } from "../../pipeline/support.ts";
import { away, CHAIN_ID, limited, ScriptedNode } from "./scripted-node.ts";

const TIMEOUT_MS = 5_000;
const COMPARE_MS = 6_000;

function setUp(count: number) {
  const nodes = Array.from({ length: count }, (_, at) => new ScriptedNode(`node-${at}`));
  const clock = new ManualClock(1_000_000);
  const log = recorder();
  const options = { chainId: CHAIN_ID, timeoutMs: TIMEOUT_MS, compareEveryMs: COMPARE_MS };
  const l1 = new L1Endpoints(options, { transports: nodes, clock, log });
  const pass = (ms: number): Promise<void> => clock.advanceTo(clock.nowMs() + ms);
  /** Lets heads be compared, as whoever follows L1 does. */
  const compare = async (times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await pass(COMPARE_MS);
      await l1.view(() => Promise.resolve());
      await pass(0);
    }
  };
  return { l1, nodes: nodes as [ScriptedNode, ScriptedNode, ScriptedNode], clock, log, pass, compare };
}

const inUse = (l1: L1Endpoints): number => l1.health().endpoints.findIndex((endpoint) => endpoint.inUse);
const conditions = (health: L1Health): string[] => health.endpoints.map(({ condition }) => condition);
const standings = (health: L1Health): string[] => health.endpoints.map(({ standing }) => standing);
const refusal = (code: number, message: string): RpcAnswer => ({ error: { code, message } });
const failureOf = (asked: Promise<unknown>): Promise<Error> =>
  asked.then(
    () => expect.fail("expected a rejection"),
    (error: Error) => error,
  );

describe("L1 through several nodes", () => {
  it("is read from the first, and what is one view from nobody else", async () => {
    const { l1, nodes } = setUp(3);
    expect(await l1.view(() => l1.send("eth_test", []))).to.equal("node-0");
    expect(nodes[1].calls).to.not.include("eth_test");
    expect(l1.health()).to.deep.include({ switches: 0 });
  });

  it("is asked of the next when one does not answer, and goes on there", async () => {
    const { l1, nodes, log } = setUp(2);
    nodes[0].fault = () => away;
    expect(await l1.send("eth_test", [])).to.equal("node-1");
    expect(await l1.send("eth_test", [])).to.equal("node-1");
    expect(nodes[0].calls).to.deep.equal(["eth_chainId"]);
    expect(conditions(l1.health())).to.deep.equal(["failing", "sound"]);
    expect(log.lines).to.deep.equal([
      "an L1 node is failing: eth_chainId: connect ECONNREFUSED",
      "L1 is read from another node",
    ]);
  });

  it("is asked of the next when one stalls: every call has a deadline", async () => {
    const { l1, nodes, pass, clock } = setUp(2);
    nodes[0].fault = (method) => (method === "eth_test" ? "stall" : undefined);
    const asked = l1.send("eth_test", []);
    await pass(0);
    await pass(TIMEOUT_MS - 1);
    expect(nodes[1].calls).to.deep.equal([]);
    await pass(1);
    expect(await asked).to.equal("node-1");
    expect(nodes[0].aborted).to.equal(1);
    expect(l1.health().endpoints[0]?.reason).to.equal(`eth_test: no answer in ${TIMEOUT_MS} ms`);
    expect(clock.nextMs).to.equal(undefined);
  });

  const limits: [string, RpcAnswer | Error, number][] = [
    ["HTTP status 429", limited, 3_000],
    ["JSON-RPC error -32005", refusal(-32005, "limit exceeded"), 1_000],
  ];
  for (const [what, answer, restMs] of limits) {
    it(`leaves a node alone that limits its rate by ${what}`, async () => {
      const { l1, nodes, pass } = setUp(1);
      nodes[0].fault = (method) => (method === "eth_test" ? answer : undefined);
      expect(await failureOf(l1.send("eth_test", []))).to.be.instanceOf(L1EndpointsError);
      const { length } = nodes[0].calls;
      nodes[0].fault = () => undefined;
      const asked = l1.send("eth_test", []);
      await pass(restMs - 1);
      expect(nodes[0].calls).to.have.length(length);
      await pass(1);
      expect(await asked).to.equal("node-0");
    });
  }

  it("does not wait for a node that asks for a longer rest than a call may take", async () => {
    const { l1, nodes, pass } = setUp(1);
    nodes[0].fault = () => new L1TransportError("rate-limited", "too many requests (429)", 2 * TIMEOUT_MS);
    await failureOf(l1.send("eth_test", []));
    await pass(TIMEOUT_MS - 1);
    const { length } = nodes[0].calls;
    expect(String(await failureOf(l1.send("eth_test", [])))).to.match(/node-0 is limited: .*too many requests/);
    expect(nodes[0].calls).to.have.length(length);
  });

  it("is never asked of a node of another chain", async () => {
    const { l1, nodes, pass } = setUp(2);
    nodes[0].chainId = 1;
    expect(await l1.send("eth_test", [])).to.equal("node-1");
    expect(nodes[0].calls).to.deep.equal(["eth_chainId"]);
    nodes[1].fault = () => away;
    const failure = failureOf(l1.send("eth_test", []));
    await pass(0);
    await pass(1_000);
    const { code, message } = (await failure) as L1EndpointsError;
    expect(code).to.equal("unreachable");
    expect(message).to.contain("expected 31337 as configured, got 1").and.contain("ECONNREFUSED");
  });

  it("says that all nodes are of another chain, if they are", async () => {
    const { l1, nodes } = setUp(2);
    for (const node of nodes) node.chainId = 5;
    expect(((await failureOf(l1.send("eth_test", []))) as L1EndpointsError).code).to.equal("wrong-chain");
  });

  it("asks a node that was away for its chain again", async () => {
    const { l1, nodes, pass } = setUp(1);
    expect(await l1.send("eth_test", [])).to.equal("node-0");
    nodes[0].fault = () => away;
    await failureOf(l1.send("eth_test", []));
    nodes[0].fault = () => undefined;
    nodes[0].chainId = 5;
    await pass(1_000);
    expect(((await failureOf(l1.send("eth_test", []))) as L1EndpointsError).code).to.equal("wrong-chain");
  });

  it("hands on what a node answers, an error as ethers makes it, and asks nobody else", async () => {
    const { l1, nodes } = setUp(2);
    nodes[0].fault = (method) => (method === "eth_call" ? refusal(3, "execution reverted") : undefined);
    const error = await failureOf(l1.call({ to: `0x${"11".repeat(20)}` }));
    expect(error).to.deep.include({ code: "CALL_EXCEPTION" });
    expect(nodes[1].calls).to.deep.equal([]);
  });

  it("asks the next for what every node that is well can tell, and hands on the error if none can", async () => {
    const { l1, nodes } = setUp(2);
    nodes[0].fault = (method) => (method === "eth_blockNumber" ? refusal(-32000, "database is closed") : undefined);
    expect(await l1.getBlockNumber()).to.equal(9);
    expect(inUse(l1)).to.equal(1);
    nodes[1].fault = nodes[0].fault;
    expect(String(await failureOf(l1.getBlockNumber()))).to.contain("database is closed");
  });

  it("reads a view again that two nodes had a part in", async () => {
    const { l1, nodes } = setUp(2);
    const seen: unknown[][] = [];
    const view = await l1.view(async () => {
      const both = [await l1.send("eth_first", []), await l1.send("eth_second", [])];
      seen.push(both);
      if (seen.length === 1) nodes[0].fault = () => away;
      return seen.length === 1 ? [...both, await l1.send("eth_third", [])] : both;
    });
    expect(seen).to.have.length(2);
    expect(view).to.deep.equal(["node-1", "node-1"]);
  });

  it("gives up a view when the nodes take turns in failing", async () => {
    const { l1, nodes } = setUp(2);
    let turn = 0;
    const error = await failureOf(
      l1.view(async () => {
        const failing = turn++ % 2;
        nodes[failing as 0 | 1].fault = (method) => (method === "eth_test" ? away : undefined);
        nodes[(1 - failing) as 0 | 1].fault = () => undefined;
        await l1.send("eth_test", []);
      }),
    );
    expect((error as L1EndpointsError).code).to.equal("unsteady");
    expect(turn).to.equal(3);
  });

  it("reads a view from another node if one contradicts itself, and not when there is no other", async () => {
    const { l1, nodes } = setUp(2);
    const read = async (): Promise<unknown> => {
      const node = await l1.send("eth_test", []);
      if (node === "node-0") throw new L1AnswerError("its logs lack a landing");
      return node;
    };
    expect(await l1.view(read)).to.equal("node-1");
    expect(conditions(l1.health())).to.deep.equal(["inconsistent", "sound"]);
    const alone = setUp(1);
    const error = await failureOf(alone.l1.view(() => Promise.reject(new L1AnswerError("the same"))));
    expect(error).to.be.instanceOf(L1AnswerError);
    expect(nodes[0].calls).to.include("eth_test");
  });

  it("leaves a node that is behind, and comes back when it has long been level", async () => {
    const { l1, nodes, compare } = setUp(2);
    nodes[1].grow("a10", "a11");
    await compare();
    expect(standings(l1.health())).to.deep.equal(["behind", "level"]);
    expect(inUse(l1)).to.equal(1);
    nodes[0].grow("a10", "a11");
    await compare(7);
    expect(inUse(l1)).to.equal(1);
    await compare(2);
    expect(inUse(l1)).to.equal(0);
    expect(l1.health().switches).to.equal(2);
  });

  it("leaves a node on another fork than most, also one that claims to be ahead", async () => {
    const { l1, nodes, compare, log } = setUp(3);
    nodes[0].blocks = [...nodes[0].blocks.slice(0, 8), "b8", "b9", "b10", "b11", "b12"];
    await compare();
    expect(standings(l1.health())).to.deep.equal(["forked", "level", "level"]);
    expect(inUse(l1)).to.equal(1);
    expect(log.lines).to.deep.equal(["an L1 node is forked", "L1 is read from another node"]);
    expect(l1.health().endpoints.map(({ head }) => head?.hash)).to.deep.equal(["b12", "a9", "a9"]);
  });

  it("notices by the comparison that a node is back, without asking it for anything else", async () => {
    const { l1, nodes, compare } = setUp(2);
    nodes[0].fault = () => away;
    await l1.send("eth_test", []);
    nodes[0].fault = () => undefined;
    await compare();
    expect(conditions(l1.health())).to.deep.equal(["sound", "sound"]);
    expect(nodes[0].calls).to.not.include("eth_test");
  });

  describe("what is sent", () => {
    const send = (l1: L1Endpoints): Promise<unknown> => l1.send("eth_sendRawTransaction", ["0x02"]);
    const takes = (node: ScriptedNode, answer: ReturnType<ScriptedNode["fault"]>): void => {
      node.fault = (method) => (method === "eth_sendRawTransaction" ? answer : undefined);
    };

    it("goes to every node once, but not to one of another chain", async () => {
      const { l1, nodes } = setUp(3);
      nodes[2].chainId = 1;
      expect(await send(l1)).to.equal("0xhash");
      const sent = nodes.map(({ calls }) => calls.filter((call) => call === "eth_sendRawTransaction").length);
      expect(sent).to.deep.equal([1, 1, 0]);
    });

    it("is taken as soon as one node takes it, whatever the others do", async () => {
      const { l1, nodes } = setUp(3);
      takes(nodes[0], "stall");
      takes(nodes[1], refusal(-32000, "nonce too low"));
      expect(await send(l1)).to.equal("0xhash");
    });

    it("carries blobs that nobody takes apart, and asks nothing else", async () => {
      const { l1, nodes } = setUp(1);
      const fields = { type: 3, chainId: CHAIN_ID, nonce: 7, to: `0x${"ab".repeat(20)}`, gasLimit: 21_000 };
      const blobVersionedHashes = [`0x01${"00".repeat(31)}`];
      const signed = (await new Wallet(`0x${"11".repeat(32)}`).signTransaction({
        ...fields,
        blobVersionedHashes,
        maxFeePerBlobGas: 1n,
      })) as Hex;
      // What stands for a blob is none: whoever looked at it would say so.
      const raw = withBlobs(signed, [{ data: new Uint8Array(3), commitment: "0x01", proof: "0x02" }], 0);
      expect(await l1.broadcastTransaction(raw)).to.include({ hash: keccak256(signed), nonce: 7, type: 3 });
      expect(nodes[0].calls).to.deep.equal(["eth_chainId", "eth_sendRawTransaction"]);
      takes(nodes[0], refusal(-32000, "no room"));
      const refused = { result: "refused", reason: "no room" };
      expect(await broadcast(l1, { raw, hash: "0x" })).to.deep.equal(refused);
    });

    const outcomes: [string, ReturnType<ScriptedNode["fault"]>[], RegExp][] = [
      ["refused, if all refuse it", [refusal(-32000, "first"), refusal(-32000, "second")], /first/],
      ["unanswered, if one might have taken it", [refusal(-32000, "first"), away], /L1EndpointsError/],
      ["held, if one holds it and the other is silent", [away, refusal(-32000, "already known")], /already known/],
      ["unanswered, if the only one that answers is asked too often", [limited, away], /L1EndpointsError/],
    ];
    for (const [what, answers, expected] of outcomes) {
      it(`counts as ${what}`, async () => {
        const { l1, nodes } = setUp(2);
        for (const [at, answer] of answers.entries()) takes(nodes[at as 0 | 1], answer);
        expect(String(await failureOf(send(l1)))).to.match(expected);
      });
    }
  });

  it("ends what is under way when it is closed, and is asked nothing more", async () => {
    const { l1, nodes, clock, pass } = setUp(2);
    nodes[0].fault = () => "stall";
    const asked = failureOf(l1.send("eth_test", []));
    await pass(0);
    l1.destroy();
    expect(String(await asked)).to.contain("closed");
    expect(nodes[1].calls).to.deep.equal([]);
    expect(clock.nextMs).to.equal(undefined);
  });
});
