import type { Signer } from "ethers";
import type { BlobWrapperVersion, Kzg } from "../blob/kzg.ts";
import { getConfig, type RollupConfig, slotStart } from "../get/config.ts";
import { getTips } from "../get/tips.ts";
import type { RollupRef } from "../get/view.ts";
import type { OverrideProvider } from "../simulate/code.ts";
import { createSimulator, type Simulator } from "../simulate/simulator.ts";
import { max } from "../submit/fees.ts";
import type { Journal } from "../submit/journal/interface.ts";
import { memoryJournal } from "../submit/journal/memory.ts";
import { type LandingRequest, landedOn, landingRequest, simulateLanding } from "../submit/landings.ts";
import { SubmissionManager } from "../submit/manager.ts";
import type { StepOutcome } from "../submit/outcome.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../submit/policy.ts";
import { nextBlockTime } from "../submit/window.ts";
import type { Hex } from "../types/hex.ts";
import type { Prospect } from "../watch/prospects.ts";
import type { CertifiedCheckpoint, CheckpointSource } from "../watch/source.ts";
import { windowEnd } from "../watch/window.ts";
import { Books } from "./books.ts";
import { Candidates } from "./candidates.ts";
import type { Choice } from "./choose.ts";
import { type ErrandRequest, simulateErrand } from "./errandRequest.ts";
import { Errands } from "./errands.ts";
import type { Ledger } from "./ledger/interface.ts";
import { memoryLedger } from "./ledger/memory.ts";
import type { LedgerRow, LedgerTotals } from "./ledger/state.ts";
import { priceNext, type Standing } from "./pricing.ts";

/** Whom an independent submitter lands for, what it knows of checkpoints, and when landing is worth it. */
export interface IndependentSubmitterOptions {
  provider: OverrideProvider;
  /** Signs and pays; its account is used by nothing else meanwhile. */
  signer: Signer;
  /** Address of the rollup contract. */
  rollup: Hex;
  source: CheckpointSource;
  kzg: Kzg;
  /** Credited for landings; the signer's account if left out. Only its own account's credits can be claimed. */
  recipient?: Hex;
  /** Landing is worth it from this profit on, wei; default 0. */
  minProfitWei?: bigint;
  /** Bond first, if the account is not bonded: unbonded, each landing pays for the verification of its signature. */
  bond?: boolean;
  /** Default: one that forgets with the process; a service opens a file. */
  journal?: Journal;
  /** Default: one that forgets with the process; a service opens a file. */
  ledger?: Ledger;
  /** What differs from `DEFAULT_POLICY`; the L1 slot is the rollup's own. */
  policy?: Partial<SubmitPolicy>;
}

/** What one step saw and did. */
export interface SubmitterReport {
  /** Timestamp of the L1 block that was aimed at, Unix seconds; undefined when L1 could not be read. */
  timeSec: number | undefined;
  /** Slot of the checkpoint that is next in line; undefined if none is known. */
  slot: number | undefined;
  /** What landing it would come to in each L1 block left. */
  prospects: Prospect[];
  choice: Choice | undefined;
  outcome: StepOutcome | undefined;
  /** Rows of the ledger decided by this step. */
  decided: LedgerRow[];
  /** What went wrong and will be tried again, in words. */
  troubles: string[];
}

interface Parts {
  ref: RollupRef & { provider: OverrideProvider };
  config: RollupConfig;
  policy: SubmitPolicy;
  recipient: Hex;
  minProfitWei: bigint;
  simulator: Simulator;
  manager: SubmissionManager<LandingRequest | ErrandRequest>;
  candidates: Candidates;
  ledger: Ledger;
  books: Books;
  errands: Errands;
}

/**
 * Lands other people's checkpoints when that pays: watches those with a quorum, prices the next one in line for every
 * L1 block left in its window, sends when the credit is its own and exceeds the cost, claims what it earned, and keeps
 * books. It has no clock and no timer: step it once per L1 block.
 *
 * One account, one nonce at a time: a checkpoint is never in flight twice.
 */
export class IndependentSubmitter {
  readonly #parts: Parts;
  /** The landing last asked for. */
  #wanted: { digest: Hex; request: LandingRequest } | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @throws SimulateError when the L1 node honours no state overrides, GetError when no rollup is at the address, and
   * what the signer and the provider throw.
   */
  static async open(options: IndependentSubmitterOptions): Promise<IndependentSubmitter> {
    const { provider, signer, source, kzg, minProfitWei = 0n, bond = false } = options;
    const { journal = memoryJournal(), ledger = memoryLedger() } = options;
    const rollup = options.rollup.toLowerCase() as Hex;
    const ref = { provider, rollup };
    const [config, network, simulator] = await Promise.all([
      getConfig(ref),
      provider.getNetwork(),
      createSimulator(ref),
    ]);
    const policy: SubmitPolicy = { ...DEFAULT_POLICY, l1SlotSeconds: config.l1SlotSeconds, ...options.policy };
    const landing = simulateLanding(simulator);
    const manager = await SubmissionManager.create<LandingRequest | ErrandRequest>(policy, {
      provider,
      signer,
      journal,
      simulate: (request, at) =>
        "call" in request ? landing(request, at) : simulateErrand(provider, request, at.from),
      landed: landedOn(rollup),
    });
    const recipient = (options.recipient?.toLowerCase() as Hex | undefined) ?? manager.account;
    const blobWrapperVersion: BlobWrapperVersion = policy.blobWrapperVersion;
    const { confirmations } = policy;
    return new IndependentSubmitter({
      ref,
      config,
      policy,
      recipient,
      minProfitWei,
      simulator,
      manager,
      candidates: new Candidates({ ref, config, chainId: network.chainId, source, kzg, blobWrapperVersion }),
      ledger,
      books: new Books({ ref, config, ledger, confirmations, recipient }),
      errands: new Errands({ ref, config, account: manager.account, recipient, bond, ledger }),
    });
  }

