import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import type { L1Rpc } from "../../../sdk/agent/l1/contract-state.ts";
import type { L1Views } from "../../../sdk/agent/l1/endpoints/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

export const ROLLUP: Hex = `0x${"ee".repeat(20)}`;
export const abi = new Interface(ROLLUP_ABI);
const quantity = (value: number): Hex => `0x${value.toString(16)}`;

/** An L1 node made of a list of blocks, which a test may cut and grow again. */
export class ScriptedL1 implements L1Rpc, L1Views {
  readonly blocks: { hash: Hex; parentHash: Hex; logs: object[] }[] = [];
  calls = 0;
  /** By block number, or "finalized": the number settled there; nothing where L1 does not tell. */
  readonly settled = new Map<string, number>();
  /** What an L1 node answers that knows blocks by number up to here only. */
  logsUpTo = Number.POSITIVE_INFINITY;
  /** Logs that it answers as if they were not there. */
  hidden = new Set<object>();
  /** False for an L1 node that has forgotten its old states. */
  hasState = true;

  grow(fork: string, count: number, logs: object[] = []): void {
    for (let i = 0; i < count; i++) {
      const number = this.blocks.length;
      const hash: Hex = `0x${Buffer.from(`${fork}/${number}`.padEnd(32)).toString("hex")}`;
      const at = {
        address: ROLLUP,
        blockNumber: quantity(number),
        blockHash: hash,
        logIndex: "0x0",
        transactionHash: hash,
      };
      this.blocks.push({
        hash,
        parentHash: this.blocks.at(-1)?.hash ?? "0x",
        logs: logs.map((log) => ({ ...at, ...log })),
      });
    }
  }

  cut(length: number): void {
    this.blocks.length = length;
  }

  async send(method: string, params: unknown[]): Promise<unknown> {
    this.calls++;
    if (method === "eth_getBlockByNumber") {
      const number = params[0] === "latest" ? this.blocks.length - 1 : Number(params[0]);
      const block = this.blocks[number];
      const logsBloom = `0x${(block?.logs.length ? "ff" : "00").repeat(256)}`;
      return block ? { ...block, number: quantity(number), timestamp: quantity(1_000 + number * 2), logsBloom } : null;
    }
    if (method === "eth_getLogs") {
      const { fromBlock, toBlock, blockHash } = params[0] as { fromBlock: Hex; toBlock: Hex; blockHash?: Hex };
      const shown = (logs: object[] = []): object[] => logs.filter((log) => !this.hidden.has(log));
      if (blockHash !== undefined) return shown(this.blocks.find(({ hash }) => hash === blockHash)?.logs);
      const until = Math.min(this.logsUpTo, Number(toBlock));
      return shown(this.blocks.slice(Number(fromBlock), until + 1).flatMap((block) => block.logs));
    }
    if (method === "eth_call") return this.#call(...(params as [{ data: Hex }, unknown]));
    throw new Error(`unexpected ${method}`);
  }

  view<T>(read: () => Promise<T>): Promise<T> {
    return read();
  }

  /** Nothing ever lands here for good: the rollup's state is how many messages came. */
  #call({ data }: { data: Hex }, at: unknown): string {
    if (data === abi.encodeFunctionData("settledTip")) return this.#settledAt(String(at));
    if (!this.hasState) throw new Error("missing trie node");
    const { blockHash } = at as { blockHash: Hex };
    const number = this.blocks.findIndex(({ hash }) => hash === blockHash);
    const logs = this.blocks.slice(0, number + 1).flatMap((block) => block.logs as { topics: Hex[] }[]);
    const messages = logs.filter(({ topics }) => MESSAGES.has(topics[0] as Hex)).length;
    return data === abi.encodeFunctionData("inboxTotal")
      ? abi.encodeFunctionResult("inboxTotal", [messages])
      : abi.encodeFunctionResult("tips", [0, 0, 0, 0]);
  }

  #settledAt(block: string): string {
    const number = this.settled.get(block);
    if (number === undefined) throw new Error("finalized block not found");
    return abi.encodeFunctionResult("settledTip", [number, number]);
  }
}

const MESSAGES = new Set(["Deposited", "Forced"].map((name) => abi.getEvent(name)?.topicHash));

export function deposit(index: number): object {
  return abi.encodeEventLog("Deposited", [
    index,
    `0x${"02".repeat(20)}`,
    `0x${"01".repeat(20)}`,
    5_000_000_000n,
    1_000,
    `0x${"0".repeat(63)}${index + 1}`,
  ]);
}
