import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContractFactory, getCreateAddress, Interface, type TransactionLike, type Wallet } from "ethers";
import { clientGenesis } from "../../../../sdk/agent/engine/api/client-genesis.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import { type RunningProcess, startAnvil } from "../../../support/processes.ts";
import { type CompiledContract, compileSolidity } from "../../../support/solidity.ts";
import { type Answer, CHAIN_ID, DevChain, post } from "../support/devchain.ts";

const FEES = { chainId: CHAIN_ID, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 6n };

/** One of the two nodes: where it answers, and the hashes of its blocks by number. */
export interface Side {
  name: "baton" | "anvil";
  url: string;
  blockHashes: Hex[];
}

/** Ours and anvil with the same first block, the same transactions in the same blocks, the same in the mempool. */
export class Twin {
  readonly baton: Side;
  readonly anvil: Side;
  readonly compiled: CompiledContract;
  readonly board: Interface;
  /** Address of the board. */
  address: Hex = "0x";
  /** All that were included, in order. */
  readonly hashes: Hex[] = [];
  /** In the mempool: one can run, the other waits for a nonce. */
  pending: { runnable: Hex; queued: Hex } = { runnable: "0x", queued: "0x" };
  readonly #dev: DevChain;
  readonly #node: RunningProcess;
  readonly #directory: string;
  readonly #nonces = new Map<string, number>();

  private constructor(dev: DevChain, node: RunningProcess & { url: string }, directory: string) {
    this.#dev = dev;
    this.#node = node;
    this.#directory = directory;
    this.baton = { name: "baton", url: dev.url, blockHashes: [dev.tips().head.blockHash] };
    this.anvil = { name: "anvil", url: node.url, blockHashes: [] };
    this.compiled = compileSolidity(new URL("../support/Board.sol", import.meta.url), "Board");
    this.board = new Interface(this.compiled.abi as never);
  }

  get wallets(): Wallet[] {
    return this.#dev.wallets;
  }

  static async start(): Promise<Twin> {
    const dev = await DevChain.start();
    const directory = mkdtempSync(join(tmpdir(), "baton-twin-"));
    const genesis = join(directory, "genesis.json");
    writeFileSync(genesis, JSON.stringify(clientGenesis(dev.genesis)));
    const flags = ["--hardfork", "prague", "--no-mining", "--order", "fifo", "--accounts", "0"];
    const node = await startAnvil(["--init", genesis, "--chain-id", String(CHAIN_ID), ...flags]);
    const twin = new Twin(dev, node, directory);
    await twin.#noteBlock();
    await twin.#grow();
    return twin;
  }

  sides(): readonly [Side, Side] {
    return [this.baton, this.anvil];
  }

  async stop(): Promise<void> {
    await this.#node.stop();
    await this.#dev.stop();
    rmSync(this.#directory, { recursive: true });
  }

  /** Signed with the wallet's next nonce, `skip` beyond it. */
  async sign(wallet: Wallet, fields: TransactionLike, skip = 0): Promise<Hex> {
    const nonce = this.#nonces.get(wallet.address) ?? 0;
    if (skip === 0) this.#nonces.set(wallet.address, nonce + 1);
    const fees = (fields.type ?? 2) < 2 ? { chainId: CHAIN_ID, gasPrice: 10n ** 10n } : FEES;
    return (await wallet.signTransaction({
      type: 2,
      gasLimit: 100_000n,
      nonce: nonce + skip,
      ...fees,
      ...fields,
    })) as Hex;
  }

  /** Puts transactions into the next block of both. */
  async include(raws: readonly Hex[]): Promise<void> {
    for (const raw of raws) this.hashes.push(await this.#send(raw));
    const { feeRecipient, timestamp, baseFeePerGas } = await this.#dev.mine();
    await this.#anvil("anvil_setCoinbase", [feeRecipient]);
    await this.#anvil("evm_setNextBlockTimestamp", [timestamp]);
    await this.#anvil("anvil_setNextBlockBaseFeePerGas", [`0x${baseFeePerGas.toString(16)}`]);
    await this.#anvil("evm_mine", []);
    this.baton.blockHashes.push(this.#dev.tips().head.blockHash);
    await this.#noteBlock();
  }

  /** Every type of transaction, creations, logs, a failure, an empty block; and two that wait. */
  async #grow(): Promise<void> {
    const [a, b, c] = this.wallets as [Wallet, Wallet, Wallet];
    const data = (await new ContractFactory(this.compiled.abi, this.compiled.bytecode).getDeployTransaction()).data;
    this.address = `0x${getCreateAddress({ from: a.address, nonce: 1 }).slice(2).toLowerCase()}`;
    const say = (text: string) => ({ to: this.address, data: this.board.encodeFunctionData("post", [text]) });
    const transfer = { to: `0x${"aa".repeat(20)}`, value: 5n, gasLimit: 21_000n };
    await this.include([await this.sign(a, transfer), await this.sign(a, { data, gasLimit: 1_000_000n })]);
    const accessList = [{ address: this.address, storageKeys: [`0x${"00".repeat(32)}`] }];
    await this.include([
      await this.sign(a, say("one")),
      await this.sign(a, { ...transfer, type: 0 }),
      await this.sign(a, { ...say("two"), type: 1, accessList }),
      await this.sign(a, say("")),
    ]);
    const authorization = await c.authorize({ address: this.address, chainId: CHAIN_ID, nonce: 0 });
    await this.include([
      await this.sign(b, { ...transfer, gasLimit: 60_000n, type: 4, authorizationList: [authorization] }),
    ]);
    await this.include([]);
    await this.include([await this.sign(b, say("three")), await this.sign(a, say("four"))]);
    const runnable = await this.#send(await this.sign(a, transfer));
    const queued = await this.#send(await this.sign(b, transfer, 3));
    this.pending = { runnable, queued };
  }

  async #send(raw: Hex): Promise<Hex> {
    const [ours, theirs] = await Promise.all(this.sides().map((side) => ask(side, "eth_sendRawTransaction", [raw])));
    if (ours?.error !== undefined || theirs?.error !== undefined) throw new Error(JSON.stringify([ours, theirs]));
    return ours?.result as Hex;
  }

  async #anvil(method: string, params: unknown[]): Promise<unknown> {
    const answer = await ask(this.anvil, method, params);
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }

  async #noteBlock(): Promise<void> {
    const { hash } = (await this.#anvil("eth_getBlockByNumber", ["latest", false])) as { hash: Hex };
    this.anvil.blockHashes.push(hash);
  }
}

export async function ask(side: Side, method: string, params: unknown[]): Promise<Answer> {
  return (await post(side.url, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }))).answer;
}
