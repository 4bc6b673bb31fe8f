import type { LabelsOf, NamesOf } from "../spec.ts";
import { BUILDER_METRICS } from "./builder.ts";
import { L1_METRICS } from "./l1.ts";
import { NODE_METRICS } from "./node.ts";
import { PIPELINE_METRICS } from "./pipeline.ts";

/** Every metric of an agent. What is not in here cannot be recorded, and docs/metrics.md is made of it. */
export const CATALOG = { ...PIPELINE_METRICS, ...BUILDER_METRICS, ...L1_METRICS, ...NODE_METRICS } as const;

/** The same in the parts of the document. */
export const CATALOG_PARTS = {
  "The chain, and this agent's duties": PIPELINE_METRICS,
  "The blocks it builds": BUILDER_METRICS,
  L1: L1_METRICS,
  "Peers, queues, process": NODE_METRICS,
} as const;

export type MetricName = keyof typeof CATALOG;
export type MetricLabels<Name extends MetricName> = LabelsOf<(typeof CATALOG)[Name]>;
export type CounterName = NamesOf<typeof CATALOG, "counter">;
export type GaugeName = NamesOf<typeof CATALOG, "gauge">;
export type HistogramName = NamesOf<typeof CATALOG, "histogram">;
