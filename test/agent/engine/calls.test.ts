import { MerklePatriciaTrie, verifyMPTWithMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { hexToBytes } from "@ethereumjs/util";
import { expect } from "chai";
import { AbiCoder, getCreateAddress, Interface, keccak256, type Wallet } from "ethers";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { CallRequest } from "../../../sdk/agent/engine/interface.ts";
import type { AccountProof, Authorization, CallOverrides } from "../../../sdk/agent/types/calls.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import {
  build,
  CHAIN_ID,
  ETHER,
  GWEI,
  genesisPoint,
  probeContract,
  setHead,
  sign,
  Workshop,
  wallets,
} from "./fixture.ts";

const [alice, bob, carol] = wallets as [Wallet, Wallet, Wallet];
const lower = (address: string): Hex => address.toLowerCase() as Hex;
const token = new Interface(testToken().abi);
const probe = new Interface(probeContract().abi);
const tokenAddress = lower(getCreateAddress({ from: alice.address, nonce: 0 }));
const probeAddress = lower(getCreateAddress({ from: alice.address, nonce: 1 }));
const EMPTY: Hex = "0x00000000000000000000000000000000000000dd";
const word = (value: bigint | number): Hex => `0x${value.toString(16).padStart(64, "0")}`;
const balanceSlot = (owner: string): Hex =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [owner, 1])) as Hex;
const encode = (contract: Interface, name: string, args: unknown[]): Hex =>
  contract.encodeFunctionData(name, args) as Hex;

