import type { Hex } from "../../../sdk/types/hex.ts";
import { rpc, rpcAny } from "../rpc.ts";
import type { InclusionTracker } from "./tracker.ts";
import type { SignedTransaction, Wallets } from "./wallets.ts";

/** Transactions on their way at most; beyond it the load waits for the chain instead of swelling the pools. */
const MAX_OUTSTANDING = 4_000;

interface Sender {
  nonce: number;
  /** Its last transaction is still being offered. */
  busy: boolean;
  /** An attempt ended without a clear answer: the node may have taken it. */
  doubtful: boolean;
}

/** Sends transfers of ether and tokens in turn, each account to an agent of its own, or to the next that takes it. */
export class Generator {
  readonly #wallets: Wallets;
  readonly #tracker: InclusionTracker;
  readonly #urls: string[];
  readonly #senders: Sender[];
  #turn = 0;

  constructor(wallets: Wallets, tracker: InclusionTracker, urls: string[]) {
    this.#wallets = wallets;
    this.#tracker = tracker;
    this.#urls = urls;
    this.#senders = Array.from({ length: wallets.count }, () => ({ nonce: 0, busy: false, doubtful: false }));
  }

  /** Account 0's first transaction, before any transfer. Rejects while no agent takes it; then ask again. */
  async deployToken(): Promise<SignedTransaction> {
    const deployment = await this.#wallets.deployToken();
    await this.#send(0, deployment);
    return deployment;
  }

  /**
   * Sends the next account's transfer, or nothing while its last one is still being offered. The token must be there.
   * Rejects if every agent refused.
   */
  async sendNext(): Promise<void> {
    const turn = this.#turn++;
    const account = turn % this.#wallets.count;
    const sender = this.#senders[account] as Sender;
    if (sender.busy || this.#tracker.outstanding >= MAX_OUTSTANDING) return;
    sender.busy = true;
    try {
      await this.#settleNonce(account, sender);
      // The parity changes from round to round, so that every account does both.
      const ofToken = (account + Math.floor(turn / this.#wallets.count)) % 2 === 1;
      const transfer = ofToken ? this.#wallets.transferToken : this.#wallets.transfer;
      await this.#send(account, await transfer.call(this.#wallets, account, sender.nonce));
    } finally {
      sender.busy = false;
    }
  }

  /** Offers transactions to every agent once more; that some of them know it already does not matter. */
  async sendAgain(raws: Hex[]): Promise<void> {
    for (const raw of raws) {
      await Promise.allSettled(this.#urls.map((url) => rpc(url, "eth_sendRawTransaction", [raw])));
    }
  }

  /** After an attempt in doubt: what the pools know may be ahead of what was answered, never behind it. */
  async #settleNonce(account: number, sender: Sender): Promise<void> {
    if (!sender.doubtful) return;
    const params = [this.#wallets.addressOf(account), "pending"];
    const pending = await rpcAny<Hex>(this.#urls, account, "eth_getTransactionCount", params);
    sender.nonce = Math.max(sender.nonce, Number(pending));
    sender.doubtful = false;
  }

  async #send(account: number, { hash, raw }: SignedTransaction): Promise<void> {
    const sender = this.#senders[account] as Sender;
    try {
      await rpcAny(this.#urls, account, "eth_sendRawTransaction", [raw]);
    } catch (error) {
      sender.doubtful = true;
      throw error;
    }
    sender.nonce++;
    this.#tracker.onSent(hash, raw, Date.now());
  }
}
