import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { TransactionJournal } from "../../../sdk/agent/mempool/interface.ts";
import { FileTransactionJournal } from "../../../sdk/agent/store/transaction-journal.ts";
import { temporaryDirectory } from "../store/fixtures.ts";
import { runAndKill } from "../support/kill.ts";
import { keptLog, poolFixture, sign } from "./support/fixture.ts";

const CHILD = fileURLToPath(new URL("./support/kill-child.ts", import.meta.url));

describe("mempool: what it keeps over a restart", () => {
  let directory: { path: string; remove: () => void };
  let path: string;
  const open = ({ log } = keptLog()) => new FileTransactionJournal(path, log);

  beforeEach(() => {
    directory = temporaryDirectory();
    path = join(directory.path, "mempool.journal");
  });
  afterEach(() => directory.remove());

  it("comes back as it was, in order, with its age", async () => {
    const first = poolFixture({}, 3, open());
    for (const wallet of first.wallets) await first.pool.add(await sign(wallet, 0, { tip: 50n }));
    await first.pool.add(await sign(first.wallets[0]!, 1));
    await first.pool.add(await sign(first.wallets[0]!, 0, { tip: 70n, fee: 20_000n }));
    const line = first.pool.pick(7n, 9).map((one) => one.hash);
    first.pool.close();
    const second = poolFixture({ lifetimeMs: 10_000 }, 3, open());
    expect(await second.pool.restore()).to.equal(5);
    expect(second.pool.pick(7n, 9).map((one) => one.hash)).to.deep.equal(line);
    await second.clock.advanceTo(second.clock.nowMs() + 9_000);
    second.pool.close();
    const third = poolFixture({ lifetimeMs: 10_000 }, 3, open());
    await third.clock.advanceTo(third.clock.nowMs() + 10_000);
    expect(await third.pool.restore(), "as old as if there had been no restart").to.equal(0);
  });

  it("leaves out what can no longer run", async () => {
    const first = poolFixture({}, 3, open());
    const stale = await first.pool.add(await sign(first.wallets[0]!, 0));
    const good = await first.pool.add(await sign(first.wallets[1]!, 0));
    first.pool.close();
    const second = poolFixture({}, 3, open());
    second.chain.set(first.wallets[0]!.address, 1);
    expect(await second.pool.restore()).to.equal(1);
    expect(second.pool.get(good.hash)).to.not.equal(undefined);
    expect(second.pool.get(stale.hash)).to.equal(undefined);
    second.pool.close();
    expect(open().read(), "and is kept no longer").to.have.length(1);
  });

  it("is rewritten when it is mostly of transactions that have left", async () => {
    const { pool, wallets, chain } = poolFixture({}, 3, open());
    const data = `0x${"11".repeat(100_000)}`;
    let largest = 0;
    for (let nonce = 0; nonce < 40; nonce++) {
      const raw = await sign(wallets[0]!, nonce, { gasLimit: 5_000_000n, data });
      await pool.add(raw);
      largest = Math.max(largest, readFileSync(path).length);
      chain.set(wallets[0]!.address, nonce + 1);
      await pool.onBlock([raw]);
    }
    const kept = await pool.add(await sign(wallets[1]!, 0));
    pool.close();
    expect(largest, "4 MB passed through it").to.be.lessThan(1_400_000);
    expect(open().read().at(-1)?.raw).to.equal(kept.raw);
  });

  for (const [what, damage] of [
    ["cut in the middle of a record", (bytes: Buffer) => truncateSync(path, bytes.length - 7)],
    ["with a bit flipped in its last record", (bytes: Buffer) => flip(path, bytes, bytes.length - 20)],
    ["with garbage behind", () => appendFileSync(path, Buffer.alloc(50, 0xff))],
    ["with a length that nothing has", () => appendFileSync(path, Buffer.from("ffffffff00000000", "hex"))],
  ] as const) {
    it(`${what}, gives what is before, says so once, and goes on`, async () => {
      const { pool, wallets } = poolFixture({}, 3, open());
      for (const wallet of wallets) await pool.add(await sign(wallet, 0));
      pool.close();
      damage(readFileSync(path));
      const kept = keptLog();
      const journal = open(kept);
      const expected = what.startsWith("cut") || what.includes("flipped") ? 2 : 3;
      expect(journal.read()).to.have.length(expected);
      expect(kept.problems.filter((line) => line.includes("damaged"))).to.have.length(1);
      journal.append({ raw: "0x1234", addedMs: 5 });
      journal.close();
      const quiet = keptLog();
      expect(open(quiet).read().at(-1)).to.deep.equal({ raw: "0x1234", addedMs: 5 });
      expect(quiet.problems).to.deep.equal([]);
    });
  }

  it("is refused if it is something else", () => {
    writeFileSync(path, "baton transactions 99\n");
    expect(open).to.throw("expected a mempool journal");
  });

  it("holds all that was said to be kept when the process is killed at any moment", async function () {
    this.timeout(30_000); // three processes are started and killed
    let last = 0;
    for (const extraMs of [0, 3, 11]) {
      const lines = await runAndKill(CHILD, [path], 30, extraMs);
      const journal = open();
      const kept = journal.read().map(({ addedMs }) => addedMs);
      last = Number(lines.at(-1));
      expect(kept, "an unbroken beginning of what was appended").to.deep.equal(kept.map((_, i) => kept[0]! + i));
      expect(kept.at(-1), "at least what was announced").to.be.at.least(last);
      journal.close();
    }
    expect(last).to.be.greaterThan(30);
  });

  it("costs a warning if the disk refuses, not the transaction", async () => {
    const full = (): never => {
      throw new Error("ENOSPC");
    };
    const journal: TransactionJournal = {
      read: () => [],
      bytes: 0,
      append: full,
      replace: full,
      close: () => undefined,
    };
    const { pool, wallets, problems } = poolFixture({}, 3, journal);
    const { hash } = await pool.add(await sign(wallets[0]!, 0));
    expect(pool.get(hash)).to.not.equal(undefined);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include("ENOSPC");
  });
});

function flip(path: string, bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}
