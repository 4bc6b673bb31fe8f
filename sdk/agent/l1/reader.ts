import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { L1View, Landed } from "../chain/state.ts";
import { billOf, type LandingReceipt } from "./bill.ts";
import { mayHoldLogsOf } from "./bloom.ts";
import {
  assertLogsComplete,
  type ContractState,
  type L1Rpc,
  readContractState,
  readSettledNumber,
} from "./contract-state.ts";
import { L1AnswerError, type L1Views } from "./endpoints/interface.ts";
import type { Inbox } from "./inbox.ts";
import type { L1Event } from "./interface.ts";
import type { Landings } from "./landings.ts";
import { decodeRollupLog, type Landing, netOf, type RawLog, type RollupLog } from "./logs.ts";
import { type RpcBlock, toRpcBlock, viewOf } from "./rpc-block.ts";

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
/** Blocks from the head down for which every L1 node has the state; of older ones some have forgotten it. */
const STATE_BLOCKS = 64;

/**
 * Reads the rollup's part of L1, block by block. The caller says how far it is; that makes a failed or interrupted
 * poll harmless. Feeds the inbox and the landings on the way, and checks each landed signature before anybody follows it.
 */
export class L1BlockReader {
  readonly #rpc: L1Rpc & L1Views;
  readonly #rollup: Hex;
  readonly #inbox: Inbox;
  readonly #landings: Landings;
  readonly #isSigned: ReaderParts["isSigned"];
  readonly #deploymentBlock: number;
  /** Ascending. */
  readonly #history: L1View[] = [];
  #inboxReady = false;
  #headSeconds = 0;

  constructor(rpc: L1Rpc & L1Views, rollup: Hex, deploymentBlock: number, { inbox, landings, isSigned }: ReaderParts) {
    this.#rpc = rpc;
    this.#rollup = rollup;
    this.#deploymentBlock = deploymentBlock;
    this.#inbox = inbox;
    this.#landings = landings;
    this.#isSigned = isSigned;
  }

  /** Time of L1's newest block at the last poll, Unix seconds; a node that catches up has not come to it yet. */
  get headSeconds(): number {
    return this.#headSeconds;
  }

  /**
   * What is new above `from`, in order, all of it from one L1 node; [] if nothing. Rejects with whatever that node
   * answers, and with L1AnswerError if its answers do not fit together.
   */
  async poll(from: L1View): Promise<L1Event[]> {
    const events = await this.#rpc.view(() => this.#poll(from));
    this.#inboxReady = true;
    return events;
  }

