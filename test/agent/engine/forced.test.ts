import { expect } from "chai";
import { keccak256, Transaction, Wallet } from "ethers";
import fc from "fast-check";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import { MAX_FORCED_GAS, MAX_TRANSACTION_BYTES } from "../../../sdk/agent/engine/execution/forced.ts";
import { EngineError } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { nestedLists } from "../../support/nested-lists.ts";
import { build, CHAIN_ID, ETHER, FOREVER, GWEI, genesisPoint, sign, transfer, Workshop, wallets } from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob, carol] = wallets as [Wallet, Wallet, Wallet];
/** What a transaction may use by its own words; undefined if it is none. */
function gasLimitOf(raw: Hex): bigint | undefined {
  try {
    return Transaction.from(raw).gasLimit;
  } catch {
    return undefined;
  }
}

/** Well-formed in every way, as L1 would take it. */
const blobTransaction = (wallet: Wallet, nonce: number): Promise<Hex> =>
  sign(wallet, {
    type: 3,
    nonce,
    to: bob.address,
    gasLimit: 21_000,
    maxFeePerBlobGas: GWEI,
    blobVersionedHashes: [`0x01${"11".repeat(31)}`],
  });

/** Holds nothing. */
const pauper = new Wallet(`0x${"77".repeat(32)}`);

