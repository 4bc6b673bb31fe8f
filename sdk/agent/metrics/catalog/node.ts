import { TOPICS } from "../../network/interface.ts";
import type { Verdict } from "../../types/verdict.ts";
import { allOf, type MetricSpec } from "../spec.ts";

/** Where work waits, each with a bound. */
export const QUEUES = [
  /** Steps of the pipeline, done one after the other. */
  "pipeline",
  /** Blocks and proposals without what must come before them. */
  "waiting-room",
  /** What L1 showed and is held back until a checkpoint's data is here. */
  "l1-steps",
  "requests",
  ...TOPICS,
] as const;
export type QueueName = (typeof QUEUES)[number];

/** Peers, queues, and the process itself. */
export const NODE_METRICS = {
  baton_peers: { type: "gauge", unit: "1", meaning: "Peers that the handshake was done with.", labels: {} },
  baton_messages_total: {
    type: "counter",
    unit: "1",
    meaning: "Messages from peers, by topic and what was thought of them.",
    labels: { topic: TOPICS, verdict: allOf<Verdict["verdict"]>()("accept", "ignore", "reject") },
  },
  baton_messages_oversized_total: {
    type: "counter",
    unit: "1",
    meaning: "Messages above their topic's size; they count as rejected.",
    labels: {},
  },
  baton_requests_total: {
    type: "counter",
    unit: "1",
    meaning: "Requests of peers that were answered, or refused for their rate, number or size.",
    labels: { outcome: ["answered", "refused"] },
  },
  baton_handler_failures_total: {
    type: "counter",
    unit: "1",
    meaning: "Messages and requests over which this agent's own code failed: a bug.",
    labels: {},
  },
  baton_peers_refused_total: {
    type: "counter",
    unit: "1",
    meaning: "Peers turned away because they hold other protocol constants, or cut off for what they sent.",
    labels: { reason: ["constants", "rejections"] },
  },
  baton_queue_length: {
    type: "gauge",
    unit: "1",
    meaning: "What waits, or is being judged (each topic) or answered (requests).",
    labels: { queue: QUEUES },
  },
  baton_queue_bound: { type: "gauge", unit: "1", meaning: "How much can.", labels: { queue: QUEUES } },
  baton_queue_dropped_total: {
    type: "counter",
    unit: "1",
    meaning: "What was given up because the bound was reached.",
    labels: { queue: QUEUES },
  },
  baton_pool_transactions: { type: "gauge", unit: "1", meaning: "Transactions in the mempool.", labels: {} },
  process_resident_memory_bytes: { type: "gauge", unit: "bytes", meaning: "Memory of the process.", labels: {} },
  process_heap_bytes: { type: "gauge", unit: "bytes", meaning: "Of it, JavaScript's heap in use.", labels: {} },
  process_cpu_seconds_total: {
    type: "counter",
    unit: "seconds",
    meaning: "Processor time of all of its threads.",
    labels: {},
  },
} as const satisfies Record<string, MetricSpec>;
