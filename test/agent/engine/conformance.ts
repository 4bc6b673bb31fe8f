import { expect } from "chai";
import { AbiCoder, getCreateAddress, Interface, keccak256, type Wallet } from "ethers";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { ChainReader, ExecutionEngine, TransactionReceipt } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import {
  attributes,
  build,
  ETHER,
  FOREVER,
  GAS_LIMIT,
  GWEI,
  genesisPoint,
  probeContract,
  setHead,
  sign,
  transfer,
  Workshop,
  wallets,
  ZERO_HASH,
} from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob, carol, dave] = wallets as [Wallet, Wallet, Wallet, Wallet];
const RECIPIENT: Hex = "0x00000000000000000000000000000000000000aa";
const UNKNOWN: Hex = `0x${"12".repeat(32)}`;
const token = new Interface(testToken().abi);
const probe = new Interface(probeContract().abi);
const tokenAddress = getCreateAddress({ from: alice.address, nonce: 0 }).toLowerCase() as Hex;
const probeAddress = getCreateAddress({ from: alice.address, nonce: 1 }).toLowerCase() as Hex;

/** In what engines may differ. */
export interface Traits {
  /** Whether it can begin a block with forced transactions. */
  buildsForced: boolean;
  /** Its receipts tell the price that was paid and number the logs of a block. */
  exactReceipts: boolean;
  /** Ends what stands behind the engine as a crash would, and starts it with nothing. */
  restart?: () => Promise<void>;
}

type Engine = ExecutionEngine & ChainReader;

/**
 * What an agent relies on, whichever engine stands behind the port. One chain grows from test to test, because to start
 * a client takes seconds; beside it grows that of an embedded engine, whose blocks the engine judges.
 */
