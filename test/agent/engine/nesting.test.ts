import { expect } from "chai";
import { concat, encodeRlp, getBytes, Wallet } from "ethers";
import fc from "fast-check";
import { createChainRules } from "../../../sdk/agent/engine/chain-rules.ts";
import { MAX_TRANSACTION_DEPTH, nestsAtMost } from "../../../sdk/agent/engine/execution/nesting.ts";
import { InvalidTransaction, TransactionDecoder } from "../../../sdk/agent/engine/execution/transactions.ts";
import { nestedLists } from "../../support/nested-lists.ts";

const CHAIN_ID = 902;

/** How deep the lists of a value nest, the naive way. */
const depthOf = (value: unknown): number => (Array.isArray(value) ? 1 + Math.max(0, ...value.map(depthOf)) : 0);

describe("nesting of a transaction's lists", () => {
  it("is measured as a decoder would find it", () => {
    const { value } = fc.letrec((tie) => ({
      bytes: fc.uint8Array({ maxLength: 80 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
      value: fc.oneof({ maxDepth: 6 }, tie("bytes"), fc.array(tie("value"), { maxLength: 6 })),
    }));
    fc.assert(
      fc.property(value, (item) => {
        const encoded = getBytes(encodeRlp(item as never));
        const depth = depthOf(item);
        expect(nestsAtMost(encoded, depth)).to.equal(true);
        if (depth > 0) expect(nestsAtMost(encoded, depth - 1)).to.equal(false);
      }),
    );
  });

  it("leaves room for the deepest transaction there is", async () => {
    const wallet = new Wallet(`0x${"11".repeat(32)}`);
    const keys = [`0x${"22".repeat(32)}`, `0x${"33".repeat(32)}`];
    const raw = await wallet.signTransaction({
      ...{ type: 2, chainId: CHAIN_ID, nonce: 0, to: wallet.address, gasLimit: 100_000n },
      ...{ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n, accessList: [[wallet.address, keys]] },
    });
    expect(nestsAtMost(getBytes(raw), MAX_TRANSACTION_DEPTH - 1)).to.equal(false);
    const decoder = new TransactionDecoder(createChainRules(CHAIN_ID));
    expect(decoder.decode(getBytes(raw)).sender.toString()).to.equal(wallet.address.toLowerCase());
  });

  it("given a block's transaction of tens of thousands, is refused before anything is copied", () => {
    const decoder = new TransactionDecoder(createChainRules(CHAIN_ID));
    const nested = nestedLists(120_000);
    const before = process.memoryUsage().arrayBuffers;
    for (const raw of [nested, getBytes(concat(["0x01", nested])), getBytes(concat(["0x02", nested]))]) {
      expect(() => decoder.decode(raw)).to.throw(InvalidTransaction, "nest deeper");
    }
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(4 * 1024 * 1024);
  });
});
