import { statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { assembleBlock } from "../../../sdk/agent/engine/chain/block.ts";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import { toBytes } from "../../../sdk/agent/engine/hex.ts";
import { MAX_BLOCK_TRANSACTIONS, MAX_BLOCK_WITHDRAWALS } from "../../../sdk/agent/engine/payload-format.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import { build, CHAIN_ID, GAS_LIMIT, GWEI, genesisPoint, sign, transfer, Workshop, wallets } from "./fixture.ts";
import { random } from "./random-transactions.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const RECIPIENT: Hex = "0x00000000000000000000000000000000000000aa";
const HASH: Hex = `0x${"5a".repeat(32)}`;
const rules = createChainRules(CHAIN_ID);

/** The payload with the block hash that its content has, so that only the content can be wrong. */
function rehash(payload: ExecutionPayload): ExecutionPayload {
  const env = {
    parentHash: toBytes(payload.parentHash),
    number: BigInt(payload.blockNumber),
    timestamp: BigInt(payload.timestamp),
    prevRandao: toBytes(payload.prevRandao),
    feeRecipient: toBytes(payload.feeRecipient),
    gasLimit: payload.gasLimit,
    baseFeePerGas: payload.baseFeePerGas,
    extraData: toBytes(payload.extraData),
  };
  const { hash } = assembleBlock(rules, env, payload.transactions.map(toBytes), payload.withdrawals, {
    stateRoot: toBytes(payload.stateRoot),
    receiptTrie: toBytes(payload.receiptsRoot),
    logsBloom: toBytes(payload.logsBloom),
    gasUsed: payload.gasUsed,
  });
  return { ...payload, blockHash: hash };
}

describe("engine: judging payloads", () => {
  const workshop = new Workshop();
  let builder: EmbeddedEngine;
  let judge: EmbeddedEngine;
  let path: string;
  let good: ExecutionPayload;

  before(async () => {
    path = workshop.path();
    [builder, judge] = [await workshop.open(), await workshop.open(path)];
    const transactions = [
      await transfer(alice, 0, RECIPIENT),
      await sign(alice, { nonce: 1, data: testToken().bytecode, gasLimit: 2_000_000 }),
      await transfer(bob, 0, RECIPIENT),
    ];
    const withdrawals = [{ index: 0, validatorIndex: 0, address: RECIPIENT, amountGwei: 3n }];
    good = (await build(builder, genesisPoint(builder), transactions, { withdrawals })).payload;
  });
  after(() => workshop.cleanUp());

  it("an honest payload is VALID, again and again", async () => {
    const engine = await workshop.open();
    expect(await engine.newPayload(good)).to.deep.equal({ status: "VALID" });
    expect(await engine.newPayload(good)).to.deep.equal({ status: "VALID" });
    expect(await engine.reader.getBlock(good.blockHash)).to.deep.equal(good);
  });

  it("a payload on an unknown parent is SYNCING, naming the parent", async () => {
    const { payload } = await build(builder, good, []);
    const status = await judge.newPayload(payload);
    expect(status.status).to.equal("SYNCING");
    expect(status.reason).to.include(good.blockHash);
  });

  it("no field can be changed without the hash, and none with it", async () => {
    const swapped = [good.transactions[2], good.transactions[1], good.transactions[0]] as Hex[];
    const wrong: [Partial<ExecutionPayload>, RegExp][] = [
      [{ blockNumber: 2 }, /block number must be 1, got 2/],
      [{ timestamp: genesisPoint(builder).timestamp }, /timestamp must be after/],
      [{ gasLimit: GAS_LIMIT + GAS_LIMIT / 1024n }, /gas limit must be within/],
      [{ gasLimit: GAS_LIMIT - GAS_LIMIT / 1024n }, /gas limit must be within/],
      [{ baseFeePerGas: good.baseFeePerGas + 1n }, /base fee must be 875000000/],
      [{ stateRoot: HASH }, /stateRoot is 0x/],
      [{ receiptsRoot: HASH }, /receiptTrie is 0x/],
      [{ logsBloom: `0x${"01".repeat(256)}` }, /logsBloom is 0x/],
      [{ gasUsed: good.gasUsed - 1n }, /gas used is/],
      [{ feeRecipient: RECIPIENT }, /stateRoot is 0x/],
      [{ withdrawals: [] }, /stateRoot is 0x/],
      [{ transactions: good.transactions.slice(0, 2) }, /gas used is/],
      [{ transactions: swapped }, /transaction 1: nonce gap|receiptTrie|transaction 1/],
      [{ transactions: [...good.transactions, good.transactions[0] as Hex] }, /transaction 3: nonce too low/],
      [{ transactions: [await transfer(bob, 1, RECIPIENT)] }, /transaction 0: nonce gap/],
      [{ transactions: [await transfer(bob, 0, RECIPIENT, 10n ** 30n)] }, /transaction 0: insufficient funds/],
      [{ transactions: ["0x"] }, /transaction 0: empty/],
      [{ transactions: [`0x03${"00".repeat(99)}`] }, /transaction 0: blob transactions/],
      [{ transactions: ["0x02c0"] }, /transaction 0/],
      [{ transactions: [await sign(bob, { nonce: 0, to: RECIPIENT, gasLimit: 21_000, chainId: 5 })] }, /transaction 0/],
    ];
    for (const [change, reason] of wrong) {
      const changed = { ...good, ...change };
      const unhashed = await judge.newPayload(changed);
      expect(unhashed.status).to.equal("INVALID");
      expect(unhashed.reason).to.match(/block hash of this content/);
      const { status, reason: why } = await judge.newPayload(rehash(changed));
      expect(status, Object.keys(change)[0]).to.equal("INVALID");
      expect(why).to.match(reason);
    }
    expect(await judge.reader.getBlock(good.blockHash)).to.equal(undefined);
  });

  it("a known block's hash over other content is INVALID", async () => {
    const engine = await workshop.open();
    await engine.newPayload(good);
    expect((await engine.newPayload({ ...good, withdrawals: [] })).status).to.equal("INVALID");
  });

  it("malformed payloads of every kind are INVALID with the field's name, and never an exception", async () => {
    const cases: [unknown, RegExp][] = [
      [null, /not an object/],
      [7, /not an object/],
      [{}, /parentHash/],
      [{ ...good, stateRoot: "0x12" }, /stateRoot/],
      [{ ...good, logsBloom: `0x${"zz".repeat(256)}` }, /logsBloom/],
      [{ ...good, extraData: `0x${"00".repeat(33)}` }, /extraData/],
      [{ ...good, blockNumber: 1.5 }, /blockNumber/],
      [{ ...good, timestamp: -1 }, /timestamp/],
      [{ ...good, gasLimit: 30_000_000 }, /gasLimit/],
      [{ ...good, gasUsed: good.gasLimit + 1n }, /gasUsed/],
      [{ ...good, baseFeePerGas: -1n }, /baseFeePerGas/],
      [{ ...good, transactions: "0x" }, /transactions/],
      [{ ...good, transactions: [5] }, /transaction 0/],
      [{ ...good, transactions: ["0x123"] }, /transaction 0/],
      [{ ...good, transactions: new Array(MAX_BLOCK_TRANSACTIONS + 1).fill("0x") }, /transactions, at most/],
      [{ ...good, transactions: new Array(9).fill(`0x${"00".repeat(1024 * 1024)}`) }, /exceed/],
      [{ ...good, withdrawals: [null] }, /withdrawal 0/],
      [{ ...good, withdrawals: [{ ...good.withdrawals[0], amountGwei: 2n ** 64n }] }, /withdrawal 0: amountGwei/],
      [
        { ...good, withdrawals: new Array(MAX_BLOCK_WITHDRAWALS + 1).fill(good.withdrawals[0]) },
        /withdrawals, at most/,
      ],
    ];
    for (const [payload, reason] of cases) {
      const status = await judge.newPayload(payload as ExecutionPayload);
      expect(status.status).to.equal("INVALID");
      expect(status.reason).to.match(reason);
    }
  });

  const seed = Math.floor(Math.random() * 2 ** 31);
  it(`random damage is never VALID and leaves nothing on disk (seed ${seed})`, async () => {
    const next = random(seed);
    const size = (): number => statSync(join(path, "data.mdb")).size;
    const before = size();
    for (let i = 0; i < 150; i++) {
      const text = JSON.stringify(good, (_, value) => (typeof value === "bigint" ? `n${value}` : value));
      const at = Math.floor(next() * text.length);
      const digit = Math.floor(next() * 10).toString();
      if (!/[0-9a-f]/.test(text[at] as string) || text[at] === digit) continue;
      let damaged: unknown;
      try {
        damaged = JSON.parse(text.slice(0, at) + digit + text.slice(at + 1), (_, value) =>
          typeof value === "string" && /^n\d+$/.test(value) ? BigInt(value.slice(1)) : value,
        );
      } catch {
        continue; // not JSON any more: nothing an engine would see
      }
      expect((await judge.newPayload(damaged as ExecutionPayload)).status, `at ${at}`).not.to.equal("VALID");
    }
    expect(size()).to.equal(before);
    expect(await judge.newPayload(good)).to.deep.equal({ status: "VALID" });
  });

  it("the base fee follows EIP-1559 up, down and to its floor", async () => {
    const engine = await workshop.open();
    const { header } = assembleBlock(rules, environment(GWEI), [], [], result(0n));
    expect(header.calcNextBaseFee()).to.equal(875_000_000n);
    expect(assembleBlock(rules, environment(GWEI), [], [], result(GAS_LIMIT)).header.calcNextBaseFee()).to.equal(
      1_125_000_000n,
    );
    expect(assembleBlock(rules, environment(7n), [], [], result(0n)).header.calcNextBaseFee()).to.equal(7n);
    expect(await engine.reader.getNextBaseFee("latest")).to.equal(875_000_000n);
  });
});

const result = (gasUsed: bigint) => ({
  stateRoot: toBytes(HASH),
  receiptTrie: toBytes(HASH),
  logsBloom: new Uint8Array(256),
  gasUsed,
});

const environment = (baseFeePerGas: bigint) => ({
  parentHash: toBytes(HASH),
  number: 1n,
  timestamp: 1n,
  prevRandao: toBytes(HASH),
  feeRecipient: toBytes(RECIPIENT),
  gasLimit: GAS_LIMIT,
  baseFeePerGas,
  extraData: new Uint8Array(0),
});
