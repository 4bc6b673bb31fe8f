import type { BuilderStats } from "../builder/stats.ts";
import type { ChainState } from "../chain/state.ts";
import { tipsOf } from "../chain/tips.ts";
import type { L1Health } from "../l1/endpoints/interface.ts";
import type { NetworkCounters } from "../network/counters.ts";
import { TOPICS } from "../network/interface.ts";
import type { FundingView } from "../pipeline/funding.ts";
import { QUEUES, type QueueName } from "./catalog/node.ts";
import type { Metrics } from "./registry.ts";

/** How full a queue is. */
export interface QueueReading {
  length: number;
  bound: number;
  /** Given up since the start because the bound was reached. */
  dropped: number;
}

/** What an agent is at one moment, as its parts tell. */
export interface Readings {
  slot: number;
  isBehind: boolean;
  state: ChainState;
  l1: L1Health;
  /** Undefined without an account, and before it was first looked at. */
  funding: FundingView | undefined;
  peers: number;
  network: NetworkCounters;
  queues: Record<QueueName, QueueReading>;
  poolTransactions: number;
  builder: BuilderStats;
  process: { residentBytes: number; heapBytes: number; cpuSeconds: number };
}

/** Brings the metrics up to what an agent is now. */
export function record(metrics: Metrics, readings: Readings): void {
  recordChain(metrics, readings);
  recordL1(metrics, readings);
  recordNetwork(metrics, readings);
  for (const queue of QUEUES) {
    const { length, bound, dropped } = readings.queues[queue];
    metrics.set("baton_queue_length", { queue }, length);
    metrics.set("baton_queue_bound", { queue }, bound);
    metrics.raise("baton_queue_dropped_total", { queue }, dropped);
  }
  recordBuilder(metrics, readings.builder);
  metrics.set("baton_pool_transactions", {}, readings.poolTransactions);
  const { residentBytes, heapBytes, cpuSeconds } = readings.process;
  metrics.set("process_resident_memory_bytes", {}, residentBytes);
  metrics.set("process_heap_bytes", {}, heapBytes);
  metrics.raise("process_cpu_seconds_total", {}, cpuSeconds);
}

/** What the builder has done so far. */
export function recordBuilder(metrics: Metrics, stats: BuilderStats): void {
  metrics.set("baton_builder_building", {}, stats.building);
  metrics.raise("baton_builder_triggers_total", { outcome: "ready" }, stats.triggersReady);
  const missed = stats.triggersMissed.reduce((sum, count) => sum + count, 0);
  metrics.raise("baton_builder_triggers_total", { outcome: "missed" }, missed);
  metrics.raise("baton_builder_flashblocks_total", {}, stats.flashblocks);
  metrics.raise("baton_builder_candidates_total", {}, stats.candidates);
  metrics.raise("baton_builder_improvements_total", {}, stats.improved);
  metrics.raise("baton_builder_improvements_wei_total", {}, Number(stats.improvedWei));
  metrics.set("baton_builder_staleness_seconds", {}, stats.stalenessMs / 1_000);
  metrics.set("baton_builder_trigger_late_seconds", {}, stats.triggerLateMs / 1_000);
  metrics.raise("baton_builder_abandoned_total", {}, stats.abandoned);
  metrics.raise("baton_builder_failures_total", { part: "pool" }, stats.poolFailures);
  metrics.raise("baton_builder_failures_total", { part: "triggers" }, stats.triggerFailures);
  metrics.set("baton_builder_beat_time_seconds", { part: "pool" }, stats.poolBeatMs / 1_000);
  metrics.set("baton_builder_beat_time_seconds", { part: "triggers" }, stats.triggerBeatMs / 1_000);
}

function recordChain(metrics: Metrics, { slot, isBehind, state }: Readings): void {
  metrics.set("baton_slot", {}, slot);
  metrics.set("baton_behind", {}, isBehind);
  metrics.set("baton_speculative_depth", {}, state.unsubmitted.length);
  const tips = tipsOf(state);
  for (const tip of Object.keys(tips) as (keyof typeof tips)[]) {
    metrics.set("baton_tip_slot", { tip }, tips[tip].slot);
    metrics.set("baton_tip_block", { tip }, tips[tip].blockNumber);
  }
  metrics.set("baton_l1_block", {}, state.l1.blockNumber);
  metrics.set("baton_l1_block_time_seconds", {}, state.l1.timestamp);
}

function recordL1(metrics: Metrics, { l1, funding }: Readings): void {
  metrics.raise("baton_l1_switches_total", {}, l1.switches);
  for (const { name: endpoint, inUse, condition, standing, failures } of l1.endpoints) {
    metrics.set("baton_l1_node_sound", { endpoint }, condition === "sound" && standing === "level");
    metrics.set("baton_l1_node_in_use", { endpoint }, inUse);
    metrics.raise("baton_l1_node_failures_total", { endpoint }, failures);
  }
  if (funding === undefined) return;
  metrics.set("baton_l1_landings_left", {}, funding.landingsLeft);
  for (const { account, balanceWei, bonded } of funding.accounts) {
    metrics.set("baton_l1_account_balance_wei", { account }, Number(balanceWei));
    metrics.set("baton_l1_account_bonded", { account }, bonded);
  }
}

function recordNetwork(metrics: Metrics, { peers, network }: Readings): void {
  metrics.set("baton_peers", {}, peers);
  for (const topic of TOPICS) {
    for (const verdict of ["accept", "ignore", "reject"] as const) {
      metrics.raise("baton_messages_total", { topic, verdict }, network.verdicts[topic][verdict]);
    }
  }
  metrics.raise("baton_messages_oversized_total", {}, network.oversized);
  metrics.raise("baton_requests_total", { outcome: "answered" }, network.requestsAnswered);
  metrics.raise("baton_requests_total", { outcome: "refused" }, network.requestsRefused);
  metrics.raise("baton_handler_failures_total", {}, network.handlerFailures);
  metrics.raise("baton_peers_refused_total", { reason: "constants" }, network.handshakesRefused);
  metrics.raise("baton_peers_refused_total", { reason: "rejections" }, network.silenced);
}
