import { writeFileSync } from "node:fs";
import { fixedSeries, metricsTables } from "../sdk/agent/metrics/document.ts";

/** docs/metrics.md; a test holds it equal to what is on disk. */
export const metricsPage = (): string => `# Metrics

An agent with \`metrics: { port }\` in its configuration serves these in Prometheus' text format at \`http://127.0.0.1:PORT/metrics\`; another \`host\` than 127.0.0.1 lets others in. \`npm start\` turns them on for every agent and prints where. This page is made from the code by \`node .ci/metrics-page.ts\`.

Counters begin at zero with each start of the agent, and every combination of known label values is there from the start. All labels have few values: one agent has ${fixedSeries()} series, the buckets of histograms aside, and some more for each L1 node and L1 account that is configured. A Prometheus that scrapes every 15 s misses nothing; \`rate(baton_missed_duties_total[5m]) > 0\` is what to be woken up for.

${metricsTables()}
`;

if (import.meta.main) writeFileSync("docs/metrics.md", metricsPage());
