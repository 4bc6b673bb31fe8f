import { Interface } from "ethers";
import { L2_OUTBOX_ABI, L2_OUTBOX_ROOT_SLOT, L2_OUTBOX_WORD } from "../../abi/generated/l2Outbox.ts";
import { unpackWord } from "../../abi/words.ts";
import type { OutboxWithdrawal } from "../../outbox/leaf.ts";
import { L2_OUTBOX_ADDRESS } from "../../outbox/predeploy.ts";
import { OutboxTree } from "../../outbox/tree.ts";
import type { Hex } from "../../types/hex.ts";
import type { BlockRef, ChainReader, TransactionReceipt } from "../engine/interface.ts";

const outbox = new Interface(L2_OUTBOX_ABI);

/** A withdrawal as its event tells it. */
export interface WithdrawalEvent extends OutboxWithdrawal {
  leaf: Hex;
}

/** A withdrawal on its way to an outbox root. */
export interface WithdrawalProof extends WithdrawalEvent {
  /** From the leaf's own up, 32 bytes each. */
  siblings: Hex[];
  outboxRoot: Hex;
}

type OutboxReader = Pick<ChainReader, "getStorageAt" | "getReceipts">;

/** The withdrawals that a transaction made, in their order. */
export function withdrawalsOf({ logs }: Pick<TransactionReceipt, "logs">): WithdrawalEvent[] {
  return logs.flatMap(({ address, topics, data }) => {
    if (address !== L2_OUTBOX_ADDRESS) return [];
    const event = outbox.parseLog({ topics, data });
    if (event?.name !== "Withdrawal") return [];
    const { index, recipient, amountWei, leaf } = event.args;
    return [{ index: Number(index), recipient: String(recipient).toLowerCase() as Hex, amountWei, leaf }];
  });
}

/** Withdrawals there are after a block. */
export async function withdrawalCount(chain: OutboxReader, block: BlockRef): Promise<number> {
  const word = await chain.getStorageAt(L2_OUTBOX_ADDRESS, L2_OUTBOX_WORD.slot, block);
  return Number(unpackWord(L2_OUTBOX_WORD, word).count);
}

/**
 * Proves withdrawals of settled blocks. It keeps the outbox's tree, 300 bytes a withdrawal, which grows with what it is
 * asked for: the first question after a start reads every block that holds withdrawals, those after it only new ones.
 */
export class WithdrawalProver {
  readonly #chain: OutboxReader;
  #tree = new OutboxTree();
  /** Of each withdrawal, the number of its block. */
  #blocks: number[] = [];
  #work: Promise<unknown> = Promise.resolve();

  constructor(chain: OutboxReader) {
    this.#chain = chain;
  }

  /**
   * Proves withdrawal `index` against the outbox root after a block of the settled chain.
   * @param lastBlock Number of a settled block.
   * @returns undefined if there are not as many withdrawals by then.
   */
  prove(index: number, lastBlock: number): Promise<WithdrawalProof | undefined> {
    // One after the other: the tree is grown once, however many ask.
    const proof = this.#work.then(() => this.#prove(index, lastBlock));
    this.#work = proof.catch(() => undefined);
    return proof;
  }

  async #prove(index: number, lastBlock: number): Promise<WithdrawalProof | undefined> {
    const size = await withdrawalCount(this.#chain, lastBlock);
    if (index >= size) return undefined;
    const outboxRoot = await this.#chain.getStorageAt(L2_OUTBOX_ADDRESS, L2_OUTBOX_ROOT_SLOT, lastBlock);
    await this.#grow(size, lastBlock);
    if (this.#tree.root(size) !== outboxRoot) {
      // A reorg of L1 took back what was settled: the blocks read then are not those of the chain any more.
      this.#tree = new OutboxTree();
      this.#blocks = [];
      await this.#grow(size, lastBlock);
    }
    const block = this.#blocks[index] as number;
    const event = (await this.#eventsOf(block)).find((one) => one.index === index);
    if (event === undefined || this.#tree.root(size) !== outboxRoot) {
      throw new Error(`the withdrawals up to block ${lastBlock} do not give its outbox root ${outboxRoot}`);
    }
    return { ...event, siblings: this.#tree.proof(index, size), outboxRoot };
  }

  async #grow(size: number, lastBlock: number): Promise<void> {
    while (this.#tree.size < size) {
      const block = await this.#blockOf(this.#tree.size, lastBlock);
      for (const { index, leaf } of await this.#eventsOf(block)) {
        if (index !== this.#tree.size) continue;
        this.#tree.append(leaf);
        this.#blocks.push(block);
      }
      if (this.#blocks.at(-1) !== block) throw new Error(`block ${block} lacks withdrawal ${this.#tree.size}`);
    }
  }

  /** The first block after which there are more than `index` withdrawals, found by halving what the state says. */
  async #blockOf(index: number, lastBlock: number): Promise<number> {
    let low = this.#blocks.at(-1) ?? 0;
    let high = lastBlock;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await withdrawalCount(this.#chain, middle)) > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async #eventsOf(block: number): Promise<WithdrawalEvent[]> {
    return (await this.#chain.getReceipts(block)).flatMap(withdrawalsOf);
  }
}