  async #poll(from: L1View): Promise<L1Event[]> {
    const latest = await this.#block("latest");
    if (latest === undefined) throw new L1AnswerError("the L1 node has no latest block");
    this.#headSeconds = latest.timestamp;
    const start = Math.max(from.blockNumber, this.#deploymentBlock - 1);
    if (!this.#inboxReady) await this.#readInbox(start, latest);
    if (this.#isBehind(latest, from)) return [];
    const rewind = await this.#rewindOf(from, latest);
    if (rewind !== undefined) return [rewind];
    // A poll that broke off may have left messages of blocks that are no longer there.
    this.#inbox.rewind(start, from.timestamp);
    this.#landings.rewind(start);
    const until = Math.min(latest.blockNumber, start + MAX_BLOCKS_PER_POLL);
    if (until <= start) return [];
    const numbers = Array.from({ length: until - start }, (_, i) => start + 1 + i);
    const blocks = await Promise.all(numbers.map((number) => this.#rpcBlock(`0x${number.toString(16)}`)));
    const read: { l1: L1View; logs: RollupLog[] }[] = [];
    let parent = from.blockNumber >= this.#deploymentBlock ? from.blockHash : undefined;
    for (const block of blocks) {
      // L1 may move between two answers: what does not link up is read again at the next poll.
      if (block === undefined || (parent !== undefined && block.parentHash !== parent)) break;
      read.push({ l1: viewOf(block), logs: decode(await this.#logsOf(block)) });
      parent = block.hash;
    }
    const last = read.at(-1);
    if (last === undefined) return [];
    const state = await this.#stateAt(last.l1, latest);
    for (const { l1, logs } of read) for (const log of logs) this.#feed(log, l1.blockNumber);
    this.#check(state, from);
    // What L1 has settled since it answers for itself: its signatures are history, and so are the sets that made them.
    const settled = until < latest.blockNumber ? await this.#settledAt(`0x${latest.blockNumber.toString(16)}`) : 0;
    const events: L1Event[] = [];
    for (const { l1, logs } of read) {
      const finalized = l1.blockHash === latest.blockHash ? await this.#settledAt("finalized") : undefined;
      events.push({ ...(await this.#event(l1, logs, settled ?? 0)), finalized });
    }
    return events;
  }

  /** The rollup's own words; undefined if the block is so old that a node may have forgotten them. */
  async #stateAt({ blockNumber, blockHash }: L1View, latest: L1View): Promise<ContractState | undefined> {
    try {
      return await readContractState(this.#rpc, this.#rollup, blockHash);
    } catch (error) {
      if (latest.blockNumber - blockNumber >= STATE_BLOCKS) return undefined;
      throw error;
    }
  }

  /** Keeps nothing of what was fed above `from` unless the node's logs and its state fit together. */
  #check(state: ContractState | undefined, from: L1View): void {
    try {
      if (state !== undefined) {
        assertLogsComplete(state, { tip: this.#landings.tip, messages: this.#inbox.count });
      }
    } catch (error) {
      this.#inbox.rewind(from.blockNumber, from.timestamp);
      this.#landings.rewind(from.blockNumber);
      throw error;
    }
  }

  /**
   * The node's newest block is one that was read long since: it lags behind the one asked before, or L1 is about to get
   * another block in the place of one it lost. Either way the next block tells.
   */
  #isBehind(latest: L1View, from: L1View): boolean {
    return (
      latest.blockNumber < from.blockNumber && this.#history.some(({ blockHash }) => blockHash === latest.blockHash)
    );
  }

  /** The rewind to answer with if `from` is no longer canonical. */
  async #rewindOf(from: L1View, latest: L1View): Promise<L1Event | undefined> {
    if (from.blockNumber < this.#deploymentBlock) return undefined;
    const same = latest.blockHash === from.blockHash ? latest : await this.#block(`0x${from.blockNumber.toString(16)}`);
    if (same?.blockHash === from.blockHash) {
      // After a start the block is known without its time, and much is judged by that.
      return from.timestamp === 0 ? { type: "rewind", ancestor: same, settled: undefined } : undefined;
    }
    let ancestor = await this.#newestOfHistoryBelow(from);
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

  async #newestOfHistoryBelow(from: L1View): Promise<L1View | undefined> {
    for (const candidate of [...this.#history].reverse()) {
      if (candidate.blockNumber >= from.blockNumber) continue;
      const now = await this.#block(`0x${candidate.blockNumber.toString(16)}`);
      if (now?.blockHash === candidate.blockHash) return candidate;
    }
    return undefined;
  }

  #settledAt(block: string): Promise<number | undefined> {
    return readSettledNumber(this.#rpc, this.#rollup, block);
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

  async #event(
    l1: L1View,
    decoded: RollupLog[],
    settledNumber: number,
  ): Promise<Omit<Extract<L1Event, { type: "block" }>, "finalized">> {
    this.#inbox.advance(l1.timestamp);
    // A poll that broke off, or a reorg, may have left others.
    while ((this.#history.at(-1)?.blockNumber ?? 0) >= l1.blockNumber) this.#history.pop();
    this.#history.push(l1);
    if (this.#history.length > HISTORY_BLOCKS) this.#history.shift();
    const settled = decoded.filter((log) => log.kind === "settled").map((log) => log.number);
    const { landings, cured, rolledBackTo } = netOf(decoded);
    return {
      type: "block",
      l1,
      landed: await Promise.all(landings.map((landing) => this.#landed(landing, l1, settledNumber))),
      cured,
      settled: settled.length > 0 ? Math.max(...settled) : undefined,
      rolledBackTo,
    };
  }

  async #landed({ landing, checkpoint }: Landing, l1: L1View, settledNumber: number): Promise<Landed> {
    const receipt = (await this.#rpc.send("eth_getTransactionReceipt", [
      landing.transactionHash,
    ])) as LandingReceipt | null;
    if (receipt?.blockHash !== l1.blockHash) {
      const where = receipt === null ? "nowhere" : `in block ${receipt.blockHash}`;
      throw new L1AnswerError(`${landing.transactionHash}: its log is in block ${l1.blockHash}, its receipt ${where}`);
    }
    const { slot, digest, ...rest } = landing;
    const isSettled = landing.number <= settledNumber;
    const isSigned = !isSettled && (await this.#isSigned(checkpoint));
    const { attestation } = checkpoint.submission;
    return {
      slot,
      digest,
      landing: { ...rest, l1BlockNumber: l1.blockNumber, l1BlockHash: l1.blockHash, gasUsed: BigInt(receipt.gasUsed) },
      bill: billOf(checkpoint, receipt),
      signed: isSettled || isSigned,
      certificate: isSigned ? { kind: "attestation", slot, digest, ...attestation } : undefined,
    };
  }

  #feed(log: RollupLog, l1BlockNumber: number): void {
    if (log.kind === "message") this.#inbox.append(log.entry);
    else if (log.kind === "refund") this.#inbox.refund(log.refund);
    else this.#landings.append(log, l1BlockNumber);
  }

  /** After a start, messages and landings up to the cursor are read again: they are not kept on disk. */
  async #readInbox(upTo: number, latest: L1View): Promise<void> {
    // An attempt before may have read another node, or have broken off.
    const before: L1View = { blockNumber: this.#deploymentBlock - 1, blockHash: "0x", timestamp: 0 };
    this.#inbox.rewind(before.blockNumber, before.timestamp);
    this.#landings.rewind(before.blockNumber);
    if (upTo < this.#deploymentBlock) return;
    const block = await this.#block(`0x${upTo.toString(16)}`);
    for (let first = this.#deploymentBlock; first <= upTo; first += INBOX_BLOCKS_PER_QUERY) {
      for (const log of await this.#logs(first, Math.min(upTo, first + INBOX_BLOCKS_PER_QUERY - 1))) {
        const decoded = decodeRollupLog(log);
        if (decoded !== undefined) this.#feed(decoded, Number(log.blockNumber));
      }
    }
    if (block === undefined) return;
    this.#check(await this.#stateAt(block, latest), before);
    this.#inbox.advance(block.timestamp);
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
    return toRpcBlock(tag, await this.#rpc.send("eth_getBlockByNumber", [tag, false]));
  }
}

const decode = (logs: RawLog[]): RollupLog[] =>
  logs.map(decodeRollupLog).filter((log): log is RollupLog => log !== undefined);
