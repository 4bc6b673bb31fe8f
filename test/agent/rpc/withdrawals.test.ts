import { expect } from "chai";
import { Interface, type Wallet } from "ethers";
import { L2_OUTBOX_ABI } from "../../../sdk/abi/generated/l2Outbox.ts";
import { WithdrawalProver } from "../../../sdk/agent/rpc/withdrawals.ts";
import type { CheckpointRecord } from "../../../sdk/agent/store/interface.ts";
import { type OutboxWithdrawal, outboxLeaf } from "../../../sdk/outbox/leaf.ts";
import { L2_OUTBOX_ADDRESS } from "../../../sdk/outbox/predeploy.ts";
import { OutboxTree, verifyOutboxProof } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { CHAIN_ID, DevChain, OUTBOX_OWNER, rpc } from "./support/devchain.ts";

const abi = new Interface(L2_OUTBOX_ABI);
const recipient: Hex = `0x${"cd".repeat(20)}`;

interface ProofAnswer {
  index: number;
  recipient: Hex;
  amountWei: Hex;
  leaf: Hex;
  siblings: Hex[];
  outboxRoot: Hex;
  checkpoint: { slot: number; number: number; transactionHash: Hex; l1BlockNumber: number };
}

/** Creation code that withdraws 1 wei twice and creates nothing. */
function withdrawsTwice(): Hex {
  const data = abi.encodeFunctionData("withdraw", [recipient]).slice(2).padEnd(128, "0");
  const inMemory = `7f${data.slice(0, 64)}5f527f${data.slice(64)}602052`;
  const call = `5f5f60245f600173${L2_OUTBOX_ADDRESS.slice(2)}5af150`;
  return `0x${inMemory}${call}${call}00`;
}

