import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { L1View, Landed } from "../chain/state.ts";
import { mayHoldLogsOf } from "./bloom.ts";
import type { Inbox } from "./inbox.ts";
import type { L1Event } from "./interface.ts";
import type { Landings } from "./landings.ts";
import { decodeRollupLog, type Landing, netOf, type RawLog, type RollupLog } from "./logs.ts";

/** Raw JSON-RPC to an L1 node. */
export interface L1Rpc {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** What the reader feeds on the way, and asks. */
export interface ReaderParts {
  inbox: Inbox;
  landings: Landings;
  /** Whether a landed checkpoint's signature is a quorum's. Rejects when L1 cannot tell whose it should be. */
  isSigned: (checkpoint: LandedCheckpoint) => Promise<boolean>;
}

/** L1 blocks taken in at one poll; a node that was away catches up in steps of this size. */
const MAX_BLOCKS_PER_POLL = 64;
/** Recent canonical blocks remembered to find where a reorg began: L1's longest plausible one before finality. */
const HISTORY_BLOCKS = 128;
/** Blocks asked about at once when the inbox is read again: what public L1 nodes allow. */
const INBOX_BLOCKS_PER_QUERY = 5_000;

const abi = new Interface(ROLLUP_ABI);

interface RpcBlock {
  number: Hex;
  hash: Hex;
  parentHash: Hex;
  timestamp: Hex;
  logsBloom: Hex;
}

/**
 * Reads the rollup's part of L1, block by block. The caller says how far it is; that makes a failed or interrupted
 * poll harmless. Feeds the inbox and the landings on the way, and checks each landed signature before anybody follows it.
 */
export class L1BlockReader {
  readonly #rpc: L1Rpc;
  readonly #rollup: Hex;
  readonly #inbox: Inbox;
  readonly #landings: Landings;
  readonly #isSigned: ReaderParts["isSigned"];
  readonly #deploymentBlock: number;
  readonly #history: L1View[] = [];
  #inboxReady = false;

  constructor(rpc: L1Rpc, rollup: Hex, deploymentBlock: number, { inbox, landings, isSigned }: ReaderParts) {
    this.#rpc = rpc;
    this.#rollup = rollup;
    this.#deploymentBlock = deploymentBlock;
    this.#inbox = inbox;
    this.#landings = landings;
    this.#isSigned = isSigned;
  }

