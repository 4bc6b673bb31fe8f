import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { AccountState } from "./account.ts";
import type { Contents } from "./contents.ts";
import { MempoolError } from "./interface.ts";
import type { MempoolOptions } from "./options.ts";

/** What the pool reads of the chain, always at the head. */
export type PoolChain = Pick<ChainReader, "getAccount" | "getCode" | "getNextBaseFee">;

/** Reads of one account before an addition goes on with the last answer, however fast the head moves. */
const MOST_READS = 3;

/** Senders as they are at the head, read when the pool does not hold them; a bounded number at one time. */
export class Accounts {
  readonly #options: Pick<MempoolOptions, "maxConcurrentAdds">;
  readonly #chain: PoolChain;
  readonly #contents: Contents;
  #inFlight = 0;
  /** Grows when the head moves: an account read before that says nothing after it. */
  #headVersion = 0;

  constructor(options: Pick<MempoolOptions, "maxConcurrentAdds">, chain: PoolChain, contents: Contents) {
    this.#options = options;
    this.#chain = chain;
    this.#contents = contents;
  }

  headMoved(): void {
    this.#headVersion++;
  }

  /**
   * State of the sender of a transaction with this nonce; once more if the head moved meanwhile. Whether it is delegated
   * is read only where it matters: for what is not the account's first and only transaction. Throws MempoolError
   * "pool-full" if too many reads are under way.
   */
  async stateFor(address: Hex, nonce: number): Promise<AccountState> {
    const held = this.#held(address);
    if (held !== undefined && !this.#needsCode(address, nonce, held)) return held;
    if (this.#inFlight >= this.#options.maxConcurrentAdds) {
      throw new MempoolError("pool-full", `${this.#inFlight} transactions are being checked; try again`);
    }
    this.#inFlight++;
    try {
      for (let attempt = 1; ; attempt++) {
        const version = this.#headVersion;
        const state = await this.#read(address, nonce);
        if (version === this.#headVersion || attempt === MOST_READS) return state;
      }
    } finally {
      this.#inFlight--;
    }
  }

  async #read(address: Hex, nonce: number): Promise<AccountState> {
    const state: AccountState = this.#held(address) ?? (await this.#chain.getAccount(address, "latest"));
    if (!this.#needsCode(address, nonce, state)) return state;
    return { ...state, isDelegated: (await this.#chain.getCode(address, "latest")) !== "0x" };
  }

  #held(address: Hex): AccountState | undefined {
    const held = this.#contents.accounts.get(address)?.state;
    return held?.balance === undefined ? undefined : held;
  }

  #needsCode(address: Hex, nonce: number, state: AccountState): boolean {
    if (state.isDelegated !== undefined) return false;
    const queue = this.#contents.accounts.get(address);
    return nonce > state.nonce || (queue?.size ?? 0) > (queue?.get(nonce) === undefined ? 0 : 1);
  }
}
