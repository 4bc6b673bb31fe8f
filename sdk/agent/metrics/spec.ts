/** A label whose values the configuration decides: one for each of what it names. */
export interface ConfiguredLabel {
  onePer: string;
}

/** One metric, as it is documented and made. */
export interface MetricSpec {
  type: "counter" | "gauge" | "histogram";
  /** Of one of it. */
  unit: "1" | "seconds" | "wei" | "bytes" | "slot" | "block" | "Unix seconds" | "yes or no";
  meaning: string;
  /** The values that a label can have. */
  labels: Readonly<Record<string, readonly string[] | ConfiguredLabel>>;
  /** Upper bounds, of a histogram. */
  buckets?: readonly number[];
}

type LabelValue<Values> = Values extends readonly (infer Value)[] ? Value : string;

/** What a sample of a metric is labelled with. */
export type LabelsOf<Spec extends MetricSpec> = {
  -readonly [Label in keyof Spec["labels"]]: LabelValue<Spec["labels"][Label]>;
};

/** The metrics of one type in a catalog. */
export type NamesOf<Catalog extends Record<string, MetricSpec>, Type extends MetricSpec["type"]> = {
  [Name in keyof Catalog]: Catalog[Name]["type"] extends Type ? Name : never;
}[keyof Catalog];

/** The members of a union, each once: does not compile with one missing, or one too many. */
export const allOf =
  <Union extends string>() =>
  <const Members extends readonly Union[]>(
    ...members: Members & ([Union] extends [Members[number]] ? unknown : never)
  ): Members =>
    members;
