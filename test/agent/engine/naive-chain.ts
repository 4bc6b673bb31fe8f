import {
  type Block,
  createBlock,
  createBlockHeader,
  genTransactionsTrieRoot,
  genWithdrawalsTrieRoot,
} from "@ethereumjs/block";
import { type Common, createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRLP } from "@ethereumjs/tx";
import { createAccount, createAddressFromString, createWithdrawal, hexToBytes, type KZG } from "@ethereumjs/util";
import { createVM, runBlock, type VM } from "@ethereumjs/vm";
import type { GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import { SYSTEM_CONTRACTS } from "../../../sdk/agent/engine/system-contracts.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";

/** The point evaluation precompile needs a library to be there; no input of these tests gets as far as using it. */
const NO_KZG = {
  verifyProof: () => {
    throw new Error("a proof is verified: give the naive chain a KZG library");
  },
} as Partial<KZG> as KZG;

/**
 * The slowest way to follow the chain: plain ethereumjs, its own trie and state manager, pure JavaScript cryptography, one
 * `runBlock` per block. Shares no code with the engine but the genesis configuration.
 */
export class NaiveChain {
  readonly #common: Common;
  readonly #vm: VM;
  readonly #hashes: Uint8Array[];

  private constructor(common: Common, vm: VM, hashes: Uint8Array[]) {
    this.#common = common;
    this.#vm = vm;
    this.#hashes = hashes;
  }

  static async create(config: GenesisConfig): Promise<NaiveChain> {
    const common = createCustomCommon(
      {
        chainId: config.chainId,
        hardforks: Mainnet.hardforks
          .filter(({ name }) => name !== "dao" && !["osaka", "bpo1", "bpo2", "amsterdam"].includes(name))
          .map(({ name }) => ({ name, block: 0 })),
      },
      Mainnet,
      { hardfork: Hardfork.Prague, customCrypto: { kzg: NO_KZG } },
    );
    const state = new MerkleStateManager({ common });
    const contracts = Object.entries(SYSTEM_CONTRACTS).map(([address, code]) => [
      address,
      { balanceWei: 0n, nonce: 1, code: code as Hex, storage: undefined },
    ]) as [string, GenesisConfig["alloc"][Hex]][];
    for (const [address, account] of [...contracts, ...Object.entries(config.alloc)]) {
      const key = createAddressFromString(address);
      await state.putAccount(key, createAccount({ nonce: account.nonce ?? 0, balance: account.balanceWei }));
      if (account.code !== undefined) await state.putCode(key, hexToBytes(account.code));
      for (const [slot, value] of Object.entries(account.storage ?? {})) {
        await state.putStorage(key, hexToBytes(slot as Hex), hexToBytes(value));
      }
    }
    const header = createBlockHeader(
      {
        stateRoot: await state.getStateRoot(),
        timestamp: config.timestamp,
        gasLimit: config.gasLimit,
        baseFeePerGas: config.baseFeePerGasWei,
      },
      { common },
    );
    const hashes = [header.hash()];
    const blockchain = {
      getBlock: async (number: number) => ({ hash: () => hashes[number] as Uint8Array }),
      putBlock: async () => {},
      shallowCopy() {
        return blockchain;
      },
    };
    const vm = await createVM({ common, stateManager: state, blockchain });
    return new NaiveChain(common, vm, hashes);
  }

  get headHash(): Hex {
    return `0x${Buffer.from(this.#hashes.at(-1) as Uint8Array).toString("hex")}`;
  }

  /** Executes the payload as the next block and answers its hash. Throws if any header field is not what comes out. */
  async execute(payload: ExecutionPayload): Promise<Hex> {
    const block = await this.#block(payload);
    await runBlock(this.#vm, { block, skipHeaderValidation: true });
    this.#hashes.push(block.hash());
    return this.headHash;
  }

  async #block(payload: ExecutionPayload): Promise<Block> {
    const transactions = payload.transactions.map((raw) => createTxFromRLP(hexToBytes(raw), { common: this.#common }));
    const withdrawals = payload.withdrawals.map(({ amountGwei, ...rest }) =>
      createWithdrawal({ ...rest, amount: amountGwei }),
    );
    return createBlock(
      {
        header: {
          parentHash: payload.parentHash,
          coinbase: payload.feeRecipient,
          stateRoot: payload.stateRoot,
          receiptTrie: payload.receiptsRoot,
          logsBloom: payload.logsBloom,
          mixHash: payload.prevRandao,
          number: payload.blockNumber,
          gasLimit: payload.gasLimit,
          gasUsed: payload.gasUsed,
          timestamp: payload.timestamp,
          extraData: payload.extraData,
          baseFeePerGas: payload.baseFeePerGas,
          transactionsTrie: await genTransactionsTrieRoot(transactions),
          withdrawalsRoot: await genWithdrawalsTrieRoot(withdrawals),
        },
        transactions,
        withdrawals,
      },
      { common: this.#common },
    );
  }
}