export function conformance(name: string, open: () => Promise<Engine>, traits: Traits): void {
  describe(`conformance of the ${name}`, () => {
    const workshop = new Workshop();
    let engine: Engine;
    let reference: EmbeddedEngine;
    let head: { blockHash: Hex; timestamp: number };

    before(async () => {
      [engine, reference] = [await open(), await workshop.open()];
      head = genesisPoint(engine);
    });
    after(() => workshop.cleanUp());

    /** A block of the reference on the common head. */
    const foreignBlock = async (transactions: Hex[], change = {}): Promise<ExecutionPayload> =>
      (await build(reference, head, transactions, change)).payload;

    const nonceOf = async ({ address }: Wallet): Promise<number> =>
      (await engine.getAccount(address as Hex, "latest")).nonce;

    /** Both engines take the block for their head. */
    async function advance(payload: ExecutionPayload): Promise<void> {
      for (const one of [reference, engine]) {
        expect((await one.newPayload(payload)).status).to.equal("VALID");
        expect(await setHead(one, payload.blockHash)).to.deep.equal({ status: "VALID" });
      }
      head = payload;
    }

    it("starts at the configured first block", async () => {
      expect(engine.genesisHash).to.equal(reference.genesisHash);
      expect(await engine.getBlock(0)).to.deep.equal(await reference.reader.getBlock(0));
      expect(await engine.getBlock("earliest")).to.deep.equal(await engine.getBlock("finalized"));
      expect(await setHead(engine, engine.genesisHash)).to.deep.equal({ status: "VALID" });
    });

    it("takes a block of another engine, and tells the same of its accounts, code, storage and receipts", async () => {
      const block = await foreignBlock([
        await sign(alice, { nonce: 0, data: testToken().bytecode, gasLimit: 2_000_000 }),
        await sign(alice, { nonce: 1, data: probeContract().bytecode, gasLimit: 3_000_000 }),
        await sign(bob, {
          nonce: 0,
          to: tokenAddress,
          data: token.encodeFunctionData("mint", [bob.address, 50n]),
          gasLimit: 100_000,
        }),
        await sign(bob, {
          nonce: 1,
          to: tokenAddress,
          data: token.encodeFunctionData("transfer", [alice.address, 51n]),
          gasLimit: 100_000,
        }),
      ]);
      await advance(block);
      expect(await engine.getBlock("latest")).to.deep.equal(block);
      expect(await engine.getBlock(block.blockHash)).to.deep.equal(block);
      const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [bob.address, 1])) as Hex;
      expect(BigInt(await engine.getStorageAt(tokenAddress, slot, "latest"))).to.equal(50n);
      expect(BigInt(await engine.getStorageAt(tokenAddress, slot, 0))).to.equal(0n);
      expect(await engine.getCode(tokenAddress, "latest")).to.equal(testToken().runtime);
      expect(await engine.getCode(tokenAddress, 0)).to.equal("0x");
      for (const { address } of wallets) {
        const account = await reference.reader.getAccount(address as Hex, "latest");
        expect(await engine.getAccount(address as Hex, "latest")).to.deep.equal(account);
      }
      const known = await reference.reader.getReceipts("latest");
      expect(known.map(({ status }) => status)).to.deep.equal([1, 1, 1, 0]);
      const comparable = (all: typeof known) => (traits.exactReceipts ? all : all.map(withoutPlaceAndPrice));
      expect(comparable(await engine.getReceipts(block.blockHash))).to.deep.equal(comparable(known));
      const hash = keccak256(block.transactions[2] as Hex) as Hex;
      expect(comparable([(await engine.getReceipt(hash)) as (typeof known)[0]])).to.deep.equal(
        comparable(known.slice(2, 3)),
      );
      expect(await engine.getTransaction(hash)).to.deep.equal({
        raw: block.transactions[2],
        blockHash: block.blockHash,
        blockNumber: 1,
        index: 2,
      });
      expect(await engine.getReceipt(UNKNOWN)).to.equal(undefined);
      expect(await engine.getTransaction(UNKNOWN)).to.equal(undefined);
      expect(await engine.getNextBaseFee("latest")).to.equal(await reference.reader.getNextBaseFee("latest"));
      expect(await engine.getNextBaseFee(0)).to.equal(await reference.reader.getNextBaseFee(0));
    });

    it("builds on its head what another engine finds valid: deposits, and transactions offered", async () => {
      const withdrawals = [
        { index: 7, validatorIndex: 0, address: RECIPIENT, amountGwei: 5n },
        { index: 8, validatorIndex: 0, address: bob.address.toLowerCase() as Hex, amountGwei: 0n },
      ];
      const nonce = await nonceOf(carol);
      const offered = [await transfer(carol, nonce, bob.address), await transfer(carol, nonce + 1, bob.address)];
      const { payload, results } = await build(engine, head, offered, { withdrawals });
      expect(results.every(({ outcome }) => outcome === "included" || outcome === "offered")).to.equal(true);
      expect(payload).to.deep.include({ ...expected(head), withdrawals, transactions: offered });
      expect(await reference.newPayload(payload)).to.deep.equal({ status: "VALID" });
      expect(await engine.newPayload(payload)).to.deep.equal({ status: "VALID" });
      await advance(payload);
      expect((await engine.getAccount(RECIPIENT, "latest")).balance).to.equal(5n * GWEI);
      expect(await nonceOf(carol)).to.equal(nonce + 2);
    });

    it("builds without what can never run, and says which that is", async () => {
      const nonce = await nonceOf(carol);
      const good = await transfer(carol, nonce, bob.address);
      const never: Hex[] = [
        "0x02",
        "nonsense" as Hex,
        `0x03${good.slice(4)}`,
        await sign(bob, { nonce: 2, to: RECIPIENT, gasLimit: 21_000, chainId: 1 }),
        await sign(bob, { nonce: 2, to: RECIPIENT, gasLimit: Number(GAS_LIMIT) + 1 }),
      ];
      const later = await transfer(dave, (await nonceOf(dave)) + 3, bob.address);
      const { payload, results } = await build(engine, head, [...never, later, good]);
      expect(results.slice(0, never.length).map(({ outcome }) => outcome)).to.deep.equal(never.map(() => "invalid"));
      expect(results.map(({ hash }) => hash).at(-1)).to.equal(keccak256(good));
      expect(payload.transactions).to.deep.equal([good]);
      await advance(payload);
    });

    it("offers nothing once the deadline has passed", async () => {
      const id = await engine.startPayload(head.blockHash, attributes(head));
      expect(await engine.appendTransactions(id, [await transfer(bob, 9, RECIPIENT)], 0)).to.deep.equal([]);
      expect((await engine.getPayload(id)).transactions).to.deep.equal([]);
    });

    it("finds a block with a wrong field INVALID, and it leaves no trace", async () => {
      const good = await foreignBlock([await transfer(dave, await nonceOf(dave), bob.address)]);
      const wrong: Partial<ExecutionPayload>[] = [
        { stateRoot: UNKNOWN },
        { receiptsRoot: UNKNOWN },
        { gasUsed: good.gasUsed + 1n },
        { logsBloom: `0x${"01".repeat(256)}` },
        { withdrawals: [{ index: 1, validatorIndex: 0, address: RECIPIENT, amountGwei: 1n }] },
        { transactions: [] },
        { baseFeePerGas: good.baseFeePerGas + 1n },
        { timestamp: head.timestamp },
        { blockNumber: good.blockNumber + 1 },
      ];
      for (const change of wrong) {
        const forged = await resealed(reference, { ...good, ...change });
        const { status, reason } = await engine.newPayload(forged);
        expect(status, Object.keys(change)[0]).to.equal("INVALID");
        expect(reason).to.be.a("string").that.is.not.empty;
        expect((await setHead(engine, forged.blockHash)).status).to.not.equal("VALID");
      }
      for (const change of [{ blockHash: UNKNOWN }, { extraData: "0x1" }, { transactions: ["zz"] }, { gasUsed: "1" }]) {
        const { status } = await engine.newPayload({ ...good, ...change } as ExecutionPayload);
        expect(status, JSON.stringify(change)).to.equal("INVALID");
      }
      expect((await engine.getBlock("latest"))?.blockHash).to.equal(head.blockHash);
      await advance(good);
    });

    it("is SYNCING at a block without its parent, and takes it when that has come", async () => {
      const first = await foreignBlock([await transfer(dave, await nonceOf(dave), bob.address)]);
      const second = (await build(reference, first, [])).payload;
      expect((await engine.newPayload(second)).status).to.equal("SYNCING");
      expect((await setHead(engine, UNKNOWN)).status).to.equal("SYNCING");
      await advance(first);
      await advance(second);
    });

    it("moves between siblings and back, and keeps the blocks it left", async () => {
      const nonce = await nonceOf(dave);
      const one = await foreignBlock([await transfer(dave, nonce, RECIPIENT, 1n)], attributes(head, 1));
      const other = await foreignBlock([await transfer(dave, nonce, RECIPIENT, 2n)], attributes(head, 2));
      const child = (await build(reference, other, [await transfer(dave, nonce + 1, RECIPIENT, 4n)])).payload;
      const start = (await engine.getAccount(RECIPIENT, "latest")).balance;
      for (const block of [one, other, child]) expect((await engine.newPayload(block)).status).to.equal("VALID");
      const gained = async (tip: ExecutionPayload): Promise<bigint> => {
        expect(await setHead(engine, tip.blockHash)).to.deep.equal({ status: "VALID" });
        expect(await engine.getBlock("latest")).to.deep.equal(tip);
        return (await engine.getAccount(RECIPIENT, "latest")).balance - start;
      };
      expect(await gained(one)).to.equal(1n);
      expect(await gained(child)).to.equal(6n);
      expect(await engine.getBlock(one.blockHash)).to.deep.equal(one);
      expect(await gained(one)).to.equal(1n);
      expect(await engine.getBlock(child.blockHash)).to.deep.equal(child);
      expect(await engine.getReceipt(keccak256(child.transactions[0] as Hex) as Hex)).to.equal(undefined);
      await advance(one);
    });

    it("names what is safe and finalized, and moves nothing if they are not on the head's chain", async () => {
      const stray = await foreignBlock([], attributes(head, 5));
      const next = await foreignBlock([await transfer(dave, await nonceOf(dave), bob.address)]);
      await engine.newPayload(stray);
      const before = head;
      await advance(next);
      const state = {
        headBlockHash: next.blockHash,
        safeBlockHash: before.blockHash,
        finalizedBlockHash: engine.genesisHash,
      };
      expect(await engine.forkchoiceUpdated(state)).to.deep.equal({ status: "VALID" });
      expect((await engine.getBlock("safe"))?.blockHash).to.equal(before.blockHash);
      expect((await engine.getBlock("finalized"))?.blockNumber).to.equal(0);
      for (const wrong of [{ safeBlockHash: stray.blockHash }, { finalizedBlockHash: stray.blockHash }]) {
        expect((await engine.forkchoiceUpdated({ ...state, ...wrong })).status).to.equal("INVALID");
        expect((await engine.getBlock("safe"))?.blockHash).to.equal(before.blockHash);
      }
      expect((await engine.forkchoiceUpdated({ ...state, headBlockHash: "0x12" })).status).to.equal("INVALID");
      expect(await engine.forkchoiceUpdated(state)).to.deep.equal({ status: "VALID" });
    });

    it("calls and estimates without changing anything", async () => {
      const balanceOf = { to: tokenAddress, data: token.encodeFunctionData("balanceOf", [bob.address]) as Hex };
      expect(await engine.call(balanceOf, "latest")).to.deep.include({ ok: true, data: word(50n) });
      const fail = { to: probeAddress, data: probe.encodeFunctionData("fail", ["not today"]) as Hex };
      expect(await engine.call(fail, "latest")).to.deep.include({
        ok: false,
        data: new Interface(["error Error(string)"]).encodeErrorResult("Error", ["not today"]),
        reason: "execution reverted: not today",
      });
      const mint = {
        from: bob.address as Hex,
        to: tokenAddress,
        data: token.encodeFunctionData("mint", [bob.address, 1n]) as Hex,
      };
      const estimate = await engine.estimateGas(mint, "latest");
      if (!estimate.ok) throw new Error(estimate.reason);
      const block = await foreignBlock([
        await sign(bob, { nonce: await nonceOf(bob), to: mint.to, data: mint.data, gasLimit: estimate.gasUsed }),
      ]);
      expect((await reference.reader.getReceipts(block.blockHash))[0]?.status).to.equal(1);
      expect(await engine.call(balanceOf, "latest")).to.deep.include({ data: word(50n) });
    });

    it("proves accounts and slots of the head, as the embedded engine does", async () => {
      for (const [address, slots] of [
        [tokenAddress, [word(0n) as Hex, word(1n) as Hex]],
        [RECIPIENT, []],
        ["0x00000000000000000000000000000000000000ee", [word(0n) as Hex]],
      ] as const) {
        const expected = await reference.reader.getProof(address, slots, "latest");
        expect(await engine.getProof(address, slots, "latest"), address).to.deep.equal(expected);
      }
    });

    it("judges whether a block begins with what was forced", async () => {
      const nonce = await nonceOf(carol);
      const forced = [
        await transfer(carol, nonce, dave.address, ETHER),
        await transfer(carol, nonce + 5, dave.address),
        await sign(carol, {
          nonce: nonce + 1,
          to: tokenAddress,
          data: token.encodeFunctionData("mint", [carol.address, 9n]),
          gasLimit: 200_000,
        }),
        "0xc0ffee" as Hex,
      ];
      const honest = await foreignBlock([await transfer(dave, await nonceOf(dave), bob.address)], { forced });
      expect(honest.transactions.slice(0, 2)).to.deep.equal([forced[0], forced[2]]);
      expect(honest.transactions).to.have.length(3);
      expect(await engine.newPayload(honest, forced)).to.deep.equal({ status: "VALID" });
      const cheat = await foreignBlock([forced[0] as Hex], attributes(head, 2));
      const judged = await engine.newPayload(cheat, forced);
      expect(judged).to.deep.include({ status: "INVALID", code: "forced-transactions" });
      await advance(honest);
    });

    it("begins a block with what is forced, or refuses to open one", async () => {
      const forced = [await transfer(carol, await nonceOf(carol), dave.address)];
      const opened = engine.startPayload(head.blockHash, { ...attributes(head), forced });
      if (!traits.buildsForced) return expect(await rejection(opened)).to.include({ code: "unsupported" });
      expect((await engine.getPayload(await opened)).transactions).to.deep.equal(forced);
    });

    it("builds on a block below its head, and goes back to its head", async () => {
      const fresh = await foreignBlock([]);
      const below = head;
      await advance(fresh);
      const { payload } = await build(engine, below, [], attributes(below, 3));
      expect(payload).to.deep.include({ ...expected(below, 3), transactions: [] });
      expect((await engine.getBlock("latest"))?.blockHash).to.equal(fresh.blockHash);
      expect(await engine.getAccount(bob.address as Hex, "latest")).to.deep.equal(
        await reference.reader.getAccount(bob.address as Hex, "latest"),
      );
    });

    it("answers what makes no sense with typed errors", async () => {
      const good = attributes(head);
      const start = (parent: Hex, change: object) => rejection(engine.startPayload(parent, { ...good, ...change }));
      expect(await start(UNKNOWN, {})).to.include({ code: "unknown-block" });
      expect(await start("0x12", {})).to.include({ code: "unknown-block" });
      for (const change of [{ timestamp: head.timestamp }, { gasLimit: 2n * GAS_LIMIT }, { prevRandao: "0x00" }]) {
        expect(await start(head.blockHash, change)).to.include({ code: "bad-request" });
      }
      expect(await rejection(engine.getPayload("0x1"))).to.include({ code: "unknown-payload" });
      expect(await rejection(engine.appendTransactions("0x1", [], FOREVER))).to.include({ code: "unknown-payload" });
      const id = await engine.startPayload(head.blockHash, good);
      await engine.getPayload(id);
      expect(await rejection(engine.getPayload(id))).to.include({ code: "unknown-payload" });
      const address = bob.address as Hex;
      expect(await rejection(engine.getAccount(address, 9_999))).to.include({ code: "unknown-block" });
      expect(await rejection(engine.getReceipts(UNKNOWN))).to.include({ code: "unknown-block" });
      expect(await engine.getBlock(UNKNOWN)).to.equal(undefined);
      for (const call of [
        () => engine.getBlock("pending" as Hex),
        () => engine.getBlock(-1),
        () => engine.getAccount("0x12", "latest"),
        () => engine.getStorageAt(address, "0x0", "latest"),
        () => engine.call({ to: "0x1" }, "latest"),
        () => engine.call({ to: address, value: -1n }, "latest"),
        () => engine.getReceipt("0x1234"),
      ]) {
        expect(await rejection(call())).to.include({ code: "bad-request" });
      }
    });

    const { restart } = traits;
    if (restart !== undefined) {
      it("goes on where it was after what stands behind it was started again with nothing", async () => {
        const next = await foreignBlock([await transfer(dave, await nonceOf(dave), bob.address)]);
        await restart();
        await advance(next);
        expect(await engine.getBlock("latest")).to.deep.equal(next);
        const { payload } = await build(engine, head, [await transfer(dave, await nonceOf(dave), bob.address)]);
        expect(payload.transactions).to.have.length(1);
        await advance(payload);
      });
    }

    it("answers nothing once it is closed", async () => {
      await engine.close();
      expect(await rejection(engine.getPayload("0x1"))).to.include({ code: "closed" });
      expect(await rejection(setHead(engine, head.blockHash))).to.include({ code: "closed" });
      expect(await rejection(engine.getBlock("latest"))).to.include({ code: "closed" });
    });
  });
}

const withoutPlaceAndPrice = (receipt: TransactionReceipt) => ({
  ...receipt,
  effectiveGasPrice: 0n,
  logs: receipt.logs.map((log) => ({ ...log, logIndex: 0 })),
});

const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

/** The fields that `attributes` asks for. */
function expected(parent: { blockHash: Hex; timestamp: number }, variant = 1) {
  const { withdrawals: _, ...rest } = attributes(parent, variant);
  return { ...rest, parentHash: parent.blockHash, extraData: "0x" };
}

/** The block with the hash of its content: an engine that knows better says which it is. */
async function resealed(engine: ExecutionEngine, payload: ExecutionPayload): Promise<ExecutionPayload> {
  const { reason } = await engine.newPayload({ ...payload, blockHash: ZERO_HASH });
  const hash = /block hash of this content is (0x[0-9a-f]{64})/.exec(reason ?? "")?.[1];
  return { ...payload, blockHash: (hash ?? payload.blockHash) as Hex };
}