describe("engine: forced transactions", () => {
  const workshop = new Workshop();
  let builder: EmbeddedEngine;
  let judge: EmbeddedEngine;

  beforeEach(async () => {
    [builder, judge] = [await workshop.open(), await workshop.open()];
  });
  after(() => workshop.cleanUp());

  const block = (transactions: Hex[], forced: Hex[]) => build(builder, genesisPoint(builder), transactions, { forced });

  it("come first, in their order, before what the pool offers", async () => {
    const forced = [await transfer(bob, 0, alice.address), await transfer(alice, 0, bob.address)];
    const pooled = await transfer(carol, 0, bob.address, 5n);
    const { payload } = await block([pooled], forced);
    expect(payload.transactions).to.deep.equal([...forced, pooled]);
    expect(await judge.newPayload(payload, forced)).to.deep.equal({ status: "VALID" });
  });

  it("may build on one another", async () => {
    const gift = await transfer(alice, 0, pauper.address, ETHER);
    const spent = await transfer(pauper, 0, bob.address);
    expect((await block([], [gift, spent])).payload.transactions).to.deep.equal([gift, spent]);
    expect((await block([], [spent, gift])).payload.transactions).to.deep.equal([gift]);
  });

  const call = { nonce: 0, to: bob.address, value: 1n };
  const voids: [string, () => Promise<Hex>][] = [
    ["no bytes at all", () => Promise.resolve("0x")],
    ["bytes that are no transaction", () => Promise.resolve("0xc0ffee")],
    ["lists that nest deep", () => Promise.resolve<Hex>(`0x02${Buffer.from(nestedLists(10_000)).toString("hex")}`)],
    ["a type that does not exist", async () => `0x05${(await transfer(alice, 0, bob.address)).slice(4)}` as Hex],
    ["a blob transaction", () => blobTransaction(alice, 0)],
    ["an unsigned one", async () => (await transfer(alice, 0, bob.address)).slice(0, -128) as Hex],
    ["one with a byte behind it", async () => `${await transfer(alice, 0, bob.address)}00` as Hex],
    ["one of another chain", () => sign(alice, { ...call, gasLimit: 21_000, chainId: CHAIN_ID + 1 })],
    ["one of another chain in the old form", () => sign(alice, { ...call, type: 0, gasLimit: 21_000, chainId: 1 })],
    ["a nonce too high", () => transfer(alice, 1, bob.address)],
    ["more than the sender holds", () => transfer(alice, 0, bob.address, 1_000n * ETHER)],
    ["a sender who holds nothing", () => transfer(pauper, 0, bob.address)],
    ["too much gas", () => sign(alice, { ...call, gasLimit: MAX_FORCED_GAS + 1n })],
    ["less gas than it costs at the least", () => sign(alice, { ...call, gasLimit: 20_999 })],
    [
      "a fee below the base fee",
      () => sign(alice, { ...call, gasLimit: 21_000, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }),
    ],
    [
      "more bytes than a transaction may have",
      () => sign(alice, { ...call, gasLimit: MAX_FORCED_GAS, data: `0x${"00".repeat(MAX_TRANSACTION_BYTES)}` }),
    ],
  ];
  for (const [name, make] of voids) {
    it(`are void if they are ${name}: builder and judge pass over them`, async () => {
      const good = await transfer(carol, 0, bob.address);
      const forced = [await make(), good];
      const { payload } = await block([], forced);
      expect(payload.transactions).to.deep.equal([good]);
      expect(await judge.newPayload(payload, forced)).to.deep.equal({ status: "VALID" });
    });
  }

  it("may use as much gas as allowed", async () => {
    const forced = [await sign(alice, { ...call, gasLimit: MAX_FORCED_GAS })];
    expect((await block([], forced)).payload.transactions).to.deep.equal(forced);
  });

  it("are executed once, though forced twice or offered by the pool too", async () => {
    const one = await transfer(alice, 0, bob.address);
    const { payload, results } = await block([one], [one, one]);
    expect(payload.transactions).to.deep.equal([one]);
    expect(results[0]?.outcome).to.equal("invalid");
  });

  it("left out, moved back, swapped or replaced make a block INVALID, for a reason of its own", async () => {
    const [first, second] = [await transfer(alice, 0, bob.address), await transfer(carol, 0, bob.address)];
    const pooled = await transfer(bob, 0, alice.address);
    const cheats: [string, Hex[]][] = [
      ["all left out", [pooled]],
      ["an empty block", []],
      ["one left out", [first, pooled]],
      ["the first left out", [second, pooled]],
      ["swapped", [second, first]],
      ["behind another", [pooled, first, second]],
      ["another between", [first, pooled, second]],
      ["another of the same nonce", [await transfer(alice, 0, bob.address, 2n), second]],
    ];
    for (const [name, transactions] of cheats) {
      const { payload } = await block(transactions, []);
      expect(payload.transactions, name).to.deep.equal(transactions);
      const status = await judge.newPayload(payload, [first, second]);
      expect(status, name).to.include({ status: "INVALID", code: "forced-transactions" });
      expect(status.reason, name).to.match(/transaction \d: expected the forced 0x/);
    }
    const { payload } = await block([first, second, pooled], []);
    expect(await judge.newPayload(payload, [first, second])).to.deep.equal({ status: "VALID" });
  });

  it("are demanded of a block that was judged before, when less was forced", async () => {
    const { payload } = await block([await transfer(carol, 0, bob.address)], []);
    expect(await judge.newPayload(payload)).to.deep.equal({ status: "VALID" });
    expect(await judge.newPayload(payload, ["0x"])).to.deep.equal({ status: "VALID" });
    const status = await judge.newPayload(payload, [await transfer(alice, 0, bob.address)]);
    expect(status).to.include({ status: "INVALID", code: "forced-transactions" });
  });

  it("leave nothing behind where they are void: the block equals one that never saw them", async () => {
    const pooled = await transfer(alice, 0, bob.address);
    const plain = (await block([pooled], [])).payload;
    const void1 = await transfer(alice, 7, bob.address);
    expect((await block([pooled], ["0x", void1, "0x03"])).payload).to.deep.equal(plain);
  });

  it("given another block on top, count from the state they meet there", async () => {
    const first = await block([await transfer(alice, 0, bob.address)], []);
    const forced = [await transfer(alice, 0, bob.address, 2n), await transfer(alice, 1, bob.address)];
    const { payload } = await build(builder, first.payload, [], { forced });
    expect(payload.transactions).to.deep.equal([forced[1]]);
  });

  it("that are not bytes are refused as attributes", async () => {
    for (const forced of [["0x0"], [7], "0x00", Array(1_025).fill("0x")]) {
      const error = await rejection(block([], forced as Hex[]));
      expect(error).to.be.instanceOf(EngineError).with.property("code", "bad-request");
    }
  });

  it("whatever they are, builder and judge agree, and only the prefix passes", async function () {
    this.timeout(120_000);
    const kinds = ["valid", "nonce", "poor", "garbage", "blob", "foreign", "gas", "gift"] as const;
    const item = fc.record({
      kind: fc.constantFrom(...kinds),
      from: fc.nat(2),
      nonce: fc.nat(3),
      noise: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 8 }), fc.array(item, { maxLength: 3 }), async (list, poolList) => {
        const nonces = new Map<Wallet, number>();
        const forced: Hex[] = [];
        for (const one of list) forced.push(await transactionOf(one, nonces));
        const pool: Hex[] = [];
        for (const one of poolList) pool.push(await transactionOf({ ...one, kind: "valid" }, nonces));
        const { payload } = await block(pool, forced);
        expect(await judge.newPayload(payload, forced)).to.deep.equal({ status: "VALID" });

        // A plain reading of the rule: each one in turn is offered to the block as it is by then.
        const expected = await replay(forced);
        expect(payload.transactions.slice(0, expected.length)).to.deep.equal(expected);

        for (const left of expected) {
          const others = payload.transactions.filter((raw) => raw !== left);
          const cheat = (await block(others, [])).payload;
          expect(await judge.newPayload(cheat, forced)).to.include({ status: "INVALID", code: "forced-transactions" });
        }
      }),
      { numRuns: 40 },
    );
  });

  interface Item {
    kind: string;
    from: number;
    nonce: number;
    noise: Uint8Array;
  }

  /** Mostly with the nonce that would be next if all before were executed. */
  async function transactionOf({ kind, from, nonce, noise }: Item, nonces: Map<Wallet, number>): Promise<Hex> {
    const wallet = [alice, carol, pauper][from] as Wallet;
    const next = nonces.get(wallet) ?? 0;
    const base = { nonce: next, to: bob.address, value: 1n, gasLimit: 21_000 };
    if (kind === "garbage") return `0x${Buffer.from(noise).toString("hex")}`;
    if (kind === "nonce") return sign(wallet, { ...base, nonce });
    if (kind === "foreign") return sign(wallet, { ...base, chainId: 1 });
    if (kind === "gas") return sign(wallet, { ...base, gasLimit: MAX_FORCED_GAS + BigInt(nonce) });
    if (kind === "poor") return sign(wallet, { ...base, value: 10n ** 24n });
    const made = await sign(wallet, kind === "gift" ? { ...base, to: pauper.address, value: GWEI * 10n ** 7n } : base);
    if (kind === "blob") return blobTransaction(wallet, next);
    nonces.set(wallet, next + 1);
    return made;
  }

  /** What can run of `forced`, by asking for a block with one more each time. */
  async function replay(forced: Hex[]): Promise<Hex[]> {
    const id = await judge.startPayload(judge.genesisHash, {
      timestamp: genesisPoint(judge).timestamp + 1,
      prevRandao: `0x${"00".repeat(32)}`,
      feeRecipient: `0x${"00".repeat(20)}`,
      withdrawals: [],
      gasLimit: 30_000_000n,
    });
    const ran: Hex[] = [];
    for (const raw of forced) {
      const declared = gasLimitOf(raw);
      if (declared !== undefined && declared > MAX_FORCED_GAS) continue;
      const [result] = await judge.appendTransactions(id, [raw], FOREVER);
      if (result?.outcome === "included") ran.push(raw);
      if (result?.outcome === "included") expect(result.hash).to.equal(keccak256(raw));
    }
    await judge.getPayload(id);
    return ran;
  }
});
