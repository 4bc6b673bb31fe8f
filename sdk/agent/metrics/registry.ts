import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { CATALOG, type CounterName, type GaugeName, type HistogramName, type MetricLabels } from "./catalog/index.ts";
import type { MetricSpec } from "./spec.ts";

type Labels = Record<string, string>;

/** What was counted and measured, in the form that Prometheus reads. It has no clock and no timer. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  /** Of counters that are kept elsewhere: where they stood. */
  readonly #totals = new Map<string, number>();

  constructor() {
    for (const [name, spec] of Object.entries<MetricSpec>(CATALOG)) this.#make(name, spec);
  }

  add<Name extends CounterName>(name: Name, labels: MetricLabels<Name>, by = 1): void {
    this.#counters.get(name)?.inc(labels as Labels, by);
  }

  /** Brings a counter up to a total that is kept elsewhere. */
  raise<Name extends CounterName>(name: Name, labels: MetricLabels<Name>, total: number): void {
    const key = `${name} ${JSON.stringify(labels)}`;
    const before = this.#totals.get(key) ?? 0;
    if (total <= before) return;
    this.#totals.set(key, total);
    this.add(name, labels, total - before);
  }

  set<Name extends GaugeName>(name: Name, labels: MetricLabels<Name>, value: number | boolean): void {
    this.#gauges.get(name)?.set(labels as Labels, Number(value));
  }

  observe(name: HistogramName, value: number): void {
    this.#histograms.get(name)?.observe(value);
  }

  /** Of the text's format. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #make(name: string, spec: MetricSpec): void {
    const config = { name, help: spec.meaning, labelNames: Object.keys(spec.labels), registers: [this.#registry] };
    switch (spec.type) {
      case "counter": {
        const counter = new Counter(config);
        // There from the start: a rate over a counter that appears with its first event misses that event.
        for (const labels of combinations(spec)) counter.inc(labels, 0);
        this.#counters.set(name, counter);
        return;
      }
      case "gauge":
        this.#gauges.set(name, new Gauge(config));
        return;
      case "histogram":
        this.#histograms.set(name, new Histogram({ ...config, buckets: [...(spec.buckets ?? [])] }));
    }
  }
}

/** Every combination of label values that is known beforehand; none of a metric that the configuration labels. */
export function combinations({ labels }: MetricSpec): Labels[] {
  return Object.entries(labels).reduce<Labels[]>(
    (found, [label, values]) =>
      "onePer" in values ? [] : found.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
