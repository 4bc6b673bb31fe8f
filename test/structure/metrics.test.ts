import { readFileSync } from "node:fs";
import { expect } from "chai";
import { metricsPage } from "../../.ci/metrics-page.ts";
import { CATALOG } from "../../sdk/agent/metrics/catalog/index.ts";
import { combinations, Metrics } from "../../sdk/agent/metrics/registry.ts";
import type { MetricSpec } from "../../sdk/agent/metrics/spec.ts";
import { Exposition } from "../support/prometheus.ts";
import { sources } from "../support/sources.ts";

const specs = Object.entries<MetricSpec>(CATALOG);

describe("metrics", () => {
  it("docs/metrics.md is what `node .ci/metrics-page.ts` writes", () => {
    expect(readFileSync("docs/metrics.md", "utf8")).to.equal(metricsPage());
  });

  it("are served with the names, types and meanings of the catalog, and no others", async () => {
    const served = new Exposition(await new Metrics().text());
    expect(Object.fromEntries(served.types)).to.deep.equal(
      Object.fromEntries(specs.map(([name, { type }]) => [name, type])),
    );
    expect(Object.fromEntries(served.help)).to.deep.equal(
      Object.fromEntries(specs.map(([name, { meaning }]) => [name, meaning])),
    );
  });

  it("say their unit and their type in their names", () => {
    const wrong = specs.filter(([name, { type, unit }]) => {
      const isNamed = /^(baton|process)_[a-z0-9_]+$/.test(name);
      const isCounter = name.endsWith("_total") === (type === "counter");
      const stem = name.replace(/_total$/, "");
      const hasUnit = !["seconds", "wei", "bytes"].includes(unit) || stem.endsWith(`_${unit}`);
      return !isNamed || !isCounter || !hasUnit;
    });
    expect(wrong.map(([name]) => name)).to.deep.equal([]);
  });

  it("have labels of few values, all of them known from the code or one per thing that is configured", () => {
    const many = specs.filter(([, spec]) => combinations(spec).length > 64);
    expect(many.map(([name]) => name)).to.deep.equal([]);
    const all = specs.reduce((sum, [, spec]) => sum + combinations(spec).length, 0);
    expect(all).to.be.lessThan(400);
    const configured = specs.flatMap(([, { labels }]) =>
      Object.values(labels).flatMap((values) => ("onePer" in values ? [values.onePer] : [])),
    );
    expect(new Set(configured)).to.deep.equal(new Set(["configured L1 node", "configured L1 account"]));
  });

  it("are each recorded somewhere", () => {
    const code = sources("sdk/agent/metrics/*.ts")
      .map((file) => file.code)
      .join("\n");
    expect(specs.map(([name]) => name).filter((name) => !code.includes(`"${name}"`))).to.deep.equal([]);
  });
});
