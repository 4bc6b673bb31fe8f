import { expect } from "chai";
import { Interface, type Wallet } from "ethers";
import { L2_OUTBOX_ABI, L2_OUTBOX_ROOT_SLOT } from "../../../sdk/abi/generated/l2Outbox.ts";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import { decodeContractError } from "../../../sdk/errors/decode.ts";
import { outboxLeaf } from "../../../sdk/outbox/leaf.ts";
import { L2_OUTBOX_ADDRESS, outboxAccount } from "../../../sdk/outbox/predeploy.ts";
import { OUTBOX_CAPACITY, OutboxTree } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import vectors from "../../vectors/outbox.json" with { type: "json" };
import { type BuiltBlock, build, ETHER, genesis, genesisPoint, setHead, sign, Workshop, wallets } from "./fixture.ts";

const owner = { chainId: BigInt(vectors.chainId), rollup: vectors.rollup as Hex };
const [alice, bob] = wallets as [Wallet, Wallet];
const abi = new Interface(L2_OUTBOX_ABI);
const withOutbox: GenesisConfig = {
  ...genesis,
  alloc: { ...genesis.alloc, [L2_OUTBOX_ADDRESS]: outboxAccount(owner) },
};
/** A withdrawal of the vectors' largest amount costs less. */
const GAS = 200_000;

const withdrawal = (nonce: number, recipient: string, value: bigint, wallet = alice): Promise<Hex> =>
  sign(wallet, {
    nonce,
    to: L2_OUTBOX_ADDRESS,
    value,
    gasLimit: GAS,
    data: abi.encodeFunctionData("withdraw", [recipient]),
  });

