import { expect } from "chai";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { build, genesis, genesisPoint, setHead, Workshop, wallets } from "./fixture.ts";
import { NaiveChain } from "./naive-chain.ts";
import { RandomTransactions } from "./random-transactions.ts";

const BLOCKS = 14;
const TRANSACTIONS = 14;

describe("engine against plain ethereumjs", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  it("computes the same genesis hash", async () => {
    const engine = await workshop.open();
    expect(engine.genesisHash).to.equal((await NaiveChain.create(genesis)).headHash);
  });

  const seeds = [1, Math.floor(Math.random() * 2 ** 31)];
  for (const seed of seeds) {
    it(`agrees on every header field of ${BLOCKS} blocks of random transactions (seed ${seed})`, async () => {
      const [builder, follower] = [await workshop.open(), await workshop.open()];
      const naive = await NaiveChain.create(genesis);
      const source = new RandomTransactions(seed);
      const outcomes = new Map<string, number>();
      let parent = genesisPoint(builder);
      for (let number = 1; number <= BLOCKS; number++) {
        const withdrawals = [0, 1].map((index) => ({
          index: number * 2 + index,
          validatorIndex: 0,
          address: (index === 0 ? wallets[0]?.address : `0x${number.toString().padStart(40, "0")}`) as Hex,
          amountGwei: BigInt(index * number),
        }));
        const { payload, results } = await build(builder, parent, await source.batch(TRANSACTIONS), { withdrawals });
        for (const { outcome } of results) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect(await naive.execute(payload)).to.equal(payload.blockHash);
        expect(await follower.newPayload(payload)).to.deep.equal({ status: "VALID" });
        await setHead(builder, payload.blockHash);
        await syncNonces(builder, source);
        parent = payload;
      }
      // Every kind of outcome was met, or the test would have compared too little.
      expect([...outcomes.keys()]).to.include.members(["included", "skipped", "invalid"]);
      expect(outcomes.get("included")).to.be.greaterThan((BLOCKS * TRANSACTIONS) / 3);
    });
  }
});

async function syncNonces(engine: EmbeddedEngine, source: RandomTransactions): Promise<void> {
  for (const { address } of wallets) {
    source.setNonce(address, (await engine.reader.getAccount(address as Hex, "latest")).nonce);
  }
}
