import { getCreateAddress, Interface, Wallet } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import { testToken } from "../../support/erc20.ts";
import { CHAIN_ID, ETHER, GWEI, probeContract, sign, wallets } from "./fixture.ts";

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PRECOMPILE_INPUTS: [number, Hex][] = [
  [1, `0x${"11".repeat(128)}`],
  [2, "0x0102"],
  [3, "0x03"],
  [5, `0x${"00".repeat(31)}01${"00".repeat(31)}01${"00".repeat(31)}01030507`],
  [6, `0x${"00".repeat(128)}`],
  [8, "0x"],
  [9, "0x00"],
  [10, `0x${"00".repeat(192)}`],
  [11, `0x${"00".repeat(256)}`],
  [15, "0x"],
];

/** Random signed transactions that exercise the rules; `nonces` is kept as if every expected one were included. */
export class RandomTransactions {
  readonly #next: () => number;
  readonly #nonces = new Map<string, number>(wallets.map(({ address }) => [address, 0]));
  readonly #token = new Interface(testToken().abi);
  readonly #probe = new Interface(probeContract().abi);
  readonly #tokens: string[] = [];
  readonly #probes: string[] = [];

  readonly #limited: boolean;

  /**
   * `limited` leaves out what a test node cannot be given: block hashes and randomness of our choice, and several
   * transactions of an account in a block in which a delegation raises its nonce too.
   */
  constructor(seed: number, limited = false) {
    this.#next = random(seed);
    this.#limited = limited;
  }

  /** The nonces as the chain has them; called after each block. */
  setNonce(address: string, nonce: number): void {
    this.#nonces.set(address, nonce);
  }

