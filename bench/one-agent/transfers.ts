import type { Hex } from "../../sdk/types/hex.ts";
import { FastSigner } from "../../test/support/fast-signer.ts";

const GWEI = 10n ** 9n;
const ACCOUNTS = 10_000;

/** Transfers between many accounts, each in its turn: what of all transactions costs the most work for its bytes. */
export class Transfers {
  readonly addresses: Hex[];
  readonly #signers = Array.from({ length: ACCOUNTS }, (_, index) => new FastSigner(`one agent ${index}`));
  readonly #chainId: number;
  #made = 0;

  constructor(chainId: number) {
    this.#chainId = chainId;
    this.addresses = this.#signers.map(({ address }) => address);
  }

  /** Raw, in an order in which they can be executed. */
  next(count: number): Hex[] {
    return Array.from({ length: count }, () => this.#nextOne());
  }

  #nextOne(): Hex {
    const index = this.#made++;
    const from = index % ACCOUNTS;
    return (this.#signers[from] as FastSigner).sign({
      chainId: this.#chainId,
      nonce: Math.floor(index / ACCOUNTS),
      to: this.addresses[(from * 7919 + index) % ACCOUNTS] as Hex,
      valueWei: 1n,
      gasLimit: 21_000,
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
  }
}
