import { expect } from "chai";
import { recordBuilder } from "../../../sdk/agent/metrics/readings.ts";
import { Metrics } from "../../../sdk/agent/metrics/registry.ts";
import { Exposition } from "../../support/prometheus.ts";
import { benchOf, built, pooled } from "../builder/support.ts";

describe("the builder's metrics", () => {
  it("tell of two blocks what was shown, sealed, improved and missed", async () => {
    let seals = 0;
    const { build, pool, stats, shown } = benchOf({ sealMs: () => (seals++ === 1 ? 390 : 1) });
    const metrics = new Metrics();
    for (const at of [100, 700]) {
      pool.put(pooled({ tip: 1n }));
      built(await build({ at: { [at]: () => pool.put(pooled({ tip: 2n }), pooled({ tip: 3n })) } }));
      recordBuilder(metrics, stats);
    }
    const served = new Exposition(await metrics.text());
    const value = (name: string, labels = {}): number | undefined => served.value(`baton_builder_${name}`, labels);
    expect(value("flashblocks_total")).to.equal(shown.length);
    expect(value("candidates_total")).to.equal(seals);
    expect(value("triggers_total", { outcome: "missed" }), "the second seal took two intervals").to.equal(2);
    // Five intervals, and four that are longer, for a seal takes longer.
    expect(served.sum("baton_builder_triggers_total")).to.equal(9);
    expect(value("improvements_wei_total")).to.equal(Number(stats.improvedWei));
    expect(value("improvements_total")).to.be.greaterThan(0);
    expect(value("beat_time_seconds", { part: "triggers" })).to.equal(1_002);
    expect([value("building"), value("abandoned_total"), served.sum("baton_builder_failures_total")]).to.deep.equal([
      0, 0, 0,
    ]);
  });
});
