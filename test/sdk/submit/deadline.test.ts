import { expect } from "chai";
import { Wallet } from "ethers";
import { submitRequest } from "../../../sdk/submit/content.ts";
import { marketCost } from "../../../sdk/submit/fees.ts";
import { memoryJournal } from "../../../sdk/submit/journal/memory.ts";
import { SubmissionManager } from "../../../sdk/submit/manager.ts";
import type { StepOutcome } from "../../../sdk/submit/outcome.ts";
import { capsAsFees, type SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type Random, randomFrom } from "../world/random.ts";
import { encodeSubmission, FakeL1 } from "./fakeL1.ts";
import { GWEI, POLICY, word } from "./fixtures.ts";

const LIVES = 400;
const wallet = new Wallet(`0x${"33".repeat(32)}`);
const GAS = 50_000n;
/** Caps that the fee paths below reach now and then. */
const policy: SubmitPolicy = {
  ...POLICY,
  blobWrapperVersion: 0,
  caps: { maxFeePerGasWei: 120n * GWEI, maxPriorityFeePerGasWei: 40n * GWEI, maxFeePerBlobGasWei: GWEI },
};

interface Totals {
  landed: number;
  tooLate: number;
  waitedForPrice: number;
  /** Landed in a block after one that was too dear. */
  landedAfterWaiting: number;
}

/** One submission with a value, from its request to its end, under random fees, blocks and faults. */
async function life(seed: number, totals: Totals): Promise<void> {
  const random: Random = randomFrom(seed);
  const l1 = new FakeL1();
  l1.fault = (method) =>
    method === "getNetwork" || !random.chance(0.04) ? undefined : random.chance(0.5) ? "down" : "answer-lost";
  let accepted = 0;
  const deadlineSec = l1.time + random.integer(2, 10) * l1.l1SlotSeconds;
  const valueAtStakeWei = BigInt(random.integer(300, 2_500)) * GWEI * 1_000n;
  const request = submitRequest({
    to: wallet.address as Hex,
    data: encodeSubmission([word(1)], deadlineSec),
    checkpoints: [word(1)],
    blobs: [],
    gasEstimate: GAS,
    notBeforeSec: 0,
    deadlineSec,
    valueAtStakeWei,
  });
  const terms = { gasEstimate: GAS, blobCount: 0 };
  l1.onAccepted = ({ fees }) => {
    accepted++;
    const caps = capsAsFees(policy, false);
    expect(fees.maxFeePerGasWei <= caps.maxFeePerGasWei, `seed ${seed}: over the cap`).to.equal(true);
    expect(l1.time + l1.l1SlotSeconds <= deadlineSec, `seed ${seed}: sent when no block could hold it`).to.equal(true);
  };
  const manager = await SubmissionManager.create(policy, {
    provider: l1.provider(),
    signer: wallet,
    journal: memoryJournal(),
    simulate: async () =>
      l1.landed().includes(word(1)) ? { verdict: "duplicate", reason: "landed" } : { verdict: "ok", gas: GAS },
    landed: (receipt, checkpoints) => (receipt.status === 1 ? checkpoints : []),
  });
  let waited = false;
  const mayEnd = (outcome: StepOutcome): boolean => outcome.status === "stopped" && outcome.reason === "landed";
  for (let block = 0; ; block++) {
    expect(block, `seed ${seed}: still going long after its deadline`).to.be.below(25);
    const outcome = await manager.step(l1.time, request);
    const nextSec = l1.time + l1.l1SlotSeconds;
    if (outcome.status === "waiting" && outcome.reason === "in-flight-after-deadline") {
      // What is in flight stays where it is: nothing is spent on it any more.
      expect(nextSec > deadlineSec, `seed ${seed}: left alone with a block left`).to.equal(true);
      totals.tooLate++;
      break;
    }
    if (outcome.status === "stopped") {
      if (mayEnd(outcome)) {
        totals.landed++;
        if (waited) totals.landedAfterWaiting++;
      } else {
        expect(outcome.reason, `seed ${seed}`).to.equal("deadline-passed");
        expect(nextSec > deadlineSec, `seed ${seed}: gave up with a block left`).to.equal(true);
        totals.tooLate++;
      }
      break;
    }
    if (outcome.status === "waiting" && outcome.reason === "unprofitable") {
      waited = true;
      totals.waitedForPrice++;
      // A failing fee call leaves the tip at what the policy says.
      const { priorityFeeWei } = policy.fallback;
      const dearest = marketCost({ ...l1.market, priorityFeeWei }, terms);
      expect(dearest > valueAtStakeWei, `seed ${seed}: it would have paid`).to.equal(true);
    }
    l1.mine(() => random.chance(0.8));
    const factor = BigInt(random.integer(60, 160));
    const fee = (l1.market.nextBaseFeeWei * factor) / 100n + 1n;
    l1.market = { ...l1.market, nextBaseFeeWei: fee > 300n * GWEI ? 20n * GWEI : fee };
  }
  expect(l1.landed().length <= 1, `seed ${seed}`).to.equal(true);
  expect(accepted).to.be.at.most(policy.maxAttempts);
}

describe("a submission with a value and a deadline", () => {
  it("goes on while one more L1 block could land it profitably, and ends by its deadline, whatever fees and nodes do", async () => {
    const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    const totals: Totals = { landed: 0, tooLate: 0, waitedForPrice: 0, landedAfterWaiting: 0 };
    for (let i = 0; i < LIVES; i++) await life(first + i, totals);
    // The lives are worth something only if all of this happened in them.
    for (const [what, count] of Object.entries(totals)) expect(count, `${what}, from seed ${first}`).to.be.above(0);
  });
});
