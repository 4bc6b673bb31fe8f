import { CATALOG_PARTS } from "./catalog/index.ts";
import { combinations } from "./registry.ts";
import type { MetricSpec } from "./spec.ts";

/** The tables of docs/metrics.md, as they follow from the catalog. */
export function metricsTables(): string {
  return Object.entries<Record<string, MetricSpec>>(CATALOG_PARTS)
    .map(([title, metrics]) => [`## ${title}`, "", ...table(metrics)].join("\n"))
    .join("\n\n");
}

function table(metrics: Record<string, MetricSpec>): string[] {
  const rows = Object.entries(metrics).map(
    ([name, spec]) => `| \`${name}\` | ${spec.type} | ${spec.unit} | ${labelsText(spec)} | ${spec.meaning} |`,
  );
  return ["| name | type | unit | labels | meaning |", "|---|---|---|---|---|", ...rows];
}

function labelsText(spec: MetricSpec): string {
  return Object.entries(spec.labels)
    .map(([label, values]) =>
      "onePer" in values
        ? `\`${label}\`: one per ${values.onePer}`
        : `\`${label}\`: ${values.map((value) => `\`${value}\``).join(", ")}`,
    )
    .join("; ");
}

/** Time series of one agent that do not depend on its configuration. */
export const fixedSeries = (): number =>
  Object.values(CATALOG_PARTS)
    .flatMap((metrics) => Object.values<MetricSpec>(metrics))
    .reduce((sum, spec) => sum + combinations(spec).length, 0);
