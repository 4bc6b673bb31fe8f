import { expect } from "chai";
import { createKzg, versionedHash } from "../../../sdk/blob/kzg.ts";
import { submitRequest, withdrawn } from "../../../sdk/submit/content.ts";
import { bump, covers } from "../../../sdk/submit/fees.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import { passedOver } from "../../../sdk/submit/underpriced.ts";
import { waitForLanding } from "../../../sdk/submit/wait.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type Bench, createBench, NOTHING, REVERT } from "./bench.ts";
import { GWEI } from "./fixtures.ts";
import { anvilL1, hardhatL1, L1_SLOT_SECONDS, type TestL1 } from "./l1.ts";

function shown(outcome: StepOutcome): string {
  switch (outcome.status) {
    case "sent":
      return `${outcome.action} ${outcome.nonce}`;
    default:
      return `${outcome.status} ${outcome.reason}`;
  }
}

function hashOf(outcome: StepOutcome): Hex {
  if (!("hash" in outcome)) throw new Error(`expected a transaction, found ${shown(outcome)}`);
  return outcome.hash;
}

const kzg = createKzg();

const nodes: [string, () => Promise<TestL1>][] = [
  ["the Hardhat network", hardhatL1],
  ["anvil (Prague)", () => anvilL1("prague")],
  ["anvil (Osaka, cell proofs)", () => anvilL1("osaka")],
];

