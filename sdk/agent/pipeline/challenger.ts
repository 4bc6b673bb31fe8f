import type { Provider } from "ethers";
import { buildChallengeCalldata, buildCureCalldata } from "../../build/challenge.ts";
import { buildLogHead, type CheckpointLog, hashLog } from "../../build/log.ts";
import { getLogHash } from "../../get/tips.ts";
import { submitRequest } from "../../submit/content.ts";
import type { JournalState } from "../../submit/journal/state.ts";
import { landingOf } from "../../submit/landing.ts";
import type { SimulatedSending, SimulationVerdict } from "../../submit/simulation.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import { type BadlySigned, challengeDuty, MAX_CHALLENGED } from "../chain/challenges.ts";
import type { ChainState, Suspect } from "../chain/state.ts";
import { vouchedUpTo } from "../chain/suspects.ts";
import type { Landings, StandingCheckpoint } from "../l1/landings.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { LandedSignatures } from "./landed-signatures.ts";
import { simulateCall } from "./simulate-call.ts";

export interface ChallengerParts {
  provider: Provider;
  rollup: Hex;
  timetable: Timetable;
  landings: Pick<Landings, "standing">;
  signatures: Pick<LandedSignatures, "isSigned">;
  sets: Pick<ValidatorSets, "setOf">;
  /** Of this agent's validators. */
  publicKeys: readonly Hex[];
}

/** A challenge or a cure, and the log that must stand on L1 for it to be worth its gas. */
export interface ChallengeRequest extends SubmitRequest {
  purpose: "challenge" | "cure";
  number: number;
  log: CheckpointLog;
}

/** Gas of a cure, and of a challenge for each checkpoint, rounded up; the limit sent comes from an estimate. */
const CURE_GAS = 400_000n;
const CHALLENGE_GAS = 250_000n;

/**
 * Takes checkpoints off L1 that nobody is known to have signed, and gives those that a quorum did sign the signature
 * they lack. Each agent knows by itself; which of them acts first goes by the slot.
 */
export class Challenger {
  readonly #parts: ChallengerParts;

  constructor(parts: ChallengerParts) {
    this.#parts = parts;
  }

  /** What to send in this L1 block, if it is this agent's turn; what was done before is in the journal. */
  async request(
    state: ChainState,
    moment: Moment,
    isProposer: boolean,
    journal: JournalState,
  ): Promise<ChallengeRequest | undefined> {
    const bad = await this.#bad(state);
    const [first] = bad;
    if (first === undefined) return undefined;
    const rank = isProposer ? 0 : await this.#rank(first.checkpoint.number, moment);
    const duty = challengeDuty(
      state,
      bad.map((one) => accusation(one)),
      rank,
      this.#parts.timetable,
    );
    if (duty.duty === "wait") return undefined;
    const numbers = duty.duty === "challenge" ? duty.numbers : [duty.number];
    const logs = numbers
      .flatMap((number) => bad.filter(({ checkpoint }) => checkpoint.number === number))
      .map(({ log }) => log);
    const [log] = logs;
    if (log === undefined) return undefined;
    const of = { purpose: duty.duty, number: numbers[0] as number, log };
    return duty.duty === "challenge"
      ? this.#again(journal, of, buildChallengeCalldata(logs), CHALLENGE_GAS * BigInt(logs.length))
      : this.#again(journal, of, buildCureCalldata(log, duty.certificate), CURE_GAS);
  }

  /**
   * The logs to challenge in the transaction that lands the right checkpoint in their place, the tip first: all
   * suspects. Undefined when they are more than one transaction should carry, or some are known to be gone or to be followed.
   */
  inTheWay(state: ChainState): CheckpointLog[] | undefined {
    if (state.suspects.length > MAX_CHALLENGED || vouchedUpTo(state) !== undefined) return undefined;
    const { standing } = this.#parts.landings;
    const logs = [...state.suspects].reverse().flatMap((suspect) => standing.filter(isSuspect(suspect)));
    return logs.length === state.suspects.length ? logs.map(({ log }) => log) : undefined;
  }

  /** Whether it would go through now: somebody else may have been faster. */
  async simulate(request: ChallengeRequest, at: SimulatedSending): Promise<SimulationVerdict> {
    const { provider, rollup } = this.#parts;
    const landed = await getLogHash({ provider, rollup }, request.number);
    if (landed !== hashLog(buildLogHead(request.log))) {
      return { verdict: "duplicate", reason: `checkpoint ${request.number} is not on L1 as it was any more` };
    }
    return simulateCall(provider, request, at);
  }

  /** Checkpoints on L1 that are badly signed, as far as this node can tell: suspects, and what is followed here. */
  async #bad(state: ChainState): Promise<StandingCheckpoint[]> {
    const { landings, signatures } = this.#parts;
    const bad: StandingCheckpoint[] = [];
    for (const one of landings.standing) {
      if (one.verified) continue;
      const suspected = state.suspects.some((suspect) => isSuspect(suspect)(one));
      if (suspected || !(await signatures.isSigned(one.checkpoint))) bad.push(one);
    }
    return bad;
  }

  /** From 1: the first place of this agent's validators in an order that differs from checkpoint to checkpoint. */
  async #rank(number: number, moment: Moment): Promise<number> {
    const set = await this.#parts.sets.setOf(moment.submissionSlot);
    const order = [...(set?.publicKeys ?? [])].sort(([a], [b]) => a - b).map(([, key]) => key);
    const ranks = this.#parts.publicKeys
      .map((publicKey) => order.indexOf(publicKey))
      .filter((own) => own >= 0)
      .map((own) => 1 + ((own + number) % order.length));
    return Math.min(order.length + 1, ...ranks);
  }

  /** If what was done before was undone by an L1 reorg of any depth, it is another occasion to do it. */
  #again(
    journal: JournalState,
    of: Pick<ChallengeRequest, "purpose" | "number" | "log">,
    data: Hex,
    gasEstimate: bigint,
  ): ChallengeRequest {
    for (let occasion = 0; ; occasion++) {
      const request = submitRequest({
        to: this.#parts.rollup,
        data,
        checkpoints: [],
        gasEstimate,
        notBeforeSec: 0,
        deadlineSec: Number.MAX_SAFE_INTEGER,
        valueAtStakeWei: undefined,
        occasion: `${of.purpose} ${occasion}`,
      });
      if (landingOf(journal, request)?.final !== true) return { ...request, ...of };
    }
  }
}

const isSuspect =
  ({ digest, landing }: Suspect) =>
  ({ checkpoint }: StandingCheckpoint): boolean =>
    checkpoint.number === landing.number && checkpoint.submission.digest === digest;

function accusation({ checkpoint, l1BlockNumber }: StandingCheckpoint): BadlySigned {
  const { number, slot, submission, timeSec } = checkpoint;
  return { number, slot, digest: submission.digest, l1BlockNumber, landedAtSeconds: timeSec };
}