describe("baton_getWithdrawalProof", () => {
  let dev: DevChain;
  let wallet: Wallet;
  let made: OutboxWithdrawal[];
  let nonce: number;

  beforeEach(async () => {
    dev = await DevChain.start();
    [wallet] = dev.wallets as [Wallet];
    made = [];
    nonce = 0;
  });
  afterEach(() => dev.stop());

  const ask = (...params: unknown[]) => rpc(dev.url, "baton_getWithdrawalProof", params);
  const proofOf = async (...params: unknown[]): Promise<ProofAnswer> => {
    const { result, error } = await ask(...params);
    expect(error).to.equal(undefined);
    return result as ProofAnswer;
  };

  /** Puts withdrawals of these amounts into the mempool and gives the hashes of their transactions. */
  async function withdraw(...amounts: bigint[]): Promise<Hex[]> {
    const hashes: Hex[] = [];
    for (const amountWei of amounts) {
      const raw = await wallet.signTransaction({
        type: 2,
        chainId: CHAIN_ID,
        nonce: nonce++,
        to: L2_OUTBOX_ADDRESS,
        value: amountWei,
        data: abi.encodeFunctionData("withdraw", [recipient]),
        gasLimit: 200_000n,
        maxFeePerGas: 10n ** 10n,
        maxPriorityFeePerGas: 1n,
      });
      const { result } = await rpc(dev.url, "eth_sendRawTransaction", [raw]);
      hashes.push(result as Hex);
      made.push({ index: made.length, recipient, amountWei });
    }
    return hashes;
  }

  /** Says that a block ends the checkpoint of a slot and that it is settled. */
  function settle(slot: number, block: ExecutionPayload): void {
    const header = { lastBlockNumber: block.blockNumber };
    const landing = { number: slot - 2, transactionHash: `0x${"0".repeat(63)}${slot}`, l1BlockNumber: 40 + slot };
    dev.checkpoints.set(slot, { slot, proposal: { header }, landing } as unknown as CheckpointRecord);
    const { blockNumber, blockHash } = block;
    dev.tipsNow = { ...dev.tipsNow, settled: { slot, digest: undefined, blockNumber, blockHash } };
  }

  function expectProof(answer: ProofAnswer, withdrawal: OutboxWithdrawal, size: number): void {
    const tree = new OutboxTree();
    for (const one of made.slice(0, size)) tree.append(outboxLeaf(OUTBOX_OWNER, one));
    const leaf = outboxLeaf(OUTBOX_OWNER, withdrawal);
    expect(answer).to.deep.include({ index: withdrawal.index, recipient, leaf, outboxRoot: tree.root() });
    expect(BigInt(answer.amountWei)).to.equal(withdrawal.amountWei);
    expect(verifyOutboxProof(answer.outboxRoot, leaf, withdrawal.index, answer.siblings)).to.equal(true);
  }

  it("proves each withdrawal by the newest settled checkpoint, whichever block made it", async () => {
    for (const amounts of [[1n, 2n], [], [3n], [], [], [4n, 5n, 6n]]) {
      await withdraw(...amounts);
      await dev.mine();
    }
    settle(5, await dev.mine());
    for (const withdrawal of [...made].reverse()) expectProof(await proofOf(withdrawal.index), withdrawal, 6);
    expect((await proofOf("0x2")).checkpoint).to.deep.equal({
      slot: 5,
      number: 3,
      transactionHash: `0x${"0".repeat(63)}5`,
      l1BlockNumber: 45,
    });
  });

  it("proves by an older checkpoint if that is asked for, also after newer ones", async () => {
    await withdraw(1n, 2n);
    settle(4, await dev.mine());
    await withdraw(3n);
    settle(5, await dev.mine());
    expectProof(await proofOf(0), made[0]!, 3);
    expectProof(await proofOf(0, 4), made[0]!, 2);
    expectProof(await proofOf(2, "0x5"), made[2]!, 3);
    expect((await ask(2, 4)).error).to.deep.include({ code: -32000, data: { reason: "not-settled" } });
  });

  it("finds a withdrawal by the transaction that made it", async () => {
    const [, second] = await withdraw(1n, 2n);
    settle(4, await dev.mine());
    expectProof(await proofOf(second), made[1]!, 2);
  });

  it("given a transaction that made several, says which they are", async () => {
    const raw = await wallet.signTransaction({
      type: 2,
      chainId: CHAIN_ID,
      nonce: nonce++,
      value: 2n,
      data: withdrawsTwice(),
      gasLimit: 400_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
    });
    const { result } = await rpc(dev.url, "eth_sendRawTransaction", [raw]);
    settle(4, await dev.mine());
    const { error } = await ask(result);
    expect(error).to.deep.include({ code: -32000, data: { reason: "several", indices: [0, 1] } });
    made = [0, 1].map((index) => ({ index, recipient, amountWei: 1n }));
    for (const withdrawal of made) expectProof(await proofOf(withdrawal.index), withdrawal, 2);
  });

  it("says of a withdrawal that is not settled yet that it is not, and null of one that does not exist", async () => {
    expect(await proofOf(0)).to.equal(null);
    const [hash] = await withdraw(1n);
    expect(await proofOf(hash), "still in the mempool").to.equal(null);
    await dev.mine();
    for (const which of [0, hash]) {
      const { error } = await ask(which);
      expect(error).to.deep.include({ code: -32000, data: { reason: "not-settled" } });
    }
    expect(await proofOf(1)).to.equal(null);
    expect(await proofOf(`0x${"12".repeat(32)}`)).to.equal(null);
  });

  it("refuses slots whose checkpoint is not settled or not held, and what is no withdrawal", async () => {
    await withdraw(1n);
    settle(4, await dev.mine());
    for (const slot of [3, 5]) {
      const { error } = await ask(0, slot);
      expect(error?.code).to.equal(-32001);
      expect(error?.message).to.match(/the newest is that of slot 4/);
    }
    for (const bad of ["0xzz", -1, {}, null]) expect((await ask(bad)).error?.code).to.equal(-32602);
  });

  it("after a reorg of what was settled proves what is settled now", async () => {
    const fork = await dev.mine();
    await withdraw(1n, 2n);
    settle(4, await dev.mine(fork.blockHash));
    expectProof(await proofOf(1), made[1]!, 2);

    const [first] = made as [OutboxWithdrawal];
    await dev.setHead(fork.blockHash);
    made = [];
    nonce = 0;
    [, wallet] = dev.wallets as [Wallet, Wallet];
    await withdraw(7n, 8n);
    const other = await dev.mine(fork.blockHash);
    settle(4, other);
    const answer = await proofOf(0);
    expect(BigInt(answer.amountWei)).to.not.equal(first.amountWei);
    expectProof(answer, made[0]!, 2);
  });

  it("reads each block that holds withdrawals once for the tree, and few states between them", async () => {
    for (let block = 0; block < 40; block++) {
      if (block % 13 === 6) await withdraw(1n);
      await dev.mine();
    }
    const calls = { getReceipts: 0, getStorageAt: 0 };
    const prover = new WithdrawalProver({
      getReceipts: (block) => {
        calls.getReceipts++;
        return dev.chain.getReceipts(block);
      },
      getStorageAt: (...args) => {
        calls.getStorageAt++;
        return dev.chain.getStorageAt(...args);
      },
    });
    const answers = await Promise.all([0, 1, 2].map((index) => prover.prove(index, 40)));
    expect(answers.map((answer) => answer?.index)).to.deep.equal([0, 1, 2]);
    expect(calls.getReceipts, "three for the tree, and each answer's own").to.equal(6);
    expect(calls.getStorageAt).to.be.at.most(3 * 6 + 3 * 2);
  });
});
