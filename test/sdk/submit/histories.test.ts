import { expect } from "chai";
import { Wallet } from "ethers";
import { submitRequest, withdrawn } from "../../../sdk/submit/content.ts";
import { bid, bump, covers } from "../../../sdk/submit/fees.ts";
import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";
import { EMPTY_STATE, reduce } from "../../../sdk/submit/journal/state.ts";
import { SubmissionManager } from "../../../sdk/submit/manager.ts";
import { capsAsFees, type SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { SubmitRequest } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { encodeSubmission, FakeL1, higher } from "./fakeL1.ts";
import { GWEI, POLICY, word } from "./fixtures.ts";

const wallet = new Wallet(`0x${"22".repeat(32)}`);
const policy: SubmitPolicy = { ...POLICY, confirmations: 3, blobWrapperVersion: 0 };
/** Nothing checks this blob: the fake L1 looks at fees and calldata only. */
const TINY_BLOB = {
  data: new Uint8Array(32),
  commitment: `0x${"c0".padEnd(96, "0")}`,
  proof: `0x${"c0".padEnd(96, "0")}`,
} as const;

/** mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Totals {
  landed: number;
  replaced: number;
  crashes: number;
  reorgs: number;
  outcomes: Map<string, number>;
}

class Crash extends Error {}

/** One random life of a submitter, every rule checked on every event; at the end L1 is calm again. */
async function life(seed: number, blobs: boolean, totals: Totals): Promise<void> {
  const random = randomFrom(seed);
  const chance = (p: number): boolean => random() < p;
  const l1 = new FakeL1();
  let disk: TransactionEntry[] = [];
  let calm = false;
  const context = (): string => `seed ${seed}, blobs ${blobs}`;

  // A manager that cannot start is its caller's to start again.
  l1.fault = (method) =>
    calm || method === "getNetwork" || !chance(0.03) ? undefined : chance(0.5) ? "down" : "answer-lost";
  l1.onAccepted = ({ nonce, fees, checkpoints }, before) => {
    const others = [...l1.pool.values()].filter((t) => t.nonce !== nonce).flatMap((t) => t.checkpoints);
    const twice = checkpoints.filter((c) => others.includes(c));
    expect(twice, `${context()}: sent while live at another nonce`).to.deep.equal([]);
    expect(covers(capsAsFees(policy, blobs), fees), `${context()}: over a cap`).to.equal(true);
    if (before === undefined) return;
    totals.replaced++;
    const terms = { gasEstimate: 50_000n, blobCount: 1, valueAtStakeWei: undefined };
    const limit = higher(bump(before), bid(l1.market, terms, policy.headroomBlocks, policy));
    expect(covers(limit, fees), `${context()}: dearer than the bump and than the market`).to.equal(true);
  };

  const start = (): Promise<SubmissionManager> => {
    let state = disk.reduce(reduce, EMPTY_STATE);
    const journal: Journal = {
      get state() {
        return state;
      },
      append(entry) {
        if (!calm && chance(0.02)) throw new Crash();
        disk = [...disk, entry];
        state = reduce(state, entry);
        if (!calm && chance(0.02)) throw new Crash();
      },
      close() {},
    };
    return SubmissionManager.create(policy, {
      provider: l1.provider(),
      signer: wallet,
      journal,
      // As the contract: nothing fresh, nothing to send.
      simulate: async (request) =>
        request.checkpoints.every((c) => l1.landed().includes(c))
          ? { verdict: "duplicate", reason: "already submitted" }
          : { verdict: "ok", gas: 50_000n },
      landed: (receipt, checkpoints) => (receipt.status === 1 ? checkpoints : []),
    });
  };

  let next = 1;
  const wanted = (checkpoints: number[], blocks: number): SubmitRequest => {
    const words = checkpoints.map(word);
    // Leaves the window's last block to the node: what is in flight may still be mined in it.
    const deadlineSec = l1.time + blocks * l1.l1SlotSeconds;
    return submitRequest({
      to: wallet.address as Hex,
      data: encodeSubmission(words, deadlineSec + 1_000_000),
      checkpoints: words,
      blobs: blobs ? words.map(() => TINY_BLOB) : [],
      gasEstimate: 50_000n,
      notBeforeSec: 0,
      deadlineSec,
      valueAtStakeWei: undefined,
    });
  };

  let manager = await start();
  let request = wanted([next], 8);
  const step = async (): Promise<string> => {
    try {
      const outcome = await manager.step(l1.time, request);
      const name =
        outcome.status === "sent"
          ? outcome.action
          : `${outcome.status} ${outcome.status === "refused" || outcome.status === "unanswered" ? "" : outcome.reason}`;
      totals.outcomes.set(name.trim(), (totals.outcomes.get(name.trim()) ?? 0) + 1);
      return name;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      totals.crashes++;
      manager = await start();
      return "crash";
    }
  };
  for (let event = 0; event < 60; event++) {
    const name = await step();
    if (name.startsWith("stopped")) {
      next += request.checkpoints.length;
      request = wanted([next], 8);
    } else if (request.checkpoints.length === 1 && chance(0.1)) {
      request = wanted([next, next + 1], 8);
    } else if (chance(0.03)) {
      request = withdrawn(request);
    }
    if (chance(0.6)) l1.mine(() => chance(0.7));
    if (chance(0.3)) {
      const factor = BigInt(50 + Math.floor(random() * 150));
      const moved = (fee: bigint): bigint => (fee * factor) / 100n + 1n;
      const nextBaseFeeWei = moved(l1.market.nextBaseFeeWei) % (400n * GWEI);
      l1.market = { ...l1.market, nextBaseFeeWei, blobBaseFeeWei: moved(l1.market.blobBaseFeeWei) % (400n * GWEI) };
    }
    if (chance(0.05)) l1.pool.delete(Math.max(...l1.pool.keys(), 0));
    if (chance(0.03)) l1.spendNonce();
    if (chance(0.04)) {
      totals.reorgs++;
      l1.reorg(1 + Math.floor(random() * 2), chance(0.5));
    }
    if (chance(0.02)) manager = await start();
  }

  // Nothing of the past keeps the account from working once L1 does.
  calm = true;
  l1.market = { nextBaseFeeWei: GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 1n };
  request = wanted([9_999], 40);
  let last = "";
  for (let i = 0; i < 30 && last !== "stopped landed"; i++) {
    last = await step();
    l1.mine();
  }
  expect(last, `${context()}: stuck`).to.equal("stopped landed");
  expect(l1.reverted(), `${context()}: paid for a checkpoint that had landed`).to.equal(0);
  totals.landed += l1.landed().length;
}

describe("random histories of a submitter", () => {
  for (const blobs of [false, true]) {
    it(`with ${blobs ? "blob" : "plain"} transactions keep every rule, and end with a working account`, async () => {
      const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
      const totals: Totals = { landed: 0, replaced: 0, crashes: 0, reorgs: 0, outcomes: new Map() };
      for (let i = 0; i < 60; i++) await life(first + i, blobs, totals);
      // The histories are worth something only if all of this happened in them.
      for (const count of [totals.landed, totals.replaced, totals.crashes, totals.reorgs])
        expect(count, `from seed ${first}`).to.be.above(20);
      for (const name of ["send", "replace", "cancel", "waiting confirming", "waiting in-flight", "unanswered"]) {
        expect(totals.outcomes.get(name), `${name}, from seed ${first}`).to.be.above(0);
      }
    });
  }
});
