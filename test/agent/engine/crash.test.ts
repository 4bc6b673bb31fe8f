import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { build, transfer, Workshop, wallets } from "./fixture.ts";
import { random } from "./random-transactions.ts";

const CHILD = fileURLToPath(new URL("./endless-builder.ts", import.meta.url));
const KILLS = 5;

describe("engine: kill -9", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  const seed = Math.floor(Math.random() * 2 ** 31);
  it(`keeps every promised head and only whole blocks, killed ${KILLS} times at random points (seed ${seed})`, async () => {
    const next = random(seed);
    const path = workshop.path();
    let height = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const said = await runUntilKilled(path, 1 + Math.floor(next() * 25));
      const engine = await workshop.open(path);
      const head = await engine.reader.getBlock("latest");
      if (head === undefined) throw new Error("no head after a crash");
      const promised = said.heads.at(-1);
      if (promised !== undefined) {
        // The head may be one further than what was heard, never behind it.
        const canonical = (await engine.reader.getBlock(promised))?.blockNumber as number;
        expect((await engine.reader.getBlock(canonical))?.blockHash).to.equal(promised);
        expect(head.blockNumber - canonical).to.be.oneOf([0, 1]);
      }
      expect(head.blockNumber).to.be.at.least(height);
      for (const hash of said.built) await expectWhole(engine, hash);
      for (let number = 1; number <= head.blockNumber; number++) await expectWhole(engine, number);
      height = head.blockNumber;

      const [alice] = wallets as [(typeof wallets)[number]];
      const { nonce } = await engine.reader.getAccount(alice.address as Hex, "latest");
      const { results } = await build(engine, head, [await transfer(alice, nonce, alice.address)]);
      expect(results[0]?.outcome).to.equal("included");
      await engine.close();
    }
    expect(height).to.be.greaterThan(KILLS);
  }).timeout(180_000);
});

/** The block, its receipts, its place in the index and the state behind it are all there. */
async function expectWhole(engine: EmbeddedEngine, ref: Hex | number): Promise<void> {
  const block = await engine.reader.getBlock(ref);
  if (block === undefined) throw new Error(`block ${ref} is lost`);
  const receipts = await engine.reader.getReceipts(ref);
  expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1]);
  expect((await engine.reader.getBlock(block.parentHash))?.blockNumber).to.equal(block.blockNumber - 1);
  for (const { address } of wallets) await engine.reader.getAccount(address as Hex, ref);
  const created = receipts[1]?.contractAddress as Hex;
  expect(await engine.reader.getCode(created, ref)).to.have.length.greaterThan(100);
  if (typeof ref === "number") {
    expect((await engine.reader.getTransaction(receipts[0]?.transactionHash as Hex))?.blockHash).to.equal(
      block.blockHash,
    );
  }
}

/** Runs the builder and kills it as soon as it has said `lines` lines; answers all it said. */
async function runUntilKilled(path: string, lines: number): Promise<{ built: Hex[]; heads: Hex[] }> {
  const child = spawn(process.execPath, [CHILD, path], { stdio: ["ignore", "pipe", "inherit"] });
  const said = { built: [] as Hex[], heads: [] as Hex[] };
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, hash] = line.split(" ") as [string, Hex];
    (what === "head" ? said.heads : said.built).push(hash);
    if (++count === lines) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode).to.equal("SIGKILL");
  return said;
}