  /** The account that signs and pays. */
  get account(): Hex {
    return this.#parts.manager.account;
  }

  /** The books, checkpoint by checkpoint. */
  get rows(): LedgerRow[] {
    return this.#parts.books.rows(this.#parts.manager.history);
  }

  /** Sums over everything ever written to the ledger. */
  get totals(): LedgerTotals {
    return this.#parts.ledger.state.totals;
  }

  /** True while something that was sent is undecided. */
  get isBusy(): boolean {
    return this.#parts.books.isOpen;
  }

  /**
   * Does what is to be done for the next L1 block.
   * @param nowSec the caller's clock, Unix seconds
   * @throws SubmitError as `SubmissionManager.step`; trouble with L1 or with the source is in the report.
   */
  async step(nowSec: number): Promise<SubmitterReport> {
    const troubles: string[] = [];
    const attempt = async <Value>(what: string, work: () => Promise<Value>): Promise<Value | undefined> => {
      try {
        return await work();
      } catch (error) {
        troubles.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    };
    const { manager, ref, policy, candidates, books, errands } = this.#parts;
    const seen = await attempt("L1", () => Promise.all([manager.look(), getTips(ref)]));
    if (seen === undefined) return { ...NOTHING_SEEN, troubles };
    const [network, tip] = seen;
    const timeSec = nextBlockTime(network.blockTimeSec, nowSec, policy);
    for (const refused of (await attempt("source", () => candidates.refresh())) ?? []) {
      troubles.push(`refused a checkpoint: ${refused}`);
    }
    const checkpoint = candidates.next(tip);
    const standing =
      checkpoint &&
      (await attempt("pricing", () =>
        priceNext({ ...this.#parts, from: manager.account }, checkpoint, timeSec, network.market),
      ));
    const landing = standing && (await attempt("landing", () => this.#landing(standing)));
    const errand =
      landing === undefined ? await attempt("errand", () => errands.due(network.market, manager.history)) : undefined;
    const outcome = await manager.step(nowSec, landing ?? errand);
    if (errand !== undefined) await attempt("books", () => errands.book(errand, outcome));
    const nothingLive = outcome.status === "stopped";
    const moment = { network, tip, journal: manager.history, nothingLive, unworthy: unworthy(standing) };
    const decided = (await attempt("books", () => books.update(moment))) ?? [];
    const { prospects = [], choice } = standing ?? {};
    return { timeSec, slot: checkpoint?.submission.header.slot, prospects, choice, outcome, decided, troubles };
  }

  /** Lets the running step end and closes journal and ledger. What is live stays live, and is known after a restart. */
  async close(): Promise<void> {
    await this.#parts.manager.close();
    this.#parts.ledger.close();
  }

  /** What to ask of the manager for the checkpoint next in line; undefined for nothing. */
  async #landing({ checkpoint, gas, prospects, choice }: Standing): Promise<LandingRequest | undefined> {
    const { ref, config, candidates, recipient, minProfitWei } = this.#parts;
    const { digest, header } = checkpoint.submission;
    if (choice.action !== "land") {
      if (choice.action === "hold" && prospects.some(({ profitWei }) => profitWei >= minProfitWei)) {
        // Blobs and proofs take a while: they are made while there is nothing else to do.
        await candidates.blobs(checkpoint);
      }
      // What was sent is followed, and raised no further than it is worth now.
      return this.#wanted?.digest === digest ? this.#worth(this.#wanted.request, prospects[0]) : undefined;
    }
    const { role } = choice.prospect;
    const blobs = await candidates.blobs(checkpoint);
    const nextSlotSec = slotStart(config, header.slot + 1);
    const [notBeforeSec, endSec] =
      role === "onTime"
        ? [slotStart(config, header.slot), nextSlotSec]
        : [nextSlotSec + config.successorWindowSeconds, windowEnd(config, header.slot)];
    const item = { submission: checkpoint.submission, blobs, blobHashes: checkpoint.blobHashes };
    const conditions = { recipient, notBeforeSec, deadlineSec: endSec - 1, gasEstimate: gas };
    const request = this.#worth(landingRequest(ref.rollup, [item], conditions), choice.prospect);
    this.#bookBid(checkpoint, choice.prospect);
    this.#wanted = { digest, request };
    return request;
  }

  #worth(request: LandingRequest, prospect: Prospect | undefined): LandingRequest {
    return { ...request, valueAtStakeWei: max(0n, (prospect?.creditWei ?? 0n) - this.#parts.minProfitWei) };
  }

  /** Before anything is sent: a crash in between leaves a bid without a transaction, never the other way round. */
  #bookBid({ submission }: CertifiedCheckpoint, { creditWei }: Prospect): void {
    const { ledger } = this.#parts;
    const { digest, header, blobCount } = submission;
    if (ledger.state.rows.some((row) => row.digest === digest && row.result === "sent")) return;
    ledger.append({ type: "bid", slot: header.slot, digest, blobCount, expectedWei: creditWei });
  }
}

const NOTHING_SEEN = {
  timeSec: undefined,
  slot: undefined,
  prospects: [],
  choice: undefined,
  outcome: undefined,
  decided: [],
};

/** The checkpoint next in line, while it is anybody's to land and nobody would. */
function unworthy(standing: Standing | undefined): { slot: number; digest: Hex } | undefined {
  if (standing?.choice.action !== "hold" || standing.choice.reason !== "unprofitable") return undefined;
  const { header, digest } = standing.checkpoint.submission;
  return { slot: header.slot, digest };
}
