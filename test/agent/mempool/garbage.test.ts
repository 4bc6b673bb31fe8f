import { expect } from "chai";
import { concat, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import { MempoolError } from "../../../sdk/agent/mempool/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { nestedLists } from "../../support/nested-lists.ts";
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
    const nested = nestedLists(120_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(pool.add(concat(["0x02", nested]) as Hex))).to.equal("malformed");
    expect(await codeOf(pool.add(hexlify(nested) as Hex))).to.equal("malformed");
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(64 * 1024 * 1024);
  });

  it("refuses a second encoding of the same transaction", async () => {
    const { pool, wallets } = poolFixture();
    const raw = await sign(wallets[0]!, 0);
    expect(await codeOf(pool.add(`${raw}00`))).to.equal("malformed");
    await pool.add(raw);
  });
});
