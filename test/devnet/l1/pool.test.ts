import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import { L1Pool, type PooledTransaction, PoolRefusal, readTransaction } from "../../../deploy/devnet/l1/pool.ts";
import { withoutBlobs } from "../../../sdk/submit/without-blobs.ts";

const GWEI = 10n ** 9n;

let serial = 0;
function pooled(fields: Partial<PooledTransaction> = {}): PooledTransaction {
  serial++;
  return {
    hash: `0x${serial.toString(16).padStart(64, "0")}`,
    raw: "0x",
    from: "0xa",
    nonce: 0,
    data: "0x",
    type: 2,
    maxFeePerGasWei: 10n * GWEI,
    priorityFeeWei: GWEI,
    blobFeeWei: undefined,
    blobs: 0,
    ...fields,
  };
}

const blob = (fields: Partial<PooledTransaction>) => pooled({ type: 3, blobFeeWei: GWEI, ...fields });
const doubled = { maxFeePerGasWei: 20n * GWEI, priorityFeeWei: 2n * GWEI, blobFeeWei: 2n * GWEI };

describe("pool of the devnet's L1", () => {
  it("gives out the best paying transaction, the nonces of a sender in order", () => {
    const pool = new L1Pool();
    const second = pooled({ nonce: 1, priorityFeeWei: 9n * GWEI });
    const first = pooled({ nonce: 0 });
    const other = pooled({ from: "0xb", priorityFeeWei: 5n * GWEI });
    for (const transaction of [second, first, other]) pool.add(transaction, 0);
    const latest = new Map([["0xa", 0]]);
    const order: PooledTransaction[] = [];
    for (let next = pool.next(0n, (from) => latest.get(from) ?? 0); next !== undefined; ) {
      order.push(next);
      pool.remove(next);
      latest.set(next.from, next.nonce + 1);
      next = pool.next(0n, (from) => latest.get(from) ?? 0);
    }
    expect(order).to.deep.equal([other, first, second]);
  });

  it("holds back what cannot pay the base fee or waits for a gap", () => {
    const pool = new L1Pool();
    pool.add(pooled({ maxFeePerGasWei: 5n }), 0);
    pool.add(pooled({ from: "0xb", nonce: 3 }), 0);
    expect(pool.next(6n, () => 0)).to.equal(undefined);
    expect(pool.next(5n, () => 0)?.from).to.equal("0xa");
  });

  it("replaces a blob transaction only when all three fees are doubled", () => {
    for (const field of ["maxFeePerGasWei", "priorityFeeWei", "blobFeeWei"] as const) {
      const pool = new L1Pool();
      pool.add(blob({}), 0);
      expect(() => pool.add(blob({ ...doubled, [field]: doubled[field] - 1n }), 0)).to.throw(
        PoolRefusal,
        "underpriced",
      );
      const replacement = blob(doubled);
      pool.add(replacement, 0);
      expect(pool.next(0n, () => 0)).to.equal(replacement);
    }
  });

  it("replaces a plain transaction only when both fees rise by a tenth", () => {
    const raised = { maxFeePerGasWei: 11n * GWEI, priorityFeeWei: (11n * GWEI) / 10n };
    for (const field of ["maxFeePerGasWei", "priorityFeeWei"] as const) {
      const pool = new L1Pool();
      pool.add(pooled(), 0);
      expect(() => pool.add(pooled({ ...raised, [field]: raised[field] - 1n }), 0)).to.throw(
        PoolRefusal,
        "underpriced",
      );
      const replacement = pooled(raised);
      pool.add(replacement, 0);
      expect(pool.next(0n, () => 0)).to.equal(replacement);
    }
  });

  it("keeps an account to one kind of transaction, whatever nonce and price the other has", () => {
    const rich = { maxFeePerGasWei: 10n ** 18n, priorityFeeWei: 10n ** 18n, blobFeeWei: 10n ** 18n };
    for (const nonce of [0, 1]) {
      const blobs = new L1Pool();
      blobs.add(blob({}), 0);
      expect(() => blobs.add(pooled({ ...rich, nonce }), 0)).to.throw(PoolRefusal, "address already reserved");
      const plain = new L1Pool();
      plain.add(pooled(), 0);
      expect(() => plain.add(blob({ ...rich, nonce }), 0)).to.throw(PoolRefusal, "address already reserved");
    }
  });

  it("takes no more than its bound, except in place of what it holds", () => {
    const pool = new L1Pool();
    for (let nonce = 0; nonce < 1024; nonce++) pool.add(pooled({ nonce }), 0);
    expect(() => pool.add(pooled({ nonce: 1024 }), 0)).to.throw(PoolRefusal, "txpool is full");
    pool.add(pooled({ nonce: 5, maxFeePerGasWei: 20n * GWEI, priorityFeeWei: 2n * GWEI }), 0);
  });

  it("refuses a used nonce and a known transaction in the words that clients match", () => {
    const pool = new L1Pool();
    const transaction = pooled({ nonce: 4 });
    pool.add(transaction, 4);
    expect(() => pool.add(transaction, 4))
      .to.throw(PoolRefusal, "already known")
      .with.property("code", -32_000);
    expect(() => pool.add(pooled({ nonce: 3 }), 4)).to.throw(PoolRefusal, "nonce too low");
  });

  it("counts the pending nonce over an unbroken run only", () => {
    const pool = new L1Pool();
    for (const nonce of [5, 6, 8]) pool.add(pooled({ nonce }), 5);
    expect(pool.pendingNonce("0xA", 5)).to.equal(7);
    expect(pool.pendingNonce("0xc", 2)).to.equal(2);
  });

  it("forgets what was mined", () => {
    const pool = new L1Pool();
    const transaction = pooled();
    pool.add(transaction, 0);
    pool.remove(transaction);
    expect(pool.get(transaction.hash)).to.equal(undefined);
    expect(pool.senders).to.deep.equal([]);
  });

  it("reads a signed transaction, and refuses garbage and what nobody signed", async () => {
    const wallet = new Wallet(`0x${"11".repeat(32)}`);
    const fields = { type: 2, chainId: 1, nonce: 7, maxFeePerGas: 9n, maxPriorityFeePerGas: 2n, gasLimit: 21_000n };
    const raw = await wallet.signTransaction(fields);
    expect(readTransaction(raw)).to.include({ from: wallet.address.toLowerCase(), nonce: 7, maxFeePerGasWei: 9n });
    expect(() => readTransaction("0x1234")).to.throw(PoolRefusal);
    expect(() => readTransaction(Transaction.from(fields).unsignedSerialized)).to.throw(PoolRefusal, "not signed");
  });
});