describe("engine: the outbox on L2", () => {
  const workshop = new Workshop();
  let engine: EmbeddedEngine;
  let head: { blockHash: Hex; timestamp: number };

  beforeEach(async () => {
    engine = await workshop.open(workshop.path(), Date.now, withOutbox);
    head = genesisPoint(engine);
  });
  after(() => workshop.cleanUp());

  async function mine(...transactions: Hex[]): Promise<BuiltBlock> {
    const built = await build(engine, head, transactions);
    expect(built.results.map(({ outcome }) => outcome)).to.deep.equal(transactions.map(() => "included"));
    head = built.payload;
    await setHead(engine, head.blockHash);
    return built;
  }

  const rootAt = (block: Hex) => engine.reader.getStorageAt(L2_OUTBOX_ADDRESS, L2_OUTBOX_ROOT_SLOT, block);
  const read = async (name: string, args: unknown[] = []) => {
    const data = abi.encodeFunctionData(name, args) as Hex;
    const result = await engine.reader.call({ to: L2_OUTBOX_ADDRESS, data }, "latest");
    return abi.decodeFunctionResult(name, result.data)[0] as unknown;
  };
  const balanceOf = async (address: Hex) => (await engine.reader.getAccount(address, "latest")).balance;
  const errorOf = async (value: bigint, recipient: string) => {
    const data = abi.encodeFunctionData("withdraw", [recipient]) as Hex;
    const request = { from: alice.address as Hex, to: L2_OUTBOX_ADDRESS, data, value };
    const result = await engine.reader.call(request, "latest");
    expect(result.ok).to.equal(false);
    return decodeContractError(result.data);
  };

  it("knows whose it is from the first block on", async () => {
    expect(await read("rollup")).to.match(new RegExp(owner.rollup, "i"));
    expect(await read("l1ChainId")).to.equal(owner.chainId);
    expect(await read("count")).to.equal(0n);
    expect(await rootAt(engine.genesisHash)).to.equal(vectors.trees[0]?.root);
  });

  it("has the vectors' leaves and roots after each withdrawal, and tells of each", async () => {
    const roots = new Map(vectors.trees.map(({ count, root }) => [count, root]));
    const tree = new OutboxTree();
    for (const { index, recipient, amountWei, leaf } of vectors.withdrawals) {
      const { payload } = await mine(await withdrawal(index, recipient, BigInt(amountWei)));
      tree.append(leaf as Hex);
      const root = await rootAt(payload.blockHash);
      expect(root).to.equal(tree.root());
      if (roots.has(index + 1)) expect(root).to.equal(roots.get(index + 1));
      expect(await read("root")).to.equal(root);
      const [log] = (await engine.reader.getReceipts(payload.blockHash))[0]?.logs ?? [];
      expect([...(abi.parseLog(log as { topics: Hex[]; data: Hex })?.args ?? [])]).to.deep.equal([
        BigInt(index),
        alice.address,
        recipient,
        BigInt(amountWei),
        leaf,
      ]);
    }
  });

  it("agrees with the tree about many withdrawals in a block, by several accounts", async () => {
    const tree = new OutboxTree();
    let index = 0;
    for (let block = 0; block < 4; block++) {
      const made = Array.from({ length: 9 }, (_, i) => ({
        wallet: i % 2 === 0 ? alice : bob,
        amountWei: BigInt(i + 1),
      }));
      const nonces = new Map([alice, bob].map((wallet) => [wallet, block * (wallet === alice ? 5 : 4)]));
      const transactions: Hex[] = [];
      for (const { wallet, amountWei } of made) {
        const nonce = nonces.get(wallet) as number;
        nonces.set(wallet, nonce + 1);
        transactions.push(await withdrawal(nonce, bob.address, amountWei, wallet));
        tree.append(outboxLeaf(owner, { index: index++, recipient: bob.address as Hex, amountWei }));
      }
      const { payload } = await mine(...transactions);
      expect(await rootAt(payload.blockHash)).to.equal(tree.root());
    }
  });

  it("keeps for ever what was withdrawn", async () => {
    const before = await balanceOf(alice.address as Hex);
    const { payload } = await mine(await withdrawal(0, bob.address, 3n * ETHER));
    const [receipt] = await engine.reader.getReceipts(payload.blockHash);
    const feeWei = (receipt?.gasUsed ?? 0n) * (receipt?.effectiveGasPrice ?? 0n);
    expect(await balanceOf(alice.address as Hex)).to.equal(before - 3n * ETHER - feeWei);
    expect(await balanceOf(L2_OUTBOX_ADDRESS)).to.equal(3n * ETHER);
  });

  it("refuses a withdrawal of nothing and one to nobody, and changes nothing", async () => {
    expect((await errorOf(0n, bob.address))?.name).to.equal("L2Outbox__NothingToWithdraw");
    expect((await errorOf(1n, `0x${"00".repeat(20)}`))?.name).to.equal("L2Outbox__NoRecipient");
    const { payload } = await mine(await withdrawal(0, `0x${"00".repeat(20)}`, 1n));
    expect((await engine.reader.getReceipts(payload.blockHash))[0]?.status).to.equal(0);
    expect(await read("count")).to.equal(0n);
  });

  it("refuses withdrawals once its tree is full", async () => {
    const account = outboxAccount(owner);
    const [slot, word] = Object.entries(account.storage)[0] as [Hex, Hex];
    const full = { ...account, storage: { [slot]: `0xffffffff${word.slice(10)}` as Hex } };
    const config = { ...genesis, alloc: { ...genesis.alloc, [L2_OUTBOX_ADDRESS]: full } };
    engine = await workshop.open(workshop.path(), Date.now, config);
    expect(await read("rollup")).to.match(new RegExp(owner.rollup, "i"));
    const error = await errorOf(1n, bob.address);
    const args = { capacity: BigInt(OUTBOX_CAPACITY) };
    expect(error).to.deep.include({ name: "L2Outbox__Full", args, remedy: "drop" });
  });

  it("makes another first block for another L1 or another rollup", async () => {
    const hashes: Hex[] = [engine.genesisHash];
    const others = [
      { ...owner, chainId: owner.chainId + 1n },
      { ...owner, rollup: `0x${"12".repeat(20)}` as Hex },
    ];
    for (const other of others) {
      const alloc = { ...genesis.alloc, [L2_OUTBOX_ADDRESS]: outboxAccount(other) };
      hashes.push((await workshop.open(workshop.path(), Date.now, { ...genesis, alloc })).genesisHash);
    }
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it("gives back the state it had before a block that is left again", async () => {
    const fork = head;
    const root = async (first: ExecutionPayload) => rootAt(first.blockHash);
    const one = await mine(await withdrawal(0, bob.address, 1n));
    head = fork;
    const two = await mine(await withdrawal(0, bob.address, 2n));
    expect(await root(one.payload)).to.not.equal(await root(two.payload));
    const tree = new OutboxTree();
    tree.append(outboxLeaf(owner, { index: 0, recipient: bob.address as Hex, amountWei: 2n }));
    expect(await root(two.payload)).to.equal(tree.root());
  });
});
