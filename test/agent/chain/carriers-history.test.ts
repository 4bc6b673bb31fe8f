import { expect } from "chai";
import { type AccountView, chooseAccount } from "../../../sdk/agent/chain/accounts.ts";
import { sentTogether } from "../../../sdk/agent/chain/carriers.ts";
import { decide } from "../../../sdk/submit/decide.ts";
import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import { EMPTY_STATE, type JournalState, reduce } from "../../../sdk/submit/journal/state.ts";
import { reconcile } from "../../../sdk/submit/reconcile.ts";
import type { MinedReceipt, NetworkView, RequestTerms } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { GWEI, POLICY, word } from "../../sdk/submit/fixtures.ts";
import { type Random, randomFrom } from "../../sdk/world/random.ts";

const ACCOUNTS = [0x0a, 0x0b, 0x0c].map((byte): Hex => `0x${byte.toString(16).padStart(2, "0").repeat(20)}`);
const L1_SLOT = POLICY.l1SlotSeconds;

/** A transaction that some node was given; `landed`: the checkpoints that its mining landed. */
interface Sent {
  account: number;
  nonce: number;
  hash: Hex;
  checkpoints: number[];
  isPooled: boolean;
}

/** An L1 with several accounts' pools and a contract that takes checkpoints in their order only, each once. */
class World {
  /** By block, what it holds, and what that landed: nothing if it reverted. */
  blocks: { tx: Sent; landed: number[] }[][] = [[]];
  readonly sent: Sent[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get landed(): number[] {
    return this.blocks.flat().flatMap(({ landed }) => landed);
  }

  nonceOf(account: number): number {
    return this.blocks.flat().filter(({ tx }) => tx.account === account).length;
  }

  /** One transaction of each account at most, in any order. */
  mine(): void {
    const block: World["blocks"][number] = [];
    this.blocks.push(block);
    for (const account of ACCOUNTS.keys()) {
      const nonce = this.nonceOf(account);
      const tx = this.sent.findLast((one) => one.isPooled && one.account === account && one.nonce === nonce);
      if (tx === undefined || this.#random.chance(0.4)) continue;
      const next = this.landed.length;
      const fresh = tx.checkpoints.filter((checkpoint) => checkpoint >= next);
      block.push({ tx, landed: fresh[0] === next ? fresh : [] });
      for (const one of this.sent) if (one.account === account && one.nonce === nonce) one.isPooled = false;
    }
  }

  /** Less deep than what is final; what goes comes back to the pools, or is forgotten. */
  reorg(keeps: () => boolean): void {
    const depth = this.#random.integer(1, POLICY.confirmations - 1);
    if (depth >= this.blocks.length) return;
    const gone = this.blocks.splice(-depth);
    this.blocks.push(...gone.map(() => []));
    for (const { tx } of gone.flat()) tx.isPooled = keeps();
  }

  view(account: number, state: JournalState): NetworkView {
    const receipts = new Map<Hex, MinedReceipt>();
    const pooled = new Set<Hex>();
    const ours = new Set(state.records.flatMap(({ attempts }) => attempts.map(({ hash }) => hash)));
    for (const [blockNumber, block] of this.blocks.entries()) {
      for (const { tx, landed } of block) {
        if (!ours.has(tx.hash)) continue;
        const success = tx.checkpoints.length === 0 || landed.at(-1) === tx.checkpoints.at(-1);
        const blockHash = word(0xb000 + blockNumber);
        receipts.set(tx.hash, {
          hash: tx.hash,
          blockNumber,
          blockHash,
          success,
          gasUsed: 1,
          gasPriceWei: 1n,
        } as MinedReceipt);
      }
    }
    for (const tx of this.sent) if (tx.isPooled && ours.has(tx.hash)) pooled.add(tx.hash);
    const latestNonce = this.nonceOf(account);
    const ahead = this.sent.filter((tx) => tx.account === account && tx.isPooled).length;
    return {
      blockNumber: this.blocks.length - 1,
      blockTimeSec: this.blocks.length * L1_SLOT,
      blockBaseFeeWei: GWEI,
      market: { nextBaseFeeWei: GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 1n },
      latestNonce,
      pendingNonce: latestNonce + ahead,
      pooled,
      receipts,
    };
  }

  /** What may still be mined: some pool may hold what others forgot. */
  live(): Sent[] {
    return this.sent.filter((tx) => tx.nonce >= this.nonceOf(tx.account));
  }
}

interface Totals {
  landed: number;
  batches: number;
  /** Batches that were not sent as such. */
  cut: number;
  reorgs: number;
}

/** One random history of an agent with several accounts: each step decides as the agent does. */
function history(seed: number, totals: Totals): void {
  const random = randomFrom(seed);
  const { chance, integer } = random;
  const world = new World(random);
  const journals = ACCOUNTS.map((): JournalState => EMPTY_STATE);
  let hashes = 0;

  const append = (account: number, entry: TransactionEntry): void => {
    journals[account] = reduce(journals[account] as JournalState, entry);
  };

  const step = (account: number, request?: RequestTerms): void => {
    const network = world.view(account, journals[account] as JournalState);
    for (const entry of reconcile(journals[account] as JournalState, network, POLICY.confirmations))
      append(account, entry);
    const decision = decide(journals[account] as JournalState, network, request, POLICY, network.blockTimeSec);
    if (decision.action === "wait" || decision.action === "stop" || request === undefined) return;
    const isCancel = decision.action === "cancel";
    const checkpoints = isCancel ? [] : request.checkpoints.map(Number);
    // As the simulation before each sending: all of it would land.
    if (!isCancel && checkpoints[0] !== world.landed.length) return;
    const hash = word(++hashes);
    const tx: Sent = { account, nonce: decision.nonce, hash, checkpoints, isPooled: false };
    append(account, {
      type: "intent",
      nonce: decision.nonce,
      hash,
      kind: isCancel ? "cancel" : "land",
      content: isCancel ? word(0) : request.content,
      checkpoints: isCancel ? [] : request.checkpoints,
      fees: decision.fees,
      deadlineSec: request.deadlineSec,
      atBlock: network.blockNumber,
    });
    if (chance(0.05)) {
      append(account, { type: "refused", hash, reason: "no" });
      return;
    }
    for (const one of world.sent) if (one.account === account && one.nonce === tx.nonce) one.isPooled = false;
    check(tx);
    world.sent.push(tx);
    tx.isPooled = chance(0.95);
    if (chance(0.1)) append(account, { type: "unanswered", hash, reason: "timeout" });
    else append(account, { type: "accepted", hash, atBlock: network.blockNumber });
    if (checkpoints.length > 1) totals.batches++;
  };

  const check = (tx: Sent): void => {
    const others = world.live().filter(({ account, nonce }) => account !== tx.account || nonce !== tx.nonce);
    const twice = others.filter(({ checkpoints }) => checkpoints.some((one) => tx.checkpoints.includes(one)));
    expect(twice, `seed ${seed}: sent as ${JSON.stringify(tx)} while on its way`).to.deep.equal([]);
  };

  for (let beat = 0; beat < 60; beat++) {
    const next = world.landed.length;
    // Its own is certified or not yet: the late one alone, or both.
    const duty = chance(0.5) ? [next, next + 1] : [next];
    const digests = duty.map(word);
    const count = sentTogether(journals, digests);
    if (count < duty.length) totals.cut++;
    const checkpoints = digests.slice(0, count);
    const request: RequestTerms = {
      content: word(1_000_000 + next * 10 + count),
      checkpoints,
      blobCount: count,
      gasEstimate: 50_000n,
      notBeforeSec: 0,
      deadlineSec: (world.blocks.length + 8) * L1_SLOT,
      valueAtStakeWei: undefined,
      intent: "land",
    };
    const views = ACCOUNTS.map(
      (account, at): AccountView => ({
        account,
        balanceWei: BigInt(integer(1, 1000)),
        bonded: chance(0.5),
        journal: journals[at] as JournalState,
      }),
    );
    const { account } = chooseAccount(views, request, () => 10n, world.blocks.length * L1_SLOT);
    const chosen = ACCOUNTS.indexOf(account);
    step(chosen, request);
    for (const other of ACCOUNTS.keys()) if (other !== chosen) step(other);
    if (chance(0.7)) world.mine();
    if (chance(0.1)) {
      totals.reorgs++;
      const keepProbability = random.pick([0, 0.5, 1]);
      world.reorg(() => chance(keepProbability));
    }
    if (chance(0.05)) for (const tx of world.sent) if (chance(0.5)) tx.isPooled = false;
  }
  totals.landed += world.landed.length;
}

describe("random histories of an agent with several L1 accounts", () => {
  it("never have a checkpoint in two transactions that L1 may take", () => {
    const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    const totals: Totals = { landed: 0, batches: 0, cut: 0, reorgs: 0 };
    for (let i = 0; i < 400; i++) history(first + i, totals);
    for (const [what, count] of Object.entries(totals)) expect(count, `${what}, from seed ${first}`).to.be.above(20);
  });
});
