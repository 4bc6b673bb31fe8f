import { readFileSync } from "node:fs";
import { getCreateAddress, Interface, keccak256, Wallet } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Account } from "../accounts.ts";

const ARTIFACT = new URL("../../../artifacts/contracts/devnet/DevnetToken.sol/DevnetToken.json", import.meta.url);
const TOKENS_EACH = 10n ** 24n;
/** Wei a transfer moves: small against what the accounts hold. */
const TRANSFER_WEI = 10n ** 12n;
const TRANSFER_GAS = 21_000n;
const TOKEN_TRANSFER_GAS = 80_000n;
/** The constructor writes one balance per holder. */
const TOKEN_DEPLOYMENT_GAS = 3_000_000n;
const MAX_FEE_WEI = 20n * 10n ** 9n;

export interface SignedTransaction {
  hash: Hex;
  raw: Hex;
}

interface Artifact {
  abi: [];
  bytecode: Hex;
}

/** Signs the load's transactions; keeps nothing but the keys. Nonces are the caller's. */
export class Wallets {
  readonly #wallets: Wallet[];
  readonly #chainId: number;
  readonly #token: { address: string; interface: Interface; deployment: string };

  constructor(accounts: Account[], chainId: number) {
    this.#wallets = accounts.map((account) => new Wallet(account.key));
    this.#chainId = chainId;
    const { abi, bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as Artifact;
    const token = new Interface(abi);
    this.#token = {
      address: getCreateAddress({ from: this.#at(0).address, nonce: 0 }),
      interface: token,
      deployment: bytecode + token.encodeDeploy([accounts.map((account) => account.address), TOKENS_EACH]).slice(2),
    };
  }

  get count(): number {
    return this.#wallets.length;
  }

  addressOf(account: number): string {
    return this.#at(account).address;
  }

  /** Account 0's first transaction: makes the token and gives every account its share. */
  deployToken(): Promise<SignedTransaction> {
    return this.#sign(0, { nonce: 0, data: this.#token.deployment, gasLimit: TOKEN_DEPLOYMENT_GAS });
  }

  transfer(from: number, nonce: number): Promise<SignedTransaction> {
    return this.#sign(from, { nonce, to: this.#receiver(from), value: TRANSFER_WEI, gasLimit: TRANSFER_GAS });
  }

  transferToken(from: number, nonce: number): Promise<SignedTransaction> {
    const data = this.#token.interface.encodeFunctionData("transfer", [this.#receiver(from), TRANSFER_WEI]);
    return this.#sign(from, { nonce, to: this.#token.address, data, gasLimit: TOKEN_TRANSFER_GAS });
  }

  /** Everyone pays the next one, so that nobody runs dry. */
  #receiver(from: number): string {
    return this.#at((from + 1) % this.count).address;
  }

  #at(index: number): Wallet {
    return this.#wallets[index] as Wallet;
  }

  async #sign(
    from: number,
    fields: { nonce: number; to?: string; value?: bigint; data?: string; gasLimit: bigint },
  ): Promise<SignedTransaction> {
    const raw = (await this.#at(from).signTransaction({
      type: 2,
      chainId: this.#chainId,
      maxFeePerGas: MAX_FEE_WEI,
      maxPriorityFeePerGas: 10n ** 9n,
      ...fields,
    })) as Hex;
    return { raw, hash: keccak256(raw) as Hex };
  }
}
