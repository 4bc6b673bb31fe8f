import type { Hex } from "../../../sdk/types/hex.ts";

/** Calls that change nothing. */
const READS = /^eth_(get|call|blockNumber|chainId|estimateGas|maxPriorityFeePerGas|blobBaseFee)/;
/** Which parameter of a method is the block that it is asked about. */
const BLOCK_AT: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
};
const NUMBER: RegExp = /^0x[0-9a-f]+$/;

/** Until what an answer stays the same: a reorg, the next block, or the next transaction that is sent. */
type Lasting = "reorg" | "block" | "send";

/** What L1 has answered, for as long as it would answer the same: four agents and the rules ask it the same things. */
export class Answers {
  readonly #ask: (method: string, params: unknown[]) => Promise<unknown>;
  readonly #held: Readonly<Record<Lasting, Map<string, Promise<unknown>>>> = {
    reorg: new Map(),
    block: new Map(),
    send: new Map(),
  };

  constructor(ask: (method: string, params: unknown[]) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Whether a call is one that is answered here. */
  isRead(method: string): boolean {
    return READS.test(method);
  }

  /** Rejects with what L1 answers. */
  read(method: string, params: unknown[]): Promise<unknown> {
    const held = this.#held[lastingOf(method, params)];
    const key = `${method}${JSON.stringify(params)}`;
    const known = held.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(method, params);
    held.set(key, answer);
    // A block that is not there yet may come.
    const forget = (): unknown => held === this.#held.reorg && held.delete(key);
    answer.then((found) => found === null && forget(), forget);
    return answer;
  }

  /** Something was sent. */
  sent(): void {
    this.#held.send.clear();
  }

  /** There is another block. */
  mined(): void {
    this.sent();
    this.#held.block.clear();
  }

  /** There are others in the place of blocks that were there. */
  reorganized(): void {
    this.mined();
    this.#held.reorg.clear();
  }
}

function lastingOf(method: string, params: unknown[]): Lasting {
  if (method === "eth_getTransactionByHash" || params.includes("pending")) return "send";
  const block = params[BLOCK_AT[method] ?? -1];
  const asked = method === "eth_getLogs" ? params[0] : block;
  return (typeof block === "string" && NUMBER.test(block)) || hashOf(asked) !== undefined ? "reorg" : "block";
}

const hashOf = (asked: unknown): Hex | undefined =>
  typeof asked === "object" && asked !== null ? (asked as { blockHash?: Hex }).blockHash : undefined;