  /** What is new above `from`, in order; [] if nothing. Rejects with whatever the L1 node answers. */
  async poll(from: L1View): Promise<L1Event[]> {
    const latest = await this.#block("latest");
    if (latest === undefined) throw new Error("the L1 node has no latest block");
    const start = Math.max(from.blockNumber, this.#deploymentBlock - 1);
    if (!this.#inboxReady) await this.#readInbox(start);
    const rewind = await this.#rewindOf(from);
    if (rewind !== undefined) return [rewind];
    // A poll that broke off may have left messages of blocks that are no longer there.
    this.#inbox.rewind(start, from.timestamp);
    this.#landings.rewind(start);
    const until = Math.min(latest.blockNumber, start + MAX_BLOCKS_PER_POLL);
    if (until <= start) return [];
    const numbers = Array.from({ length: until - start }, (_, i) => start + 1 + i);
    const blocks = await Promise.all(numbers.map((number) => this.#rpcBlock(`0x${number.toString(16)}`)));
    const events: L1Event[] = [];
    let parent = from.blockNumber >= this.#deploymentBlock ? from.blockHash : undefined;
    for (const block of blocks) {
      // L1 may move between two answers: what does not link up is read again at the next poll.
      if (block === undefined || (parent !== undefined && block.parentHash !== parent)) break;
      const finalized = block.hash === latest.blockHash ? await this.#settledAt("finalized") : undefined;
      events.push({ ...(await this.#event(viewOf(block), await this.#logsOf(block))), finalized });
      parent = block.hash;
    }
    return events;
  }

  /** The rewind to answer with if `from` is no longer canonical. */
  async #rewindOf(from: L1View): Promise<L1Event | undefined> {
    if (from.blockNumber < this.#deploymentBlock) return undefined;
    const same = await this.#block(`0x${from.blockNumber.toString(16)}`);
    if (same?.blockHash === from.blockHash) {
      // After a start the block is known without its time, and much is judged by that.
      return from.timestamp === 0 ? { type: "rewind", ancestor: same, settled: undefined } : undefined;
    }
    let ancestor: L1View | undefined;
    while (ancestor === undefined && this.#history.length > 0) {
      const candidate = this.#history.pop() as L1View;
      if (candidate.blockNumber >= from.blockNumber) continue;
      const now = await this.#block(`0x${candidate.blockNumber.toString(16)}`);
      if (now?.blockHash === candidate.blockHash) ancestor = candidate;
    }
    ancestor ??= await this.#block(
      `0x${Math.max(this.#deploymentBlock, from.blockNumber - HISTORY_BLOCKS).toString(16)}`,
    );
    if (ancestor === undefined)
      throw new Error(`the L1 node no longer has block ${from.blockNumber}: it is behind, or on another chain`);
    ancestor = await this.#beforeRestored(ancestor);
    this.#inbox.rewind(ancestor.blockNumber, ancestor.timestamp);
    this.#landings.rewind(ancestor.blockNumber);
    return { type: "rewind", ancestor, settled: await this.#settledAt(`0x${ancestor.blockNumber.toString(16)}`) };
  }

  /**
   * Number up to which was settled at an L1 block; undefined where L1 does not tell: a young chain has no final block,
   * and of old ones many nodes keep no state.
   */
  async #settledAt(block: string): Promise<number | undefined> {
    const call = { to: this.#rollup, data: abi.encodeFunctionData("settledTip") };
    try {
      const answer = await this.#rpc.send("eth_call", [call, block]);
      return Number(abi.decodeFunctionResult("settledTip", String(answer))[0]);
    } catch {
      return undefined;
    }
  }

  /** What a challenge had taken off L1 stands there again if the challenge is gone: it is read once more from its landing on. */
  async #beforeRestored(ancestor: L1View): Promise<L1View> {
    const from = Math.max(this.#deploymentBlock, this.#landings.readFrom(ancestor.blockNumber));
    if (from >= ancestor.blockNumber) return ancestor;
    while ((this.#history.at(-1)?.blockNumber ?? 0) > from) this.#history.pop();
    const before = await this.#block(`0x${from.toString(16)}`);
    if (before === undefined) throw new Error(`the L1 node no longer has block ${from}: it is behind`);
    return before;
  }

  async #event(l1: L1View, logs: RawLog[]): Promise<Omit<Extract<L1Event, { type: "block" }>, "finalized">> {
    const decoded = logs.map(decodeRollupLog).filter((log): log is RollupLog => log !== undefined);
    for (const log of decoded) this.#feed(log, l1.blockNumber);
    this.#inbox.advance(l1.timestamp);
    this.#history.push(l1);
    if (this.#history.length > HISTORY_BLOCKS) this.#history.shift();
    const settled = decoded.filter((log) => log.kind === "settled").map((log) => log.number);
    const { landings, cured, rolledBackTo } = netOf(decoded);
    return {
      type: "block",
      l1,
      landed: await Promise.all(landings.map((landing) => this.#landed(landing, l1))),
      cured,
      settled: settled.length > 0 ? Math.max(...settled) : undefined,
      rolledBackTo,
    };
  }

  async #landed({ landing, checkpoint }: Landing, l1: L1View): Promise<Landed> {
    const receipt = (await this.#rpc.send("eth_getTransactionReceipt", [landing.transactionHash])) as {
      gasUsed: Hex;
    } | null;
    if (receipt === null) throw new Error(`the L1 node has the log but not the receipt of ${landing.transactionHash}`);
    const { slot, digest, ...rest } = landing;
    return {
      slot,
      digest,
      landing: { ...rest, l1BlockNumber: l1.blockNumber, l1BlockHash: l1.blockHash, gasUsed: BigInt(receipt.gasUsed) },
      signed: await this.#isSigned(checkpoint),
    };
  }

  #feed(log: RollupLog, l1BlockNumber: number): void {
    if (log.kind === "message") this.#inbox.append(log.entry);
    else if (log.kind === "refund") this.#inbox.refund(log.refund);
    else this.#landings.append(log, l1BlockNumber);
  }

  /** After a start, messages and landings up to the cursor are read again: they are not kept on disk. */
  async #readInbox(upTo: number): Promise<void> {
    if (upTo >= this.#deploymentBlock) {
      for (let first = this.#deploymentBlock; first <= upTo; first += INBOX_BLOCKS_PER_QUERY) {
        for (const log of await this.#logs(first, Math.min(upTo, first + INBOX_BLOCKS_PER_QUERY - 1))) {
          const decoded = decodeRollupLog(log);
          if (decoded !== undefined) this.#feed(decoded, Number(log.blockNumber));
        }
      }
      const block = await this.#block(`0x${upTo.toString(16)}`);
      if (block !== undefined) this.#inbox.advance(block.timestamp);
    }
    this.#inboxReady = true;
  }

  /**
   * Asked by the block's hash: by number, an L1 node that lags behind, or is on another fork by now, answers that there
   * are none, and a landing would be lost for good.
   */
  async #logsOf({ hash, logsBloom }: RpcBlock): Promise<RawLog[]> {
    if (!mayHoldLogsOf(this.#rollup, logsBloom)) return [];
    return (await this.#rpc.send("eth_getLogs", [{ address: this.#rollup, blockHash: hash }])) as RawLog[];
  }

  async #logs(fromBlock: number, toBlock: number): Promise<RawLog[]> {
    const filter = {
      address: this.#rollup,
      fromBlock: `0x${fromBlock.toString(16)}`,
      toBlock: `0x${toBlock.toString(16)}`,
    };
    return (await this.#rpc.send("eth_getLogs", [filter])) as RawLog[];
  }

  async #block(tag: string): Promise<L1View | undefined> {
    const block = await this.#rpcBlock(tag);
    return block && viewOf(block);
  }

  async #rpcBlock(tag: string): Promise<RpcBlock | undefined> {
    return ((await this.#rpc.send("eth_getBlockByNumber", [tag, false])) as RpcBlock | null) ?? undefined;
  }
}

const viewOf = (block: RpcBlock): L1View => ({
  blockNumber: Number(block.number),
  blockHash: block.hash,
  timestamp: Number(block.timestamp),
});