describe("engine: calls in a changed world, lists and proofs", () => {
  const workshop = new Workshop();
  let engine: EmbeddedEngine;
  let head: ExecutionPayload;

  before(async () => {
    engine = await workshop.open();
    const transactions = [
      await sign(alice, { nonce: 0, data: testToken().bytecode, gasLimit: 2_000_000 }),
      await sign(alice, { nonce: 1, data: probeContract().bytecode, gasLimit: 3_000_000 }),
    ];
    const mint = encode(token, "mint", [bob.address, 50n]);
    transactions.push(await sign(bob, { nonce: 0, to: tokenAddress, data: mint, gasLimit: 100_000 }));
    for (let i = 0; i < 60; i++) {
      const to = `0x${(i * i + 1).toString(16).padStart(40, "7")}`;
      transactions.push(await sign(carol, { nonce: i, to, value: BigInt(i + 1), gasLimit: 21_000 }));
    }
    head = (await build(engine, genesisPoint(engine), transactions)).payload;
    expect(head.transactions).to.have.length(transactions.length);
    await setHead(engine, head.blockHash);
  });
  after(() => workshop.cleanUp());

  const call = async (request: CallRequest, overrides: CallOverrides = {}): Promise<Hex> => {
    const result = await engine.reader.call(request, "latest", overrides);
    if (!result.ok) throw new Error(result.reason);
    return result.data;
  };
  const balanceOf = (owner: string) => ({ to: tokenAddress, data: encode(token, "balanceOf", [owner]) });

  it("a call sees accounts as they are overridden, and leaves nothing behind", async () => {
    const slot = balanceSlot(bob.address);
    const stateDiff = { [tokenAddress]: { stateDiff: { [slot]: word(7) } } };
    expect(BigInt(await call(balanceOf(bob.address), { state: stateDiff }))).to.equal(7n);
    expect(BigInt(await call(balanceOf(bob.address)))).to.equal(50n);
    const other = { [balanceSlot(alice.address)]: word(3) };
    expect(BigInt(await call(balanceOf(bob.address), { state: { [tokenAddress]: { state: other } } }))).to.equal(0n);
    expect(BigInt(await call(balanceOf(bob.address), { state: { [tokenAddress]: { stateDiff: other } } }))).to.equal(
      50n,
    );
    const cleared = { [tokenAddress]: { stateDiff: { [slot]: word(0) } } };
    expect(BigInt(await call(balanceOf(bob.address), { state: cleared }))).to.equal(0n);
  });

  it("a call sees code where there is none, and money where there is not enough", async () => {
    const balance = "0x475f5260205ff3" as const; // returns its own balance
    const state = { [EMPTY]: { code: balance, balance: 5n * ETHER } };
    expect(BigInt(await call({ to: EMPTY }, { state }))).to.equal(5n * ETHER);
    const poor = { from: EMPTY, to: lower(bob.address), value: ETHER };
    expect((await engine.reader.call(poor, "latest")).ok).to.equal(false);
    expect((await engine.reader.call(poor, "latest", { state })).ok).to.equal(true);
    const address = "0x305f5260205ff3" as const; // creation code that returns the new contract's address
    for (const nonce of [5n, 6n]) {
      const made = await call({ from: EMPTY, data: address }, { state: { [EMPTY]: { nonce } } });
      expect(lower(getCreateAddress({ from: EMPTY, nonce }))).to.equal(`0x${made.slice(-40)}`);
    }
  });

  it("a call sees the block as it is overridden", async () => {
    // number, timestamp, coinbase, prevrandao, gaslimit, basefee
    const data = "0x435f52426020524160405244606052456080524860a05260c05ff3";
    const block = {
      number: 1_000n,
      time: 2_000_000_000n,
      gasLimit: 9_000_000n,
      feeRecipient: EMPTY,
      prevRandao: word(77),
      baseFeePerGas: 11n,
    };
    const seen = async (overrides: CallOverrides) => {
      const output = await call({ from: lower(bob.address), data, gasPrice: GWEI * 2n }, overrides);
      return [...AbiCoder.defaultAbiCoder().decode(["uint", "uint", "uint", "uint", "uint", "uint"], output)];
    };
    expect(await seen({ block })).to.deep.equal([1_000n, 2_000_000_000n, BigInt(EMPTY), 77n, 9_000_000n, 11n]);
    const real = await seen({});
    expect(real).to.deep.equal([
      1n,
      BigInt(head.timestamp),
      BigInt(head.feeRecipient),
      BigInt(head.prevRandao),
      30_000_000n,
      head.baseFeePerGas,
    ]);
    expect(await seen({ block: { number: 5n } })).to.deep.equal([5n, ...real.slice(1)]);
  });

  it("an estimate runs in the changed world", async () => {
    const request = { from: EMPTY, to: tokenAddress, data: encode(token, "transfer", [bob.address, 1n]) };
    expect((await engine.reader.estimateGas(request, "latest")).ok).to.equal(false);
    const state = { [tokenAddress]: { stateDiff: { [balanceSlot(EMPTY)]: word(9) } } };
    expect((await engine.reader.estimateGas(request, "latest", { state })).ok).to.equal(true);
  });

  it("an access list holds what the transaction touches, and foretells its gas to the unit", async () => {
    const data = encode(token, "transfer", [carol.address, 20n]);
    const request = { from: lower(bob.address), to: tokenAddress, data };
    const found = await engine.reader.createAccessList(request, "latest");
    const keys = [balanceSlot(bob.address), balanceSlot(carol.address)].sort();
    expect(found.accessList).to.deep.equal([{ address: tokenAddress, storageKeys: keys }]);
    const signed = await sign(bob, {
      nonce: 1,
      to: tokenAddress,
      data,
      gasLimit: 200_000,
      type: 1,
      accessList: found.accessList,
    });
    const { payload } = await build(engine, head, [signed]);
    expect(payload.gasUsed).to.equal(found.gasUsed);
    expect((await engine.reader.call({ ...request, accessList: found.accessList }, "latest")).gasUsed).to.equal(
      payload.gasUsed,
    );
  });

  it("an access list tells also of what reverts, and of accounts without a slot", async () => {
    const failing = {
      from: lower(bob.address),
      to: tokenAddress,
      data: encode(token, "transfer", [carol.address, 51n]),
    };
    const found = await engine.reader.createAccessList(failing, "latest");
    expect(found.error).to.match(/revert/);
    expect(found.accessList[0]?.storageKeys).to.include(balanceSlot(bob.address));
    const inner = { to: probeAddress, data: encode(probe, "precompile", [EMPTY, "0x"]) };
    const { accessList } = await engine.reader.createAccessList(inner, "latest");
    expect(accessList).to.deep.include({ address: EMPTY, storageKeys: [] });
  });

  it("an estimate for an authorization is enough to carry it out", async () => {
    const signed = await carol.authorize({ address: probeAddress, chainId: CHAIN_ID, nonce: 60 });
    const { chainId, address, nonce, signature } = signed;
    const authorization: Authorization = {
      chainId,
      address: lower(address),
      nonce,
      yParity: BigInt(signature.yParity),
      r: BigInt(signature.r),
      s: BigInt(signature.s),
    };
    // Carol's own account runs the probe's code: to write there it needs the authorization.
    const data = encode(probe, "write", [0n, 2n, 9n]);
    const request = { from: lower(bob.address), to: lower(carol.address), data, authorizations: [authorization] };
    const estimate = await engine.reader.estimateGas(request, "latest");
    if (!estimate.ok) throw new Error(estimate.reason);
    const without = await engine.reader.estimateGas({ ...request, authorizations: [] }, "latest");
    expect(Number(estimate.gasUsed - without.gasUsed), "two written slots").to.be.greaterThan(25_000 + 40_000);
    const carry = (gasLimit: bigint) =>
      sign(bob, { type: 4, nonce: 1, to: carol.address, data, gasLimit, authorizationList: [signed] });
    const { payload } = await build(engine, head, [await carry(estimate.gasUsed)]);
    const [receipt] = await engine.reader.getReceipts(payload.blockHash);
    expect(receipt?.status).to.equal(1);
    expect(Number(estimate.gasUsed - (receipt?.gasUsed ?? 0n)), "not far above what it takes").to.be.lessThan(20_000);
    const replayed = { ...authorization, nonce: 61n };
    const unsigned = await engine.reader.estimateGas({ ...request, authorizations: [replayed] }, "latest");
    expect(Number(estimate.gasUsed - unsigned.gasUsed), "nobody signed that").to.be.greaterThan(40_000);
  });

  it("a proof shows accounts and slots under the state root, present and absent, to an independent verifier", async () => {
    const owners = Array.from({ length: 60 }, (_, i) => `0x${(i * i + 1).toString(16).padStart(40, "7")}` as Hex);
    for (const address of [...owners, lower(bob.address), EMPTY]) {
      const proof = await engine.reader.getProof(address, [], "latest");
      expect(await proven(head.stateRoot, address, proof.accountProof), address).to.deep.equal(accountRlp(proof));
    }
    const slots = [balanceSlot(bob.address), balanceSlot(carol.address), word(0)];
    const proof = await engine.reader.getProof(tokenAddress, slots, "latest");
    expect(await proven(head.stateRoot, tokenAddress, proof.accountProof)).to.deep.equal(accountRlp(proof));
    expect(proof.codeHash).to.equal(keccak256(await engine.reader.getCode(tokenAddress, "latest")));
    for (const { key, value, proof: nodes } of proof.storageProof) {
      const found = await proven(proof.storageHash, key, nodes);
      expect(found && BigInt(`0x${Buffer.from(RLP.decode(found) as Uint8Array).toString("hex")}`)).to.equal(
        value === 0n ? null : value,
      );
    }
    expect(proof.storageProof.map(({ value }) => value > 0n)).to.deep.equal([true, false, true]);
    const tampered = proof.accountProof.map((node, i) => (i === 1 ? (`${node.slice(0, -2)}00` as Hex) : node));
    expect(await proven(head.stateRoot, tokenAddress, tampered).catch(() => "refused")).to.equal("refused");
    const before = await engine.reader.getProof(tokenAddress, [word(0)], 0);
    expect([before.nonce, before.storageProof[0]?.proof]).to.deep.equal([0, []]);
  });
});

/** What stands at a key of a hashed trie, by nodes that are checked against the root. */
async function proven(root: Hex, key: Hex, nodes: readonly Hex[]): Promise<Uint8Array | null> {
  const trie = new MerklePatriciaTrie({ useKeyHashing: true });
  const value = await verifyMPTWithMerkleProof(trie, hexToBytes(root), hexToBytes(key), nodes.map(hexToBytes));
  return value && new Uint8Array(value);
}

/** Null for an account that does not exist. */
function accountRlp({ nonce, balance, storageHash, codeHash }: AccountProof): Uint8Array | null {
  const isThere = nonce > 0 || balance > 0n;
  return isThere ? RLP.encode([nonce, balance, hexToBytes(storageHash), hexToBytes(codeHash)]) : null;
}
