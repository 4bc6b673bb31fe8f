import type { BlockProposal, CheckpointProposal } from "../types/messages.ts";

/** Valid blocks kept until their parent is here; more than two checkpoints' worth on mainnet. The oldest goes first. */
export const MAX_WAITING_BLOCKS = 64;
/** Valid checkpoint proposals kept until their blocks are here, one per slot. The lowest slot goes first. */
export const MAX_WAITING_PROPOSALS = 8;
/** Both together. */
export const MAX_WAITING = MAX_WAITING_BLOCKS + MAX_WAITING_PROPOSALS;

/** What came before the things it needs: judged again whenever the chain changes. */
export class WaitingRoom {
  readonly #blocks = new Map<string, BlockProposal>();
  readonly #proposals = new Map<number, CheckpointProposal>();
  #dropped = 0;

  /** Blocks and proposals that wait. */
  get size(): number {
    return this.#blocks.size + this.#proposals.size;
  }

  /** Those given up for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  keepBlock(block: BlockProposal): void {
    this.#blocks.set(block.blockHash, block);
    if (this.#blocks.size <= MAX_WAITING_BLOCKS) return;
    this.#dropped++;
    this.#blocks.delete(this.#blocks.keys().next().value as string);
  }

  /** The first proposal of a slot stays: a proposer signs one. */
  keepProposal(proposal: CheckpointProposal): void {
    if (this.#proposals.has(proposal.header.slot)) return;
    this.#proposals.set(proposal.header.slot, proposal);
    if (this.#proposals.size <= MAX_WAITING_PROPOSALS) return;
    this.#dropped++;
    this.#proposals.delete(Math.min(...this.#proposals.keys()));
  }

  dropBlock(block: BlockProposal): void {
    this.#blocks.delete(block.blockHash);
  }

  dropProposal(slot: number): void {
    this.#proposals.delete(slot);
  }

  /** Forgets all of a slot: what a quorum attested takes its place. */
  dropSlot(slot: number): void {
    for (const block of this.#blocks.values()) if (block.slot === slot) this.dropBlock(block);
    this.dropProposal(slot);
  }

  /** Forgets what no longer matters: slots that are on L1. */
  prune(submittedSlot: number): void {
    for (const block of this.#blocks.values()) if (block.slot <= submittedSlot) this.dropBlock(block);
    for (const slot of this.#proposals.keys()) if (slot <= submittedSlot) this.dropProposal(slot);
  }

  /** Oldest slot first, then by index. */
  get blocks(): BlockProposal[] {
    return [...this.#blocks.values()].sort((a, b) => a.slot - b.slot || a.attempt - b.attempt || a.index - b.index);
  }

  /** Oldest slot first. */
  get proposals(): CheckpointProposal[] {
    return [...this.#proposals.values()].sort((a, b) => a.header.slot - b.header.slot);
  }

  hasBlockOf(slot: number): boolean {
    return [...this.#blocks.values()].some((block) => block.slot === slot);
  }

  hasProposal(slot: number): boolean {
    return this.#proposals.has(slot);
  }
}
