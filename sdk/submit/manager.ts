import type { Provider, Signer } from "ethers";
import type { Hex } from "../types/hex.ts";
import { broadcast } from "./broadcast.ts";
import { CANCEL_GAS, decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { SubmitError } from "./errors.ts";
import type { Journal } from "./journal/interface.ts";
import { landingOf } from "./landing.ts";
import { type KnownPrices, type LandedCheckpoints, readNetwork } from "./network.ts";
import type { StepOutcome } from "./outcome.ts";
import type { SubmitPolicy } from "./policy.ts";
import { reconcile } from "./reconcile.ts";
import type { Simulate, SimulationVerdict } from "./simulation.ts";
import { CANCEL_CONTENT, cancellation, signTransaction, type Unsigned } from "./transaction.ts";
import type { NetworkView, SubmitRequest } from "./types.ts";
import { nextBlockTime } from "./window.ts";

/** What a submission manager works with. */
export interface SubmitDependencies<Request extends SubmitRequest = SubmitRequest> {
  provider: Provider;
  /** Signs; it never sends. Its account is used by nothing else while the manager runs. */
  signer: Signer;
  journal: Journal;
  simulate: Simulate<Request>;
  /** Which checkpoints a receipt shows as landed. */
  landed: LandedCheckpoints;
  /**
   * Reads L1 in one piece, for a provider behind which several nodes stand: what `read` reads comes from one of them,
   * or `read` is run again. Left out: it is run once.
   */
  view?: <T>(read: () => Promise<T>) => Promise<T>;
}

/** Steps that may wait for the one that runs; the caller steps once per L1 block, so more means L1 does not answer. */
const MAX_QUEUED_STEPS = 8;

/** The sending step: what to sign, and how the journal describes it. */
interface Order {
  decision: Extract<Decision, { action: "send" | "replace" | "cancel" }>;
  payload: Pick<Unsigned, "to" | "data" | "valueWei" | "blobs">;
  gasLimit: bigint;
  content: Hex;
  checkpoints: Hex[];
  deadlineSec: number;
}

/**
 * Brings one account's transactions to L1. It has no clock and no timer: each `step` reads L1 once, decides, and does
 * at most one thing. Step it once per L1 block, and whenever the request changes.
 */
export class SubmissionManager<Request extends SubmitRequest = SubmitRequest> {
  readonly account: Hex;
  readonly #chainId: number;
  readonly #policy: SubmitPolicy;
  readonly #deps: SubmitDependencies<Request>;
  #prices: KnownPrices;
  #running: Promise<unknown> = Promise.resolve();
  #queued = 0;

  private constructor(account: Hex, chainId: number, policy: SubmitPolicy, dependencies: SubmitDependencies<Request>) {
    this.account = account;
    this.#chainId = chainId;
    this.#policy = policy;
    this.#deps = dependencies;
    this.#prices = policy.fallback;
  }

  /** Asks the signer for its account and the provider for its chain; rejects as they do. */
  static async create<Request extends SubmitRequest = SubmitRequest>(
    policy: SubmitPolicy,
    dependencies: SubmitDependencies<Request>,
  ): Promise<SubmissionManager<Request>> {
    const [address, network] = await Promise.all([
      dependencies.signer.getAddress(),
      dependencies.provider.getNetwork(),
    ]);
    return new SubmissionManager(address.toLowerCase() as Hex, Number(network.chainId), policy, dependencies);
  }

  /** All that was done, attempt by attempt. */
  get history(): Journal["state"] {
    return this.#deps.journal.state;
  }

  /**
   * Does what is to be done now. Without a request it only follows what is live.
   * @param nowSec the caller's clock, Unix seconds
   * @throws SubmitError `signer-failed`, `journal-closed`, `too-many-steps`; trouble with L1 is an outcome.
   */
  async step(nowSec: number, request?: Request): Promise<StepOutcome> {
    if (this.#queued >= MAX_QUEUED_STEPS) {
      throw new SubmitError(
        "too-many-steps",
        `Expected at most ${MAX_QUEUED_STEPS} steps to wait for L1's answer. Step once per L1 block.`,
      );
    }
    this.#queued++;
    const step = this.#running.then(() => this.#step(nowSec, request));
    this.#running = step.catch(() => {});
    try {
      return await step;
    } finally {
      this.#queued--;
    }
  }

  /**
   * Asks, without sending, what L1 as it is would do with a request in its next block.
   * @throws what the provider and the simulation throw when L1 cannot be asked.
   */
  async simulate(request: Request, nowSec: number): Promise<SimulationVerdict> {
    return this.#simulate(await this.#read(), request, nowSec);
  }

  /** L1 as the next step would see it. @throws what the provider throws when L1 cannot be read. */
  async look(): Promise<NetworkView> {
    return this.#read();
  }

  /** Lets the running steps end, then closes the journal. What is live stays live, and known to the journal. */
  async close(): Promise<void> {
    await this.#running;
    this.#deps.journal.close();
  }

  async #step(nowSec: number, request: Request | undefined): Promise<StepOutcome> {
    const { journal } = this.#deps;
    let network: NetworkView;
    try {
      network = await this.#read();
    } catch (error) {
      return { status: "waiting", reason: "l1-unreachable", detail: (error as Error).message };
    }
    for (const entry of reconcile(journal.state, network, this.#policy.confirmations)) journal.append(entry);
    const decision = decide(journal.state, network, request, this.#policy, nowSec);
    switch (decision.action) {
      case "wait":
        return { status: "waiting", reason: decision.reason };
      case "stop": {
        const landing = request && landingOf(journal.state, request);
        return { status: "stopped", reason: decision.reason, ...(landing && { landing }) };
      }
      case "cancel":
        return this.#send(network, {
          decision,
          payload: cancellation(this.account, decision.blob, this.#policy.blobWrapperVersion),
          gasLimit: CANCEL_GAS,
          content: CANCEL_CONTENT,
          checkpoints: [],
          deadlineSec: Number.MAX_SAFE_INTEGER,
        });
      default:
        return request === undefined
          ? { status: "stopped", reason: "idle" }
          : this.#land(decision, network, request, nowSec);
    }
  }

  async #read(): Promise<NetworkView> {
    const { provider, journal, landed, view = (read) => read() } = this.#deps;
    const network = await view(() => readNetwork(provider, this.account, journal.state, this.#prices, landed));
    this.#prices = network.market;
    return network;
  }

  #simulate({ blockTimeSec, market }: NetworkView, request: Request, nowSec: number): Promise<SimulationVerdict> {
    const timeSec = nextBlockTime(blockTimeSec, nowSec, this.#policy);
    return this.#deps.simulate(request, { timeSec, market, from: this.account });
  }

  /** Asks once more whether it would land, then sends. */
  async #land(
    decision: Extract<Decision, { action: "send" | "replace" }>,
    network: NetworkView,
    request: Request,
    nowSec: number,
  ): Promise<StepOutcome> {
    let simulated: SimulationVerdict;
    try {
      simulated = await this.#simulate(network, request, nowSec);
    } catch (error) {
      return { status: "waiting", reason: "simulation-failed", detail: (error as Error).message };
    }
    if (simulated.verdict === "notYet") return { status: "waiting", reason: "not-yet", detail: simulated.reason };
    if (simulated.verdict !== "ok") {
      // What is live may have been mined since L1 was read: the next step tells ours from another's.
      const live = decision.action === "replace" && simulated.verdict === "duplicate";
      return live
        ? { status: "waiting", reason: "in-flight", detail: simulated.reason }
        : { status: "stopped", reason: simulated.verdict, detail: simulated.reason };
    }
    return this.#send(network, {
      decision,
      payload: request,
      gasLimit: simulated.gasLimit ?? (simulated.gas * BigInt(10_000 + this.#policy.gasMarginBps)) / 10_000n,
      content: request.content,
      checkpoints: request.checkpoints,
      deadlineSec: request.deadlineSec,
    });
  }

  /** The order matters: signed, then on disk, then sent. A crash in between leaves nothing unknown. */
  async #send(network: NetworkView, order: Order): Promise<StepOutcome> {
    const { provider, signer, journal } = this.#deps;
    const { nonce, fees, action } = order.decision;
    const signed = await signTransaction(signer, {
      ...order.payload,
      chainId: this.#chainId,
      nonce,
      gasLimit: order.gasLimit,
      fees,
      blobWrapperVersion: this.#policy.blobWrapperVersion,
    });
    const { hash } = signed;
    journal.append({
      type: "intent",
      nonce,
      hash,
      kind: action === "cancel" ? "cancel" : "land",
      content: order.content,
      checkpoints: order.checkpoints,
      fees,
      deadlineSec: order.deadlineSec,
      atBlock: network.blockNumber,
    });
    const answer = await broadcast(provider, signed);
    switch (answer.result) {
      case "accepted":
        journal.append({ type: "accepted", hash, atBlock: network.blockNumber });
        return { status: "sent", action, nonce, hash, fees };
      case "refused":
      case "unanswered":
        journal.append({ type: answer.result, hash, reason: answer.reason });
        return { status: answer.result, nonce, hash, reason: answer.reason };
    }
  }
}
