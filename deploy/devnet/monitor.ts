import type { JsonRpcProvider, TransactionReceipt } from "ethers";
import { getConfig, type RollupConfig, slotStart } from "../../sdk/get/config.ts";
import { getEvents } from "../../sdk/get/events.ts";
import type { LandedCheckpoint } from "../../sdk/get/landed.ts";
import { getProposer, getValidatorSet } from "../../sdk/get/validators.ts";
import type { RollupRef } from "../../sdk/get/view.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { AGENT_NAMES } from "./agents.ts";
import { nameOfAccount } from "./names.ts";
import type { SlotReport } from "./report.ts";
import { rpcAny } from "./rpc.ts";

interface Landing {
  checkpoint: LandedCheckpoint;
  transactionHash: Hex;
  l1Block: number;
}

/**
 * Turns what L1 and the agents say into one row per slot, in the order of the slots. A slot's row is complete when its
 * checkpoint has landed and can have no company in its transaction any more, or when L1 will not take it any more.
 */
export class Monitor {
  readonly #ref: RollupRef;
  readonly #l1: JsonRpcProvider;
  readonly #agents: string[];
  readonly #deploymentBlock: number;
  #config: RollupConfig | undefined;
  #nextL1Block: number;
  /** Of the L1 block read last. */
  #readHash: string | undefined;
  #nextSlot = 1;
  readonly #landings = new Map<number, Landing>();
  /** Last L2 block of the last landed checkpoint. */
  #lastBlock = 0;

  constructor(l1: JsonRpcProvider, rollup: Hex, deploymentBlock: number, agentUrls: string[]) {
    this.#l1 = l1;
    this.#ref = { provider: l1, rollup };
    this.#deploymentBlock = deploymentBlock;
    this.#nextL1Block = deploymentBlock;
    this.#agents = agentUrls;
  }

  /** Reads L1 up to its head; the rows that have become complete. */
  async poll(): Promise<SlotReport[]> {
    this.#config ??= await getConfig(this.#ref);
    const head = await this.#l1.getBlock("latest");
    if (head === null) return [];
    await this.#noteReorg();
    if (head.number < this.#nextL1Block) return [];
    for (const event of await getEvents(this.#ref, this.#nextL1Block, head.number)) {
      if (event.type === "removed") this.#landings.delete(event.slot);
      if (event.type !== "submitted") continue;
      const { blockNumber, transactionHash } = event.at;
      this.#landings.set(event.checkpoint.slot, {
        checkpoint: event.checkpoint,
        transactionHash,
        l1Block: blockNumber,
      });
    }
    this.#nextL1Block = head.number + 1;
    this.#readHash = head.hash ?? undefined;
    return this.#completeRows(this.#config, head.timestamp);
  }

  /** Who proposes for a slot. */
  async proposerOf(slot: number): Promise<string> {
    const index = await getProposer(this.#ref, slot);
    return AGENT_NAMES[index] ?? `validator ${index}`;
  }

  /** The tips of the first agent that answers: block number of the head, then slots. */
  async tips(): Promise<string> {
    const tips = await rpcAny<Record<string, { slot: string; blockNumber: string }>>(this.#agents, 0, "baton_tips", []);
    const slotOf = (name: string): string => (tips[name] === undefined ? "?" : String(Number(tips[name].slot)));
    const head = tips.head === undefined ? "?" : Number(tips.head.blockNumber);
    return [`block ${head}`, ...["proposed", "attested", "submitted", "settled"].map(slotOf)].join("/");
  }

  /** L1 is read anew if it is not what it was; rows that were given out stay as they are. */
  async #noteReorg(): Promise<void> {
    if (this.#readHash === undefined) return;
    const read = await this.#l1.getBlock(this.#nextL1Block - 1);
    if (read?.hash === this.#readHash) return;
    this.#nextL1Block = this.#deploymentBlock;
    this.#readHash = undefined;
    this.#landings.clear();
  }

  async #completeRows(config: RollupConfig, l1Time: number): Promise<SlotReport[]> {
    const rows: SlotReport[] = [];
    for (; ; this.#nextSlot++) {
      const landing = this.#landings.get(this.#nextSlot);
      if (landing === undefined && !this.#isLost(config, this.#nextSlot, l1Time)) return rows;
      rows.push(await this.#row(config, this.#nextSlot, landing));
      this.#landings.delete(this.#nextSlot - 1);
    }
  }

  /** L1 takes a checkpoint until the handoff window of the next slot is over, and never below one that has landed. */
  #isLost(config: RollupConfig, slot: number, l1Time: number): boolean {
    const closes = slotStart(config, slot + 1) + config.handoffWindowSeconds;
    return l1Time >= closes - config.l1SlotSeconds || [...this.#landings.keys()].some((landed) => landed > slot);
  }

  async #row(config: RollupConfig, slot: number, landing: Landing | undefined): Promise<SlotReport> {
    const proposer = await this.proposerOf(slot);
    const { count } = await getValidatorSet(this.#ref, Math.floor(slot / config.epochSlots));
    if (landing === undefined) return lostRow(slot, proposer, count);
    const { checkpoint, transactionHash, l1Block } = landing;
    const receipt = (await this.#l1.getTransactionReceipt(transactionHash)) as TransactionReceipt;
    const firstBlock = this.#lastBlock + 1;
    this.#lastBlock = checkpoint.submission.header.lastBlockNumber;
    return {
      slot,
      proposer,
      submitter: nameOfAccount(checkpoint.submitter),
      onTime: !checkpoint.late,
      batch: this.#hasCompany(slot, transactionHash),
      blocks: this.#lastBlock - firstBlock + 1,
      txs: await this.#countTransactions(firstBlock, this.#lastBlock),
      signers: bitCount(checkpoint.submission.attestation.signers),
      validators: count,
      gasUsed: Number(receipt.gasUsed),
      l1Block,
      status: "submitted",
    };
  }

  #hasCompany(slot: number, transactionHash: Hex): boolean {
    return [...this.#landings.entries()].some(
      ([other, landing]) => other !== slot && landing.transactionHash === transactionHash,
    );
  }

  async #countTransactions(first: number, last: number): Promise<number> {
    let total = 0;
    for (let number = first; number <= last; number++) {
      const params = [`0x${number.toString(16)}`, false];
      const block = await rpcAny<{ transactions: Hex[] } | null>(this.#agents, 0, "eth_getBlockByNumber", params);
      total += block?.transactions.length ?? 0;
    }
    return total;
  }
}

function lostRow(slot: number, proposer: string, validators: number): SlotReport {
  return {
    slot,
    proposer,
    submitter: null,
    onTime: null,
    batch: false,
    blocks: 0,
    txs: 0,
    signers: 0,
    validators,
    gasUsed: null,
    l1Block: null,
    status: "lost",
  };
}

function bitCount(bits: bigint): number {
  let count = 0;
  for (let rest = bits; rest > 0n; rest >>= 1n) count += Number(rest & 1n);
  return count;
}
