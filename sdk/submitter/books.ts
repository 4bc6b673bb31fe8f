import type { RollupConfig } from "../get/config.ts";
import { decodeEvents, getEvents } from "../get/events.ts";
import type { LandedCheckpoint } from "../get/landed.ts";
import { getSettledTip, type SubmittedTip } from "../get/tips.ts";
import type { RollupRef } from "../get/view.ts";
import type { JournalState } from "../submit/journal/state.ts";
import type { NetworkView } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";
import { windowEnd } from "../watch/window.ts";
import { spentOn } from "./ledger/costs.ts";
import type { LandingResult, ResultEntry } from "./ledger/entries.ts";
import type { Ledger } from "./ledger/interface.ts";
import type { LedgerRow } from "./ledger/state.ts";

export interface BooksParts {
  ref: RollupRef;
  config: RollupConfig;
  ledger: Ledger;
  /** L1 blocks after which nothing is expected to change. */
  confirmations: number;
  /** Whose credits are booked. */
  recipient: Hex;
}

/** What is known of L1 and of the account's transactions at one step. */
export interface BooksMoment {
  network: NetworkView;
  tip: SubmittedTip;
  journal: JournalState;
  /** The checkpoint next in line that is not worth a transaction in the open window, if that is so now. */
  unworthy: { slot: number; digest: Hex } | undefined;
  /** Nothing of the account is in the node's pool. */
  nothingLive: boolean;
}

/** Writes down what became of each checkpoint that was bid for, once that is final. */
export class Books {
  readonly #parts: BooksParts;
  /** L1 block at which a checkpoint was first seen to be out of reach, by digest. */
  readonly #goneAt = new Map<Hex, number>();
  /** The last one that was not worth a transaction, until its window is over or another has landed it. */
  #unworthy: BooksMoment["unworthy"];

  constructor(parts: BooksParts) {
    this.#parts = parts;
  }

  /** Every row as it stands: those not decided yet with what they have cost so far. */
  rows(journal: JournalState): LedgerRow[] {
    return this.#parts.ledger.state.rows.map((row) => {
      if (row.result !== "sent") return row;
      const { transactions, gasUsed, costWei } = spentOn(journal, row.digest, row.blobCount);
      return { ...row, transactions, gasUsed, costWei };
    });
  }

  /** True while something that was sent is undecided. */
  get isOpen(): boolean {
    return this.#parts.ledger.state.rows.some(({ result }) => result === "sent");
  }

  /**
   * Books results and settlements.
   * @returns rows that were decided by this.
   * @throws what the provider throws; the next step tries again.
   */
  async update(moment: BooksMoment): Promise<LedgerRow[]> {
    const { ledger } = this.#parts;
    const decided: Hex[] = [];
    for (const row of ledger.state.rows.filter(({ result }) => result === "sent")) {
      const entry = await this.#resultOf(row, moment);
      if (entry === undefined) continue;
      ledger.append(entry);
      this.#goneAt.delete(row.digest);
      decided.push(row.digest);
    }
    this.#bookPassed(moment);
    await this.#bookSettled(moment);
    return ledger.state.rows.filter(({ digest }) => decided.includes(digest));
  }

  async #resultOf(row: LedgerRow, moment: BooksMoment): Promise<ResultEntry | undefined> {
    const { open, landedBy, ...spent } = spentOn(moment.journal, row.digest, row.blobCount);
    const base = { type: "result", digest: row.digest, ...spent } as const;
    if (landedBy !== undefined) {
      if (open) return undefined;
      const landed = await this.#landed(landedBy.hash, row.digest);
      const { number, paidWei } = landed ?? { number: 0, paidWei: 0n };
      return { ...base, result: "landed", quotedWei: paidWei, number, l1Block: landedBy.blockNumber };
    }
    const result = this.#missed(row, moment);
    if (result === undefined || (open && !moment.nothingLive)) return undefined;
    return { ...base, result, quotedWei: 0n, number: 0, l1Block: 0 };
  }

  /** Out of reach, for as many L1 blocks as make it final. */
  #missed({ digest, slot }: LedgerRow, { network, tip }: BooksMoment): LandingResult | undefined {
    const { config, confirmations } = this.#parts;
    const isLost = tip.slot >= slot;
    const isOver = network.blockTimeSec + config.l1SlotSeconds >= windowEnd(config, slot);
    if (!isLost && !isOver) {
      this.#goneAt.delete(digest);
      return undefined;
    }
    const since = this.#goneAt.get(digest) ?? network.blockNumber;
    this.#goneAt.set(digest, since);
    if (network.blockNumber - since + 1 < confirmations) return undefined;
    return isLost ? "lost" : "tooLate";
  }

  async #landed(hash: Hex, digest: Hex): Promise<LandedCheckpoint | undefined> {
    const { provider, rollup } = this.#parts.ref;
    const receipt = await provider.getTransactionReceipt(hash);
    const logs = (receipt?.logs ?? []).filter((log) => log.address.toLowerCase() === rollup);
    return decodeEvents(logs)
      .flatMap((event) => (event.type === "submitted" ? [event.checkpoint] : []))
      .find(({ submission }) => submission.digest === digest);
  }

  #bookPassed({ unworthy, network, tip }: BooksMoment): void {
    const { config, ledger } = this.#parts;
    const last = this.#unworthy;
    this.#unworthy = unworthy ?? last;
    if (last === undefined || unworthy?.digest === last.digest) return;
    const isOver = tip.slot >= last.slot || network.blockTimeSec >= windowEnd(config, last.slot);
    if (!isOver && unworthy === undefined) return;
    this.#unworthy = unworthy;
    if (ledger.state.rows.some(({ digest }) => digest === last.digest)) return;
    ledger.append({ type: "passed", ...last, reason: "unprofitable" });
  }

  async #bookSettled({ network }: BooksMoment): Promise<void> {
    const { ref, ledger, confirmations, recipient } = this.#parts;
    const waiting = ledger.state.rows.filter((row) => row.result === "landed" && row.creditedWei === undefined);
    const [first] = waiting;
    if (first === undefined) return;
    const at = Math.max(first.l1Block, network.blockNumber - confirmations + 1);
    const settled = await getSettledTip(ref, at);
    const due = waiting.filter(({ number }) => number <= settled.number);
    if (due.length === 0) return;
    const events = await getEvents(ref, Math.min(...due.map(({ l1Block }) => l1Block)), at);
    for (const { digest, number } of due) {
      const shares = events.flatMap((event) =>
        event.type === "reward-shared" && event.number === number && event.account === recipient
          ? [event.sharedWei]
          : [],
      );
      ledger.append({ type: "settled", digest, creditedWei: shares.reduce((sum, wei) => sum + wei, 0n) });
    }
  }
}
