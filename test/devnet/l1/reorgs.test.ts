import { expect } from "chai";
import { Wallet } from "ethers";
import hre from "hardhat";
import { agentKeys } from "../../../deploy/devnet/accounts.ts";
import { anvilNode } from "../../../deploy/devnet/l1/anvil.ts";
import { loadBlobSetup } from "../../../deploy/devnet/l1/blob-setup.ts";
import { HardhatServer } from "../../../deploy/devnet/l1/hardhat.ts";
import type { L1Node } from "../../../deploy/devnet/l1/interface.ts";
import { ReorganizingL1 } from "../../../deploy/devnet/l1/reorgs.ts";
import { rpc } from "../../../deploy/devnet/rpc.ts";
import { CANCEL_GAS } from "../../../sdk/submit/decide.ts";
import { cancellation, signTransaction } from "../../../sdk/submit/transaction.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { startAnvil } from "../../support/processes.ts";

/** Seconds. */
const L1_SLOT = 2;
const SETUP_TIMEOUT_MS = 60_000;
const FEE_WEI = 100_000_000_000n;

interface Block {
  number: string;
  hash: string;
  timestamp: string;
}

interface Started {
  node: L1Node;
  stop: () => Promise<unknown>;
}

const NODES: [string, () => Promise<Started>][] = [
  [
    "Hardhat's network",
    async () => {
      const connection = await hre.network.create();
      const node = new HardhatServer(connection.provider);
      await node.listen(0);
      return { node, stop: async () => [await node.close(), await connection.close()] };
    },
  ],
  [
    "anvil",
    async () => {
      const args = ["--hardfork", "prague", "--no-request-size-limit", "--order", "fees"];
      const { url, stop } = await startAnvil(args);
      return { node: anvilNode(url), stop };
    },
  ],
];

for (const [name, start] of NODES) {
  describe(`an L1 that reorganises, on ${name}`, function () {
    // A busy machine takes its time to load the blobs' trusted setup.
    this.timeout(120_000);
    let started: Started;
    let chain: ReorganizingL1;
    let now: number;
    let nonce = 0;

    const call = <Result>(method: string, ...params: unknown[]) => rpc<Result>(started.node.url, method, params);
    const latest = () => call<Block>("eth_getBlockByNumber", "latest", false);
    const blockOf = (hash: Hex) =>
      call<{ blockHash: string; blockNumber: string } | null>("eth_getTransactionReceipt", hash);
    async function mine(): Promise<void> {
      now += L1_SLOT;
      await chain.mineAt(now);
    }

    /** A transaction with a blob: its sidecar is in no block, and must come again with it. */
    async function send(): Promise<Hex> {
      const account = new Wallet(agentKeys(0).l1Key);
      const fees = { maxFeePerGasWei: FEE_WEI, maxPriorityFeePerGasWei: FEE_WEI, maxFeePerBlobGasWei: FEE_WEI };
      const chainId = Number(await call<string>("eth_chainId"));
      const blank = { chainId, nonce: nonce++, gasLimit: CANCEL_GAS, fees, blobWrapperVersion: 0 as const };
      const { raw, hash } = await signTransaction(account, {
        ...cancellation(account.address as Hex, true, 0),
        ...blank,
      });
      await call("eth_sendRawTransaction", raw);
      return hash;
    }

    before(async () => {
      started = await start();
      await loadBlobSetup((method, params) => rpc(started.node.url, method, params, SETUP_TIMEOUT_MS));
      await started.node.holdTransactions();
      chain = new ReorganizingL1(started.node);
      now = Number((await latest()).timestamp) + 10;
      await mine();
    });
    after(() => started.stop());

    it("moves what the blocks held to another one, and keeps to the grid of its slots", async () => {
      const hash = await send();
      for (let slot = 0; slot < 3; slot++) await mine();
      const before = await blockOf(hash);
      expect(await chain.reorganize(3, () => true)).to.equal(3);
      const moved = await blockOf(hash);
      expect(moved?.blockHash).to.be.a("string").and.not.equal(before?.blockHash);
      const block = await call<Block>("eth_getBlockByHash", moved?.blockHash, false);
      expect(Number(block.timestamp), "the slot after the first of those that went").to.equal(now - L1_SLOT);
      expect(Number((await latest()).timestamp)).to.equal(now);
    });

    it("forgets what they held, if it is told to, and takes it again from its sender", async () => {
      const first = await latest();
      const hash = await send();
      for (let slot = 0; slot < 2; slot++) await mine();
      expect(await blockOf(hash)).not.to.equal(null);
      expect(await chain.reorganize(2, () => false)).to.equal(2);
      expect(await blockOf(hash)).to.equal(null);
      await mine();
      expect(await blockOf(hash), "nobody has sent it again").to.equal(null);
      nonce--;
      expect(await send()).to.equal(hash);
      await mine();
      expect(Number((await blockOf(hash))?.blockNumber)).to.be.greaterThan(Number(first.number));
    });

    it("takes back no more than it has made", async () => {
      const fresh = new ReorganizingL1(started.node);
      expect(await fresh.reorganize(3, () => true)).to.equal(0);
      await fresh.mineAt(now + L1_SLOT);
      expect(await fresh.reorganize(3, () => true)).to.equal(1);
    });
  });
}