for (const [name, start] of nodes) {
  describe(`SubmissionManager on ${name}`, () => {
    let l1: TestL1;
    let bench: Bench;
    let index = 0;

    before(async () => {
      l1 = await start();
    });
    beforeEach(async () => {
      bench = await createBench(l1, ++index);
    });
    afterEach(async () => {
      await bench.close();
      // Nothing stays in the pool for the next test.
      await l1.mine();
    });
    after(() => l1.close());

    it("lands a blob transaction, and says so once it is under enough blocks", async () => {
      const request = await bench.request([1], { blobCount: 1 });
      await l1.setMinesOnArrival(!l1.poolsBlobs);
      const sent = await bench.step(request);
      await l1.setMinesOnArrival(false);
      expect(shown(sent)).to.equal("send 0");
      if (l1.poolsBlobs) {
        expect(shown(await bench.step(request))).to.equal("waiting in-flight");
        await l1.mine();
      }
      expect(shown(await bench.step(request))).to.equal("waiting confirming");
      await l1.mine();
      await l1.mine();
      const done = await bench.step(request);
      expect(shown(done)).to.equal("stopped landed");
      const receipt = await l1.provider.getTransactionReceipt(hashOf(sent));
      expect((await l1.provider.getTransaction(hashOf(sent)))?.type).to.equal(3);
      const landing = done.status === "stopped" ? done.landing : undefined;
      expect(landing?.mined.hash).to.equal(receipt?.hash);
      expect(landing?.mined.gasUsed).to.equal(Number(receipt?.gasUsed));
      expect(landing?.mined.gasPriceWei).to.equal(receipt?.gasPrice);
      expect(landing?.mined.blobGasPriceWei).to.equal(receipt?.blobGasPrice ?? undefined);
    });

    it("a single submission gives its nonce to the batch, and only the batch lands", async () => {
      const single = await bench.step(await bench.request([1]));
      const both = await bench.request([1, 2]);
      const replaced = await bench.step(both);
      expect(shown(replaced)).to.equal("replace 0");
      await l1.mine();
      expect(shown(await bench.step(both))).to.equal("waiting confirming");
      expect(await l1.provider.getTransactionReceipt(hashOf(single))).to.equal(null);
      expect((await l1.provider.getTransactionReceipt(hashOf(replaced)))?.status).to.equal(1);
      expect(await l1.provider.getTransactionCount(bench.wallet)).to.equal(1);
    });

    it("a replacement that never arrived leaves the first one to be mined, and that is seen", async () => {
      const first = await bench.step(await bench.request([1]));
      const both = await bench.request([1, 2]);
      bench.faults.next = (method) => (method === "broadcastTransaction" ? "down" : undefined);
      expect(shown(await bench.step(both))).to.match(/^unanswered/);
      bench.faults.next = () => undefined;
      await l1.mine();
      expect(shown(await bench.step(await bench.request([1])))).to.equal("waiting confirming");
      expect(bench.manager.history.records[0]?.mined?.hash).to.equal(hashOf(first));
      expect(shown(await bench.step(both)), "what is left goes out at the next nonce").to.equal("send 1");
    });

    it("a lost answer sends nothing twice: the transaction is found in the pool", async () => {
      const request = await bench.request([1]);
      bench.faults.next = (method) => (method === "broadcastTransaction" ? "answer-lost" : undefined);
      const outcome = await bench.step(request);
      expect(outcome.status).to.equal("unanswered");
      bench.faults.next = () => undefined;
      expect(shown(await bench.step(request))).to.equal("waiting in-flight");
      expect(bench.manager.history.records[0]?.attempts.map((a) => a.status)).to.deep.equal(["accepted"]);
      await l1.mine();
      expect((await l1.provider.getTransactionReceipt(hashOf(outcome)))?.status).to.equal(1);
    });

    it("a node that is down costs waiting, and the same bytes go out when it is back", async () => {
      const request = await bench.request([1]);
      bench.faults.next = (method) => (method === "broadcastTransaction" ? "down" : undefined);
      const lost = await bench.step(request);
      bench.faults.next = () => "down";
      expect(shown(await bench.step(request))).to.equal("waiting l1-unreachable");
      bench.faults.next = () => undefined;
      const sent = await bench.step(request);
      expect(shown(sent)).to.equal("send 0");
      expect(hashOf(sent)).to.equal(hashOf(lost));
    });

    it("failing fee calls do not cost the slot", async () => {
      bench.faults.next = (method) => (method.startsWith("eth_") ? "down" : undefined);
      expect(shown(await bench.step(await bench.request([1])))).to.equal("send 0");
      await l1.mine();
      expect(await l1.provider.getTransactionCount(bench.wallet)).to.equal(1);
    });

    it("a dropped transaction is sent again, and never cancelled", async () => {
      const request = await bench.request([1]);
      const sent = await bench.step(request);
      await l1.drop(hashOf(sent));
      const again = await bench.step(request);
      expect(shown(again)).to.equal("send 0");
      expect(hashOf(again)).to.equal(hashOf(sent));
      await l1.mine();
      expect((await l1.provider.getTransactionReceipt(hashOf(sent)))?.status).to.equal(1);
    });

    it("priced out by the base fee it raises every fee by what the pool asks for, and the shortfall can be read afterwards", async () => {
      await l1.setNextBaseFee(GWEI);
      await l1.mine();
      bench = await createBench(l1, index, { headroomBlocks: 1 });
      const request = await bench.request([1]);
      const first = await bench.step(request);
      const offered = first.status === "sent" ? first.fees : undefined;
      if (offered === undefined) throw new Error(shown(first));
      await l1.setNextBaseFee(3n * GWEI);
      await l1.mine();
      const second = await bench.step(request);
      // anvil takes what cannot pay the base fee out of its pool.
      expect(shown(second)).to.be.oneOf(["replace 0", "send 0"]);
      const fees = second.status === "sent" ? second.fees : undefined;
      if (fees === undefined) throw new Error(shown(second));
      expect(covers(fees, bump(offered))).to.equal(true);
      const [passed] = passedOver(bench.manager.history);
      expect(passed?.hash).to.equal(hashOf(first));
      expect(passed?.baseFeeShortWei).to.equal(3n * GWEI - offered.maxFeePerGasWei);
      await l1.mine();
      expect((await l1.provider.getTransactionReceipt(hashOf(second)))?.status).to.equal(1);
    });

    it("a withdrawn transaction is cancelled by one of its kind that spends the nonce", async () => {
      const request = await bench.request([1]);
      const sent = await bench.step(request);
      const cancel = await bench.step(withdrawn(request));
      expect(shown(cancel)).to.equal("cancel 0");
      expect(shown(await bench.step(withdrawn(request)))).to.equal("waiting cancelling");
      await l1.mine();
      expect(shown(await bench.step(withdrawn(request)))).to.equal("stopped cancelled");
      expect(await l1.provider.getTransactionReceipt(hashOf(sent))).to.equal(null);
      expect((await l1.provider.getTransactionReceipt(hashOf(cancel)))?.gasUsed).to.equal(21_000n);
    });

    it("a nonce spent out of band is noticed, and the submission goes out at the next one", async () => {
      const request = await bench.request([1], { blobCount: 0 });
      const sent = await bench.step(request);
      await l1.drop(hashOf(sent));
      await bench.wallet.sendTransaction({ to: bench.wallet.address, nonce: 0, maxFeePerGas: 100n * GWEI });
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("waiting nonce-spent");
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("send 1");
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("waiting confirming");
    });

    it("another's transaction in the pool of a fresh account is waited for, not replaced", async () => {
      await bench.wallet.sendTransaction({ to: bench.wallet.address, nonce: 0 });
      const request = await bench.request([1]);
      expect(shown(await bench.step(request))).to.equal("waiting foreign-pending");
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("send 1");
    });

    it("a reverted transaction, and one whose inner call reverted, count as not landed", async () => {
      for (const [nonce, does] of [REVERT, NOTHING].entries()) {
        const request = await bench.request([nonce + 1], { does });
        for (const attempt of [0, 1]) {
          expect(shown(await bench.step(request))).to.equal(`send ${2 * nonce + attempt}`);
          await l1.mine();
        }
        expect(shown(await bench.step(request))).to.equal("stopped reverted");
      }
    });

    it("does not send what the simulation refuses", async () => {
      const request = await bench.request([1]);
      for (const [verdict, expected] of [
        ["notYet", "waiting not-yet"],
        ["duplicate", "stopped duplicate"],
        ["stale", "stopped stale"],
        ["invalid", "stopped invalid"],
      ] as const) {
        bench.verdict = { verdict, reason: "as told" };
        expect(shown(await bench.step(request))).to.equal(expected);
      }
      expect(await l1.provider.getTransactionCount(bench.wallet, "pending")).to.equal(0);
    });

    it("after a restart in the middle it follows the live transaction and sends no second one", async () => {
      const request = await bench.request([1]);
      const sent = await bench.step(request);
      await bench.restart();
      expect(shown(await bench.step(request))).to.equal("waiting in-flight");
      await l1.mine();
      await bench.restart();
      expect(shown(await bench.step(request))).to.equal("waiting confirming");
      expect(bench.manager.history.records[0]?.mined?.hash).to.equal(hashOf(sent));
      expect(await l1.provider.getTransactionCount(bench.wallet, "pending")).to.equal(1);
    });

    it("a landing that an L1 reorg took away goes out again, at the same nonce", async () => {
      if (l1.reorg === undefined) {
        // This node cannot reorganise to the same height; the decision itself is in the tables.
        expect(name).to.contain("Hardhat");
        return;
      }
      const request = await bench.request([1]);
      const sent = await bench.step(request);
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("waiting confirming");
      await l1.reorg(1);
      const again = await bench.step(request);
      expect(shown(again)).to.be.oneOf(["send 0", "waiting in-flight"]);
      await l1.mine();
      await l1.mine();
      await l1.mine();
      expect(shown(await bench.step(request))).to.equal("stopped landed");
      expect((await l1.provider.getTransactionReceipt(hashOf(sent)))?.status).to.equal(1);
    });

    it("waitForLanding steps with each block until it is final, and ends when told to", async () => {
      const request = await bench.request([1]);
      const done = await waitForLanding(bench.manager, request, { nextStep: () => l1.mine() });
      expect(done.reason).to.equal("landed");
      const stop = new AbortController();
      const endless = waitForLanding(bench.manager, await bench.request([2]), {
        nextStep: async () => {
          stop.abort(new Error("told to stop"));
          return l1.time();
        },
        signal: stop.signal,
      });
      const error = await endless.catch((reason: unknown) => reason);
      expect((error as Error).message).to.equal("told to stop");
    });

    it("carries a blob with content, under the versioned hash of its commitment", async () => {
      const data = new Uint8Array(131_072).fill(1);
      const now = await l1.time();
      const request = submitRequest({
        to: bench.wallet.address as Hex,
        data: "0x",
        checkpoints: [],
        blobs: [await kzg.sidecar(data, l1.blobWrapperVersion)],
        gasEstimate: 21_000n,
        notBeforeSec: now,
        deadlineSec: now + L1_SLOT_SECONDS,
        valueAtStakeWei: undefined,
      });
      await l1.setMinesOnArrival(!l1.poolsBlobs);
      const sent = await bench.step(request);
      await l1.setMinesOnArrival(false);
      if (l1.poolsBlobs) await l1.mine();
      const transaction = await l1.provider.getTransaction(hashOf(sent));
      expect(transaction?.blockNumber).to.be.a("number");
      expect(transaction?.blobVersionedHashes).to.deep.equal([versionedHash(await kzg.commit(data))]);
    });
  });
}