  async batch(size: number): Promise<Hex[]> {
    const transactions: Hex[] = [];
    for (let i = 0; i < size; i++) transactions.push(await this.#one());
    return transactions;
  }

  async #one(): Promise<Hex> {
    const wallet = this.#pick(wallets);
    const kinds = [
      () => this.#transfer(wallet),
      () => this.#deploy(wallet, "token"),
      () => this.#deploy(wallet, "probe"),
      () => this.#callToken(wallet),
      () => this.#callToken(wallet),
      () => this.#callProbe(wallet),
      () => this.#callProbe(wallet),
      () => this.#callProbe(wallet),
      ...(this.#limited ? [] : [() => this.delegation(wallet)]),
      () => this.#unrunnable(wallet),
    ];
    return this.#pick(kinds)();
  }

  #transfer(wallet: Wallet): Promise<Hex> {
    const fresh = `0x${this.#int(2 ** 30)
      .toString(16)
      .padStart(40, "0")}`;
    const to = this.#pick([fresh, this.#pick(wallets).address, "0xfffffffffffffffffffffffffffffffffffffffe"]);
    return sign(wallet, {
      nonce: this.#use(wallet),
      to,
      value: this.#pick([0n, 1n, ETHER / 1000n]),
      gasLimit: 21_000 + this.#int(60_000),
      ...this.#pick([
        { type: 0 },
        { type: 1, accessList: [{ address: fresh, storageKeys: [`0x${"01".repeat(32)}`] }], gasLimit: 60_000 },
        { type: 2 },
      ]),
    });
  }

  #deploy(wallet: Wallet, what: "token" | "probe"): Promise<Hex> {
    const nonce = this.#use(wallet);
    const { bytecode } = what === "token" ? testToken() : probeContract();
    const enough = this.#next() < 0.8;
    const address = getCreateAddress({ from: wallet.address, nonce });
    if (enough) (what === "token" ? this.#tokens : this.#probes).push(address);
    return sign(wallet, { nonce, data: bytecode, gasLimit: enough ? 3_000_000 : 150_000 });
  }

  #callToken(wallet: Wallet): Promise<Hex> {
    const other = this.#pick(wallets).address;
    const amount = this.#pick([0n, 5n, 10n ** 30n]);
    const data = this.#pick([
      () => this.#token.encodeFunctionData("mint", [other, 100n]),
      () => this.#token.encodeFunctionData("transfer", [other, amount]),
      () => this.#token.encodeFunctionData("approve", [other, amount]),
      () => this.#token.encodeFunctionData("transferFrom", [other, wallet.address, amount]),
    ])();
    return this.#call(wallet, this.#tokens, data);
  }

  #callProbe(wallet: Wallet): Promise<Hex> {
    const key = this.#int(4);
    const salt = `0x${key.toString().padStart(64, "0")}`;
    const [precompile, input] = this.#pick(PRECOMPILE_INPUTS);
    const target = `0x${precompile.toString(16).padStart(40, "0")}`;
    const data = this.#pick([
      ...(this.#limited ? [] : [() => this.#probe.encodeFunctionData("environment", [1 + this.#int(300)])]),
      () => this.#probe.encodeFunctionData("write", [this.#int(20), 1 + this.#int(8), this.#pick([0n, 0n, 77n])]),
      () => this.#probe.encodeFunctionData("shortLived", [salt]),
      () => this.#probe.encodeFunctionData("lasting", [salt]),
      () => this.#probe.encodeFunctionData("innerRevert", [key]),
      () => this.#probe.encodeFunctionData("transient_", [key]),
      () => this.#probe.encodeFunctionData("precompile", [target, input]),
      () => this.#probe.encodeFunctionData("burnGas"),
      () => this.#probe.encodeFunctionData("fail", ["no"]),
    ])();
    return this.#call(wallet, this.#probes, data);
  }

  #call(wallet: Wallet, contracts: string[], data: string): Promise<Hex> {
    const to = contracts.length === 0 ? this.#pick(wallets).address : this.#pick(contracts);
    const gasLimit = this.#pick([30_000, 60_000, 400_000, 400_000, 400_000]);
    return sign(wallet, { nonce: this.#use(wallet), to, data, gasLimit });
  }

  /** EIP-7702: another wallet, or the sender itself, delegates to a contract or takes the delegation back. */
  async delegation(wallet = this.#pick(wallets)): Promise<Hex> {
    const nonce = this.#use(wallet);
    const authority = this.#pick([wallet, this.#pick(wallets)]);
    const right = this.#nonces.get(authority.address) as number;
    const address = this.#pick([...this.#probes, `0x${"0".repeat(40)}`]);
    const authorization = await authority.authorize({
      address,
      nonce: this.#next() < 0.8 ? right : right + 5,
      chainId: this.#pick([0, CHAIN_ID, CHAIN_ID, CHAIN_ID + 1]),
    });
    if (authorization.nonce === BigInt(right) && authorization.chainId !== BigInt(CHAIN_ID + 1)) this.#use(authority);
    const data = this.#probe.encodeFunctionData("transient_", [3n]);
    return sign(wallet, {
      type: 4,
      nonce,
      to: authority.address,
      data,
      gasLimit: 300_000,
      authorizationList: [authorization],
    });
  }

  /** What must not get in: a nonce gap, a used nonce, no funds, a foreign chain, a fee below the base fee, noise. */
  #unrunnable(wallet: Wallet): Promise<Hex> {
    const nonce = this.#nonces.get(wallet.address) as number;
    const to = wallets[0]?.address as string;
    const poor = new Wallet(`0x${"ab".repeat(32)}`);
    return this.#pick([
      () => sign(wallet, { nonce: nonce + 7, to, gasLimit: 21_000 }),
      () => sign(wallet, { nonce: Math.max(nonce - 1, 0), to, gasLimit: 20_999 }),
      () => sign(poor, { nonce: 0, to, gasLimit: 21_000 }),
      () => sign(wallet, { nonce, to, gasLimit: 21_000, chainId: CHAIN_ID + 1 }),
      () => sign(wallet, { nonce, to, gasLimit: 21_000, maxFeePerGas: GWEI / 1000n, maxPriorityFeePerGas: 0n }),
      () => sign(wallet, { nonce, to, gasLimit: 20_000 }),
      async (): Promise<Hex> => `0x02${"00".repeat(1 + this.#int(80))}`,
    ])();
  }

  #use(wallet: Wallet): number {
    const nonce = this.#nonces.get(wallet.address) as number;
    this.#nonces.set(wallet.address, nonce + 1);
    return nonce;
  }

  #int(below: number): number {
    return Math.floor(this.#next() * below);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(from.length)] as T;
  }
}
