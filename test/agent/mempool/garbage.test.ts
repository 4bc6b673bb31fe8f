import { expect } from "chai";
import { concat, encodeRlp, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import { MempoolError } from "../../../sdk/agent/mempool/interface.ts";
import { nestsAtMost } from "../../../sdk/agent/mempool/rlp.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { codeOf, poolFixture, sign } from "./support/fixture.ts";

const refusal = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => "taken").catch((error) => error);

describe("mempool: garbage", () => {
  it("answers every malformed input with a MempoolError", async () => {
    const { pool } = poolFixture();
    const inputs: unknown[] = [
      "",
      "0x",
      "0x0",
      "zz",
      "0xzz",
      undefined,
      null,
      5,
      {},
      [],
      "0x02",
      "0x02c0",
      "0xc0",
      "0xf8",
    ];
    for (const input of inputs) expect(await codeOf(pool.add(input as Hex)), String(input)).to.equal("malformed");
    expect(pool.size).to.equal(0);
  });

  it("survives any single-byte change of a valid transaction", async () => {
    const { pool, wallets } = poolFixture();
    const raw = getBytes(
      await sign(wallets[0]!, 0, { gasLimit: 60_000n, data: "0x1234", accessList: [[wallets[0]!.address, []]] }),
    );
    for (let at = 0; at < raw.length; at++) {
      for (const value of [0, 0x7f, 0x80, 0xb8, 0xc0, 0xf8, 0xff]) {
        if (raw[at] === value) continue;
        const changed = raw.slice();
        changed[at] = value;
        const answer = await refusal(pool.add(hexlify(changed) as Hex));
        if (answer !== "taken") expect(answer, `byte ${at} = ${value}`).to.be.instanceOf(MempoolError);
      }
    }
  });

  it("survives random bytes after each transaction type", async () => {
    const { pool } = poolFixture();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("0x", "0x01", "0x02", "0x03", "0x04", "0xf8"),
        fc.uint8Array({ maxLength: 300 }),
        async (type, tail) => {
          const answer = await refusal(pool.add(concat([type, tail]) as Hex));
          return answer instanceof MempoolError;
        },
      ),
      { numRuns: 300 },
    );
  });

  it("refuses lists nested tens of thousands deep without copying them", async () => {
    const { pool } = poolFixture();
    let nested = new Uint8Array(0);
    const parts: number[] = [];
    // Built from the inside: each level adds a header of 1 to 4 bytes.
    for (let length = 0; length < 120_000; ) {
      const header = length <= 55 ? [0xc0 + length] : [0xf7 + byteLength(length), ...bytesOf(length)];
      parts.push(...header.reverse());
      length += header.length;
    }
    nested = Uint8Array.from(parts.reverse());
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(pool.add(concat(["0x02", nested]) as Hex))).to.equal("malformed");
    expect(await codeOf(pool.add(hexlify(nested) as Hex))).to.equal("malformed");
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(64 * 1024 * 1024);
  });

  it("measures nesting exactly", () => {
    const depth = (levels: number): Uint8Array => {
      let value: unknown[] = [];
      for (let i = 1; i < levels; i++) value = ["0x01", value, "0x02"];
      return getBytes(encodeRlp(value as never));
    };
    for (const levels of [1, 2, 4, 7]) {
      expect(nestsAtMost(depth(levels), levels)).to.equal(true);
      expect(nestsAtMost(depth(levels), levels - 1)).to.equal(false);
    }
  });

  it("refuses a second encoding of the same transaction", async () => {
    const { pool, wallets } = poolFixture();
    const raw = await sign(wallets[0]!, 0);
    expect(await codeOf(pool.add(`${raw}00`))).to.equal("malformed");
    await pool.add(raw);
  });
});

const byteLength = (value: number): number => bytesOf(value).length;
function bytesOf(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}
