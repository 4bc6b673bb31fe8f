import type { FeedEvent } from "../../../sdk/agent/builder/feed.ts";
import type { Flashblock } from "../../../sdk/agent/builder/interface.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import type { SimulatedAgent } from "../agent.ts";
import { Violation } from "../violation.ts";
import type { Witness } from "../witness.ts";

const PREFIX = "what was shown is how the block begins";
const SEQUENCE = "parts of a block follow each other";

/** What an agent shows of its block is a growing prefix of the block that it then puts into its chain. */
export class FlashblockRules implements Witness {
  /** The newest part that each agent has shown of a block that is neither whole nor given up. */
  readonly #shown = new Map<SimulatedAgent, Flashblock>();

  onFlashblock(agent: SimulatedAgent, event: FeedEvent): void {
    const before = this.#shown.get(agent);
    if (event.type === "abandoned") {
      this.#shown.delete(agent);
      return;
    }
    const { flashblock } = event;
    const { index, payload, from } = flashblock;
    this.#shown.set(agent, flashblock);
    const what = `${agent.name}, block ${payload.blockNumber}, part ${index}`;
    if (before?.payloadId !== flashblock.payloadId) {
      if (index !== 0 || from !== 0) throw new Violation(SEQUENCE, `${what} is the first`);
      return;
    }
    const isNext = index === before.index + 1 && from === before.payload.transactions.length;
    if (!isNext) throw new Violation(SEQUENCE, `${what} comes after part ${before.index}`);
    assertBegins(what, before, payload.transactions);
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    const shown = this.#shown.get(agent);
    if (event.type !== "head" || shown === undefined) return;
    const [block] = agent.engine.chainOf(event.block.hash);
    const { parentHash, feeRecipient } = shown.payload;
    if (block === undefined || block.parentHash !== parentHash || block.feeRecipient !== feeRecipient) return;
    this.#shown.delete(agent);
    assertBegins(`${agent.name}, block ${block.blockNumber}`, shown, block.transactions);
  }
}

function assertBegins(what: string, { payload }: Flashblock, transactions: readonly string[]): void {
  const at = payload.transactions.findIndex((raw, i) => raw !== transactions[i]);
  if (at >= 0) throw new Violation(PREFIX, `${what} differs from what was shown at transaction ${at}`);
}
