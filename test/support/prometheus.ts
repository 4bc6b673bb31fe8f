/** One sample, with its labels in the order of their names. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A text in Prometheus' exposition format 0.0.4, read as strictly as it is written. */
export class Exposition {
  readonly samples: Sample[] = [];
  readonly types = new Map<string, string>();
  readonly help = new Map<string, string>();

  /** @throws Error for a line that is none of the format. */
  constructor(text: string) {
    for (const line of text.split("\n").filter((one) => one !== "")) this.#read(line);
  }

  /** The value of one series; undefined if it is not there. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const wanted = JSON.stringify(sorted(labels));
    return this.samples.find((one) => one.name === name && JSON.stringify(one.labels) === wanted)?.value;
  }

  /** The sum over the series of a name whose labels include these. */
  sum(name: string, labels: Record<string, string> = {}): number {
    return this.samples
      .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
      .reduce((total, { value }) => total + value, 0);
  }

  #read(line: string): void {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name, rest] = comment as unknown as [string, string, string, string];
      (kind === "HELP" ? this.help : this.types).set(name, rest);
      return;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) throw new Error(`expected a sample, got: ${line}`);
    const [, name, labelled = "", number] = sample as unknown as [string, string, string | undefined, string];
    const labels = [...labelled.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
    const read = labels.map(([whole]) => whole).join("");
    const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);
    if (read !== labelled || Number.isNaN(value)) throw new Error(`expected a sample, got: ${line}`);
    this.samples.push({
      name,
      labels: sorted(Object.fromEntries(labels.map(([, key, text]) => [key, text as string]))),
      value,
    });
  }
}

const sorted = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What is served at a URL. */
export async function scrape(url: string): Promise<Exposition> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`expected status 200, got ${response.status}: ${text}`);
  return new Exposition(text);
}