describe("a transaction cut to what is signed", () => {
  const wallet = new Wallet(`0x${"11".repeat(32)}`);
  const signed = async (blobs: number): Promise<Transaction> => {
    const blobVersionedHashes = Array.from({ length: blobs }, () => `0x01${"00".repeat(31)}`);
    const kind = blobs > 0 ? { type: 3, blobVersionedHashes, maxFeePerBlobGas: 1n } : { type: 2 };
    const fields = {
      chainId: 1,
      nonce: 300,
      to: wallet.address,
      data: `0x${"ab".repeat(blobs * 40)}`,
      maxFeePerGas: 1n,
    };
    return Transaction.from(await wallet.signTransaction({ ...fields, ...kind }));
  };

  it("has its hash and its sender, and no blobs", async () => {
    for (const blobs of [1, 2]) {
      const whole = await signed(blobs);
      const unsent = whole.serialized;
      const hashes = whole.blobVersionedHashes;
      const infinity = `0xc0${"00".repeat(47)}`;
      whole.blobs = Array.from({ length: blobs }, () => ({
        data: new Uint8Array(131_072),
        commitment: infinity,
        proof: infinity,
      }));
      whole.blobVersionedHashes = hashes;
      expect(whole.serialized.length).to.be.greaterThan(2 * 131_072 * blobs);
      expect(withoutBlobs(whole.serialized)).to.equal(unsent);
      expect(readTransaction(whole.serialized).hash).to.equal(readTransaction(unsent).hash);
    }
  });

  it("is the same where there are none, and where it cannot be read", async () => {
    const { serialized } = await signed(0);
    for (const raw of [serialized, (await signed(2)).serialized, "0x", "0x03", "0x03f9", "0x03f90400f903ff"]) {
      expect(withoutBlobs(raw)).to.equal(raw);
    }
  });
});
