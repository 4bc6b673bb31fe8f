import { expect } from "chai";
import { Interface, type Wallet } from "ethers";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import { Executor, type SealedBlock } from "../../../sdk/agent/engine/execution/executor.ts";
import { type DecodedTransaction, TransactionDecoder } from "../../../sdk/agent/engine/execution/transactions.ts";
import { buildGenesis } from "../../../sdk/agent/engine/genesis.ts";
import { toBytes } from "../../../sdk/agent/engine/hex.ts";
import { DamagedDatabase, type StateSource } from "../../../sdk/agent/engine/state/state-reader.ts";
import type { HashKey, TrieNode } from "../../../sdk/agent/engine/trie/node.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, GAS_LIMIT, genesis, probeContract, sign, wallets } from "./fixture.ts";

const [alice] = wallets as [Wallet];
const PROBE: Hex = "0x00000000000000000000000000000000000000fe";

/** A state in memory that fails at the `failAt`-th look-up from now. */
class FailingSource implements StateSource {
  readonly #nodes = new Map<HashKey, TrieNode>();
  readonly #codes = new Map<HashKey, Uint8Array>();
  failAt = Number.POSITIVE_INFINITY;

  add({ nodes, codes }: SealedBlock): void {
    for (const { hash, node } of nodes) this.#nodes.set(hash, node);
    for (const [hash, code] of codes) this.#codes.set(hash, code);
  }

  node(hash: HashKey): TrieNode {
    this.#count();
    return this.#nodes.get(hash) as TrieNode;
  }

  code(hash: HashKey): Uint8Array {
    this.#count();
    return this.#codes.get(hash) as Uint8Array;
  }

  #count(): void {
    if (--this.failAt <= 0) throw new DamagedDatabase("a look-up failed");
  }
}

describe("engine: an execution that breaks off", () => {
  it("wherever a look-up fails, it is an error, not a verdict, and the block goes on as if nothing had been tried", async () => {
    const rules = createChainRules(CHAIN_ID);
    const source = new FailingSource();
    // The contract has been there before this block, so that its storage has to be looked up.
    const word = (value: number): Hex => `0x${value.toString(16).padStart(64, "0")}`;
    const storage = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((slot) => [word(slot), word(slot + 1)]));
    const alloc = { ...genesis.alloc, [PROBE]: { balanceWei: 0n, nonce: 1, code: probeContract().runtime, storage } };
    const first = buildGenesis(rules, { ...genesis, alloc });
    source.add(first);
    const decoder = new TransactionDecoder(rules);
    const executor = await Executor.create(rules, source);
    const { stateRoot } = first.block.header;
    const env = {
      parentHash: toBytes(first.block.hash),
      number: 1n,
      timestamp: BigInt(genesis.timestamp) + 1n,
      prevRandao: new Uint8Array(32),
      feeRecipient: new Uint8Array(20).fill(7),
      gasLimit: GAS_LIMIT,
      baseFeePerGas: 875_000_000n,
      extraData: new Uint8Array(0),
    };
    const probe = new Interface(probeContract().abi);
    const calls: [string, unknown[]][] = [
      ["transient_", [5n]],
      ["innerRevert", [5n]],
      ["precompile", [wallets[4]?.address, "0x"]],
      ["lasting", [word(1)]],
    ];
    const transactions: DecodedTransaction[] = [];
    for (const [nonce, [name, args]] of calls.entries()) {
      const data = probe.encodeFunctionData(name, args);
      transactions.push(decoder.decode(toBytes(await sign(alice, { nonce, to: PROBE, data, gasLimit: 300_000 }))));
    }

    const build = async (failAt: number): Promise<{ hash: string; failures: number }> => {
      const open = await executor.open(stateRoot, env);
      let failures = 0;
      for (const transaction of transactions) {
        source.failAt = failAt;
        const broken = await executor.run(open, transaction).catch((error: Error) => error);
        source.failAt = Number.POSITIVE_INFINITY;
        if (broken instanceof Error) {
          expect(broken).to.be.instanceOf(DamagedDatabase);
          failures++;
          expect((await executor.run(open, transaction)).outcome).to.equal("included");
        }
      }
      return { hash: (await executor.seal(open, [])).block.hash, failures };
    };

    const clean = await build(Number.POSITIVE_INFINITY);
    expect(clean.failures).to.equal(0);
    let failures = 0;
    for (let failAt = 1; failAt <= 20; failAt++) {
      const result = await build(failAt);
      expect(result.hash).to.equal(clean.hash);
      failures += result.failures;
    }
    expect(failures).to.be.greaterThan(8);
  });
});
