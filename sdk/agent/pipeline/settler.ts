import type { Provider } from "ethers";
import { buildSettlement } from "../../build/log.ts";
import { getUnsettled } from "../../get/unsettled.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { ChainState } from "../chain/state.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import { slotCall } from "./slot-call.ts";

/** Checkpoints settled by one transaction: enough to share its fixed cost, few enough for any block. */
const RUN = 32;
/** Fewer settleable checkpoints than this are left for later. */
const MIN_RUN = 4;
/** Gas of a settlement: fixed part and per checkpoint, rounded up; the limit sent comes from an estimate. */
const GAS_FIXED = 40_000n;
const GAS_PER_CHECKPOINT = 12_000n;

export interface SettlerParts {
  provider: Provider;
  rollup: Hex;
  timetable: Timetable;
}

/**
 * Settles what can be settled, so that the contract's ring of logs never fills: the proposer of each epoch's second
 * slot sends one run. Anybody may do the same; a second run in the same epoch finds nothing and is not sent.
 */
export class Settler {
  readonly #parts: SettlerParts;
  #made: { slot: number; request: SubmitRequest | undefined } | undefined;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** The settlement to send in this slot, if it is this agent's to send. The same request for the whole slot. */
  async request(state: ChainState, moment: Moment, isProposer: boolean): Promise<SubmitRequest | undefined> {
    const { timetable } = this.#parts;
    const slot = moment.submissionSlot;
    if (!isProposer || slot % timetable.parameters.epochSlots !== 1) return undefined;
    if (this.#settleable(state).length < MIN_RUN) return undefined;
    if (this.#made?.slot !== slot) this.#made = { slot, request: await this.#build(state, moment) };
    return this.#made.request;
  }

  /** Checkpoints whose challenge window is over, by L1's time; the contract has the last word on late ones. */
  #settleable(state: ChainState): ChainState["unsettled"] {
    const { timetable } = this.#parts;
    const { challengeWindowEpochs, epochSlots } = timetable.parameters;
    const over = (slot: number): boolean =>
      timetable.startMs(slot + 2 + challengeWindowEpochs * epochSlots) <= state.l1.timestamp * 1000;
    return state.unsettled.filter(({ entry }) => over(entry.slot)).slice(0, RUN);
  }

  async #build(state: ChainState, moment: Moment): Promise<SubmitRequest | undefined> {
    const { provider, rollup } = this.#parts;
    const count = this.#settleable(state).length;
    const oldest = state.unsettled[0]?.landing.l1BlockNumber;
    if (oldest === undefined) return undefined;
    const unsettled = await getUnsettled({ provider, rollup }, oldest, state.l1.blockNumber);
    // One more than can settle: a late checkpoint is settled only together with a look at its child.
    const [heads, rests] = buildSettlement(unsettled.slice(0, count + 1).map(({ log }) => log));
    return slotCall(this.#parts, moment, {
      method: "settle",
      args: [heads, rests],
      gasEstimate: GAS_FIXED + GAS_PER_CHECKPOINT * BigInt(heads.length),
    });
  }
}
