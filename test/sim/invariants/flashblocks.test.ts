import { expect } from "chai";
import type { Flashblock } from "../../../sdk/agent/builder/interface.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import type { SimulatedAgent } from "../agent.ts";
import type { EngineView } from "../engine.ts";
import { FlashblockRules } from "./flashblocks.ts";

const PARENT: Hex = `0x${"11".repeat(32)}`;
const MINE: Hex = `0x${"22".repeat(20)}`;

const payload = (transactions: Hex[], change: Partial<ExecutionPayload> = {}) =>
  ({ blockNumber: 7, parentHash: PARENT, feeRecipient: MINE, transactions, ...change }) as ExecutionPayload;

const part = (index: number, transactions: Hex[], from: number, payloadId: Hex = "0x01") =>
  ({
    type: "flashblock",
    flashblock: { payloadId, index, from, payload: payload(transactions), receipts: [], balancesWei: {} } as Flashblock,
  }) as const;

/** What the rules make of parts that are shown and of the block that becomes the head. */
function judged(shown: Parameters<FlashblockRules["onFlashblock"]>[1][], head?: ExecutionPayload): string {
  const rules = new FlashblockRules();
  const engine = {
    *chainOf() {
      yield head;
    },
  };
  const agent = { name: "agent-0", engine: engine as Partial<EngineView> as EngineView } as SimulatedAgent;
  try {
    for (const event of shown) rules.onFlashblock(agent, event);
    if (head !== undefined) rules.onEvent(agent, { type: "head", block: { hash: PARENT } } as PipelineEvent);
    return "kept";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the rules of flashblocks", () => {
  const two = [part(0, [], 0), part(1, ["0xaa"], 0)];

  it("are kept by parts that grow into the block, and by a block that nobody has seen a part of", () => {
    expect(judged([...two, part(2, ["0xaa", "0xbb"], 1)], payload(["0xaa", "0xbb", "0xcc"]))).to.equal("kept");
    expect(judged(two, payload(["0xbb"], { feeRecipient: `0x${"33".repeat(20)}` })), "of another").to.equal("kept");
    expect(judged([], payload(["0xbb"]))).to.equal("kept");
    const given = {
      type: "abandoned",
      block: { payloadId: "0x01", transactions: [], reason: "" },
      blockNumber: 7,
    } as const;
    expect(judged([...two, given, part(0, ["0xbb"], 0, "0x02")], payload(["0xbb"]))).to.equal("kept");
  });

  it("are broken by a block or a part that begins otherwise than what was shown", () => {
    expect(judged(two, payload(["0xbb", "0xaa"]))).to.contain("what was shown is how the block begins");
    expect(judged(two, payload([]))).to.contain("what was shown is how the block begins");
    expect(judged([...two, part(2, ["0xbb", "0xaa"], 1)])).to.contain("what was shown is how the block begins");
  });

  it("are broken by a gap, a repetition and a sequence that begins in its middle", () => {
    for (const wrong of [
      part(3, ["0xaa"], 1),
      part(1, ["0xaa"], 0),
      part(2, ["0xaa"], 0),
      part(1, ["0xaa"], 0, "0x02"),
    ]) {
      expect(judged([...two, wrong])).to.contain("parts of a block follow each other");
    }
  });
});
