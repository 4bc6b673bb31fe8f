import type { MetricSpec } from "../spec.ts";

/** What the builder's two halves are called. */
const PARTS = ["pool", "triggers"] as const;

/** The blocks that this agent builds. */
export const BUILDER_METRICS = {
  baton_builder_building: { type: "gauge", unit: "1", meaning: "Blocks that are being built now.", labels: {} },
  baton_builder_triggers_total: {
    type: "counter",
    unit: "1",
    meaning:
      "Ends of an interval that had something to show, or nothing to do; or that found work under way and nothing sealed.",
    labels: { outcome: ["ready", "missed"] },
  },
  baton_builder_flashblocks_total: {
    type: "counter",
    unit: "1",
    meaning: "Parts of blocks that were shown.",
    labels: {},
  },
  baton_builder_candidates_total: { type: "counter", unit: "1", meaning: "Candidates that were sealed.", labels: {} },
  baton_builder_improvements_total: {
    type: "counter",
    unit: "1",
    meaning: "Of these, those that took the place of one that was sealed before in the same interval.",
    labels: {},
  },
  baton_builder_improvements_wei_total: {
    type: "counter",
    unit: "wei",
    meaning: "Priority fees by which those were better.",
    labels: {},
  },
  baton_builder_staleness_seconds: {
    type: "gauge",
    unit: "seconds",
    meaning: "Age of what was shown last: from the moment its content was final.",
    labels: {},
  },
  baton_builder_trigger_late_seconds: {
    type: "gauge",
    unit: "seconds",
    meaning: "How late the last trigger ran.",
    labels: {},
  },
  baton_builder_abandoned_total: {
    type: "counter",
    unit: "1",
    meaning: "Blocks of which parts were shown and that did not come.",
    labels: {},
  },
  baton_builder_failures_total: {
    type: "counter",
    unit: "1",
    meaning: "Times that the loop which follows the pool failed and was started again, and triggers that failed: bugs.",
    labels: { part: PARTS },
  },
  baton_builder_beat_time_seconds: {
    type: "gauge",
    unit: "Unix seconds",
    meaning: "When each was last at work: old while a block is built, it is dead.",
    labels: { part: PARTS },
  },
} as const satisfies Record<string, MetricSpec>;
