import { Interface, Wallet } from "ethers";
import { WALLET } from "../../deploy/devnet/accounts.ts";
import { ROLLUP_ABI } from "../../sdk/abi/generated/rollup.ts";
import { signTransaction } from "../../sdk/submit/transaction.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { FastSigner } from "../support/fast-signer.ts";
import type { Chance } from "./chance.ts";
import type { SimulatedL1 } from "./l1/chain.ts";
import type { EventLoop } from "./loop.ts";
import type { Trace } from "./trace.ts";

const GWEI = 10n ** 9n;
/** More than any run forces. */
const FORCERS = 64;
const FEES = { maxFeePerGasWei: 900n * GWEI, maxPriorityFeePerGasWei: 2n * GWEI, maxFeePerBlobGasWei: undefined };
const GAS_LIMIT = 300_000n;
const TRANSFER_GAS = 21_000;

const rollupAbi = new Interface(ROLLUP_ABI);

export interface Crossing {
  loop: EventLoop;
  l1: SimulatedL1;
  trace: Trace;
}

/** People who come to L2 by L1: some deposit, some force a transaction, and some force what is none. */
export class Crossers {
  readonly #chance: Chance;
  readonly #chainId: number;
  readonly #wallet = new Wallet(WALLET.key);
  readonly #forcers: FastSigner[];
  #deposits = 0;
  #forced = 0;

  /** @param chainId of L2. */
  constructor(chainId: number, chance: Chance) {
    this.#chainId = chainId;
    this.#chance = chance;
    this.#forcers = Array.from({ length: FORCERS }, (_, i) => new FastSigner(`simulated forcer ${i}`));
  }

  /** Accounts that need money on L2: each forces its first transaction, which nothing can keep from being valid. */
  get addresses(): Hex[] {
    return this.#forcers.map(({ address }) => address);
  }

  /** Now and then one of them sends to L1, until `untilMs`. */
  cross(at: Crossing, untilMs: number): void {
    const { loop } = at;
    const next = async (): Promise<void> => {
      await this.#sendOne(at);
      again();
    };
    const again = (): void => {
      const timeMs = loop.nowMs() + this.#chance.between(1_000, 8_000);
      if (timeMs < untilMs) loop.at(timeMs, next);
    };
    again();
  }

  async #sendOne({ l1, loop, trace }: Crossing): Promise<void> {
    const { chainId, rollup } = l1.deployment;
    const { data, valueWei, what } = this.#business();
    const nonce = Number(await l1.read<Hex>("eth_getTransactionCount", [WALLET.address, "pending"]));
    const unsigned = { chainId, nonce, to: rollup, data, valueWei, gasLimit: GAS_LIMIT, fees: FEES, blobs: [] };
    const { raw, hash } = await signTransaction(this.#wallet, { ...unsigned, blobWrapperVersion: 0 });
    trace.add(loop.nowMs(), "user", `${what} by L1 transaction ${hash.slice(0, 10)}`);
    await l1.request("eth_sendRawTransaction", [raw]);
  }

  #business(): { data: Hex; valueWei: bigint; what: string } {
    const way = this.#chance.next();
    if (way < 0.5) {
      const recipient = new FastSigner(`simulated newcomer ${this.#deposits++ % 8}`).address;
      const valueWei = BigInt(this.#chance.whole(1, 1_000_000)) * GWEI;
      return { data: encode("deposit", recipient), valueWei, what: `deposits ${valueWei} wei` };
    }
    if (way < 0.6) return { data: encode("force", "0x02c0ffee"), valueWei: 0n, what: "forces garbage" };
    const signer = this.#forcers[this.#forced++ % FORCERS] as FastSigner;
    const forced = signer.sign({
      chainId: this.#chainId,
      nonce: 0,
      to: signer.address,
      valueWei: 1n,
      gasLimit: TRANSFER_GAS,
      maxFeePerGas: 100n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    return { data: encode("force", forced), valueWei: 0n, what: "forces a transaction" };
  }
}

const encode = (name: string, argument: string): Hex => rollupAbi.encodeFunctionData(name, [argument]) as Hex;
