import type { ChainState } from "../chain/state.ts";
import type { PipelineEvent } from "../pipeline/events.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import { DEPTHS } from "./catalog/pipeline.ts";
import { DepthTime } from "./depth-time.ts";
import { Overlap } from "./overlap.ts";
import type { Metrics } from "./registry.ts";

export interface PipelineMeterParts {
  metrics: Metrics;
  clock: Clock;
  timetable: Timetable;
  state: () => ChainState;
  /** L1 accounts of this agent, in lower case. */
  accounts: readonly string[];
}

type Event<Type extends PipelineEvent["type"]> = Extract<PipelineEvent, { type: Type }>;

const DEEPEST = DEPTHS.length - 1;

/** Counts what the pipeline tells of. */
export class PipelineMeter {
  readonly #parts: PipelineMeterParts;
  readonly #overlap = new Overlap();
  readonly #depthTime: DepthTime;
  #lastLanding: string | undefined;
  /** Slot that was last sent without its successor's. */
  #rescuedAlone: number | undefined;

  constructor(parts: PipelineMeterParts) {
    this.#parts = parts;
    this.#depthTime = new DepthTime(this.#depth, parts.clock.nowMs());
  }

  /** To be told of every event, and before every reading. */
  look(event?: PipelineEvent): void {
    const { metrics, clock } = this.#parts;
    if (event !== undefined) this.#count(event);
    const { depth, seconds } = this.#depthTime.look(this.#depth, clock.nowMs());
    metrics.add("baton_speculative_depth_seconds_total", { depth: DEPTHS[depth] as (typeof DEPTHS)[number] }, seconds);
  }

  get #depth(): number {
    return Math.min(DEEPEST, this.#parts.state().unsubmitted.length);
  }

  #count(event: PipelineEvent): void {
    const { metrics } = this.#parts;
    switch (event.type) {
      case "head":
        metrics.add("baton_blocks_total", {});
        metrics.add("baton_transactions_total", {}, event.block.transactionCount);
        break;
      case "build-started":
        this.#began(event);
        break;
      case "proposed":
        metrics.add("baton_proposals_total", {});
        break;
      case "attested":
        metrics.add("baton_certificates_total", {});
        break;
      case "voted":
        metrics.add("baton_votes_total", { kind: event.kind });
        break;
      case "submitted":
        this.#landed(event);
        break;
      case "discarded":
        this.#overlap.discarded(event.discarded.slot);
        metrics.add("baton_discards_total", { reason: event.discarded.reason });
        metrics.add("baton_discarded_blocks_total", {}, event.discarded.blocks.length);
        break;
      case "rewound":
        metrics.add("baton_l1_reorgs_total", {});
        break;
      case "recovered":
        metrics.add("baton_fallbacks_total", { reason: "checkpoint-from-blobs" });
        break;
      case "sending":
        this.#sent(event);
        break;
      case "unsigned":
        metrics.add("baton_signatures_refused_total", { code: event.code });
        break;
      case "missed-duty":
        metrics.add("baton_missed_duties_total", { duty: event.duty, code: event.code });
    }
  }

  #began({ slot, parentSlot, trigger }: Event<"build-started">): void {
    const { metrics, clock, timetable, state } = this.#parts;
    metrics.add("baton_builds_total", { trigger });
    if (trigger === "parent-silent") metrics.add("baton_fallbacks_total", { reason: "predecessor-silent" });
    const isParentOnL1 = state().submitted.slot >= parentSlot;
    if (!isParentOnL1)
      this.#overlap.begin({ slot, parentSlot, startMs: clock.nowMs(), endMs: timetable.startMs(slot) });
    else if (trigger !== "resumed") metrics.observe("baton_overlap_seconds", 0);
  }

  #sent({ task, role, slots, outcome }: Event<"sending">): void {
    const { metrics } = this.#parts;
    metrics.add("baton_l1_transactions_total", { task, outcome });
    const [slot, ...more] = slots;
    if (role !== "successor" || outcome !== "sent" || more.length > 0 || slot === this.#rescuedAlone) return;
    this.#rescuedAlone = slot;
    metrics.add("baton_fallbacks_total", { reason: "rescue-alone" });
  }

  #landed({ landed }: Event<"submitted">): void {
    const { metrics, clock, accounts } = this.#parts;
    const { slot, landing, bill } = landed;
    for (const seconds of this.#overlap.landed(slot, clock.nowMs())) metrics.observe("baton_overlap_seconds", seconds);
    const own = accounts.includes(landing.submitter.toLowerCase()) ? "yes" : "no";
    const who = { by: bill.by, own } as const;
    metrics.add("baton_landings_total", who);
    metrics.add("baton_landing_paid_wei_total", who, Number(bill.paidWei));
    metrics.add("baton_landing_charged_wei_total", who, Number(bill.chargedWei));
    if (landing.transactionHash === this.#lastLanding) return;
    this.#lastLanding = landing.transactionHash;
    metrics.add("baton_landing_cost_wei_total", who, Number(bill.costWei));
  }
}
