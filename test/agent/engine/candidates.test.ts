import { expect } from "chai";
import type { Wallet } from "ethers";
import { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { SealedCandidate } from "../../../sdk/agent/engine/interface.ts";
import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { attributes, build, FOREVER, genesis, genesisPoint, setHead, transfer, Workshop, wallets } from "./fixture.ts";
import { RandomTransactions, random } from "./random-transactions.ts";
import { rejection } from "./rejection.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const STEPS = 40;

describe("engine: candidates", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  for (const seed of [1, Math.floor(Math.random() * 2 ** 31)]) {
    it(`appended to, undone and sealed over and over, are the block of what is left (seed ${seed})`, async () => {
      const [engine, judge] = [await workshop.open(), await workshop.open()];
      const [source, next] = [new RandomTransactions(seed), random(seed)];
      const start = genesisPoint(engine);
      const change = {
        ...attributes(start),
        forced: [await transfer(alice, 0, bob.address), "0xc0ffee" as Hex],
        withdrawals: [{ index: 1, validatorIndex: 0, address: bob.address as Hex, amountGwei: 5n }],
      };
      source.setNonce(alice.address, 1);
      const id = await engine.startPayload(start.blockHash, change);
      const seen = { undone: 0, sealed: 0 };
      let count = 1;
      let candidate: SealedCandidate | undefined;
      for (let step = 0; step < STEPS; step++) {
        if (step % 4 < 2) {
          const results = await engine.appendTransactions(id, await source.batch(1 + Math.floor(next() * 4)), FOREVER);
          count += results.filter(({ outcome }) => outcome === "included").length;
        } else if (step % 4 === 2 && count > 1) {
          count = 1 + Math.floor(next() * (count - 1));
          await engine.undoTransactions(id, count);
          seen.undone++;
        } else {
          candidate = await engine.sealCandidate(id, 0, candidate?.payload.blockHash);
          expect(candidate.payload.transactions).to.have.length(count);
          expect(await judge.newPayload(candidate.payload, change.forced)).to.deep.equal({ status: "VALID" });
          expect(candidate.receipts).to.deep.equal(await judge.reader.getReceipts(candidate.payload.blockHash));
          seen.sealed++;
        }
        for (const { address } of wallets) {
          // The source need not know what was undone: what cannot run is refused, as everywhere.
          source.setNonce(address, Math.floor(next() * 6));
        }
      }
      const { forced: _, ...plain } = change;
      const left = (await engine.sealCandidate(id, 0)).payload;
      expect((await build(judge, start, left.transactions, plain)).payload).to.deep.equal(left);
      expect(await engine.getPayload(id)).to.deep.equal(left);
      expect(Math.min(seen.undone, seen.sealed)).to.be.greaterThan(2);
    });
  }

  it("tell what came since a transaction: receipts in their places, and balances that changed", async () => {
    const engine = await workshop.open();
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    await engine.appendTransactions(id, [await transfer(alice, 0, bob.address, 7n)], FOREVER);
    const recipient: Hex = `0x${"ab".repeat(20)}`;
    await engine.appendTransactions(id, [await transfer(bob, 0, recipient, 5n)], FOREVER);
    const { payload, receipts, balancesWei } = await engine.sealCandidate(id, 1);
    await engine.keepCandidate(id, payload.blockHash);
    expect(receipts).to.deep.equal((await engine.reader.getReceipts(payload.blockHash)).slice(1));
    const changed = [bob.address.toLowerCase() as Hex, recipient, payload.feeRecipient];
    expect(Object.keys(balancesWei)).to.include.members(changed).and.not.include(alice.address.toLowerCase());
    for (const address of changed) {
      expect(balancesWei[address]).to.equal((await engine.reader.getAccount(address, payload.blockHash)).balance);
    }
  });

  it("are held two at a time, the newest and the best; one that is kept is a block, and ends the payload", async () => {
    const engine = await workshop.open();
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    const hashes: Hex[] = [];
    for (let nonce = 0; nonce < 3; nonce++) {
      hashes.push((await engine.sealCandidate(id, 0, hashes[0])).payload.blockHash);
      await engine.appendTransactions(id, [await transfer(alice, nonce, bob.address)], FOREVER);
    }
    const [best, lost, newest] = hashes as [Hex, Hex, Hex];
    expect(await rejection(engine.keepCandidate(id, lost))).to.include({ code: "unknown-payload" });
    expect(await engine.reader.getBlock(best)).to.equal(undefined);
    await engine.keepCandidate(id, best);
    expect((await engine.reader.getBlock(best))?.transactions).to.deep.equal([]);
    expect(await engine.reader.getBlock(newest), "what was not chosen is nowhere").to.equal(undefined);
    expect(await setHead(engine, best)).to.deep.equal({ status: "VALID" });
    expect(await rejection(engine.sealCandidate(id, 0))).to.include({ code: "unknown-payload" });
    await engine.dropPayload(id);
  });

  it("that are dropped end after the transaction that runs", async () => {
    let ran = 0;
    const engine: EmbeddedEngine = workshop.closeLater(
      await EmbeddedEngine.open(
        { path: workshop.path(), genesis },
        { nowMs: () => 0, beforeTransaction: () => void (++ran === 2 && engine.dropPayload(id)) },
      ),
    );
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    const batch = await Promise.all([0, 1, 2, 3].map((nonce) => transfer(alice, nonce, bob.address)));
    expect(await engine.appendTransactions(id, batch, FOREVER)).to.have.length(2);
    expect(await rejection(engine.appendTransactions(id, [], FOREVER))).to.include({ code: "unknown-payload" });
  });

  it("are the same across the thread, where a drop reaches a batch that runs", async () => {
    const [engine, local] = [
      workshop.closeLater(
        await WorkerEngine.open({ path: workshop.path(), genesis }, { onCrash: (error) => expect.fail(error.message) }),
      ),
      await workshop.open(),
    ];
    const ids = await Promise.all(
      [engine, local].map((one) => one.startPayload(one.genesisHash, attributes(genesisPoint(one)))),
    );
    const [remote, near] = ids as [string, string];
    const batch = await Promise.all(Array.from({ length: 300 }, (_, nonce) => transfer(alice, nonce, bob.address)));
    for (const [one, id] of [[engine, remote] as const, [local, near] as const]) {
      await one.appendTransactions(id, batch.slice(0, 3), FOREVER);
      await one.undoTransactions(id, 2);
    }
    const sealed = await engine.sealCandidate(remote, 1);
    expect(sealed).to.deep.equal(await local.sealCandidate(near, 1));
    const running = engine.appendTransactions(remote, batch.slice(2), FOREVER);
    await engine.dropPayload(remote);
    expect((await running).length).to.be.lessThan(298);
  });
});
