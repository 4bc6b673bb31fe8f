import { expect } from "chai";
import type { ChainState, LandedBy } from "../../../sdk/agent/chain/state.ts";
import { PipelineMeter } from "../../../sdk/agent/metrics/pipeline-meter.ts";
import { Metrics } from "../../../sdk/agent/metrics/registry.ts";
import type { PipelineEvent } from "../../../sdk/agent/pipeline/events.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import { forbidMachine, inSimulation } from "../../sim/forbidden.ts";
import { Exposition } from "../../support/prometheus.ts";
import { block, chainOf, genesis, hash, landed, timetable } from "../chain/support.ts";

const START_MS = timetable.startMs(1);

async function setUp(initial: ChainState = genesis()) {
  const clock = new ManualClock(START_MS);
  const metrics = new Metrics();
  const chain = { state: initial };
  const meter = new PipelineMeter({
    metrics,
    clock,
    timetable,
    state: () => chain.state,
    accounts: [landed(1).landing.submitter],
  });
  return {
    chain,
    tell: (...events: PipelineEvent[]) => {
      for (const event of events) meter.look(event);
    },
    pass: (ms: number) => clock.advanceTo(clock.nowMs() + ms),
    async read() {
      meter.look();
      return new Exposition(await metrics.text());
    },
  };
}

const began = (slot: number, parentSlot: number, trigger: "parent-complete" | "parent-silent" | "resumed") =>
  ({ type: "build-started", slot, parentSlot, trigger }) as const;

/** A landing in another transaction than those of other slots, unless told otherwise. */
function landing(slot: number, by: LandedBy, over: object = {}, landingOver: object = {}): PipelineEvent {
  const one = landed(slot);
  const bill = { by, costWei: 100n, paidWei: 7n, chargedWei: 9n };
  return { type: "submitted", landed: { ...one, bill, ...over, landing: { ...one.landing, ...landingOver } } };
}

describe("what the pipeline's events are counted as", () => {
  const counted: [name: string, labels: Record<string, string>, value: number, events: PipelineEvent[]][] = [
    ["baton_blocks_total", {}, 1, [{ type: "head", block: block(1, 0) }]],
    ["baton_transactions_total", {}, 5, [{ type: "head", block: block(1, 0, { transactionCount: 5 }) }]],
    ["baton_proposals_total", {}, 1, [{ type: "proposed", slot: 1, digest: "0x" }]],
    ["baton_certificates_total", {}, 1, [{ type: "attested", slot: 1, digest: "0x", signers: 3 }]],
    ["baton_votes_total", { kind: "skip" }, 1, [{ type: "voted", slot: 1, kind: "skip", validator: 2 }]],
    ["baton_builds_total", { trigger: "parent-silent" }, 1, [began(2, 0, "parent-silent")]],
    ["baton_fallbacks_total", { reason: "predecessor-silent" }, 1, [began(2, 0, "parent-silent")]],
    ["baton_fallbacks_total", { reason: "checkpoint-from-blobs" }, 1, [{ type: "recovered", slot: 1 }]],
    ["baton_l1_reorgs_total", {}, 1, [{ type: "rewound", l1: genesis().l1 }]],
    [
      "baton_signatures_refused_total",
      { code: "conflict" },
      1,
      [{ type: "unsigned", slot: 1, kind: "skip", code: "conflict" }],
    ],
    [
      "baton_missed_duties_total",
      { duty: "publish", code: "not-mined" },
      1,
      [{ type: "missed-duty", slot: 1, duty: "publish", code: "not-mined", reason: "words" }],
    ],
    [
      "baton_l1_transactions_total",
      { task: "claim", outcome: "refused" },
      1,
      [{ type: "sending", task: "claim", slots: [], outcome: "refused" }],
    ],
    ["baton_landings_total", { by: "successor", own: "yes" }, 1, [landing(1, "successor")]],
    ["baton_landings_total", { by: "other", own: "no" }, 1, [landing(1, "other", {}, { submitter: "0x01" })]],
    [
      "baton_landing_paid_wei_total",
      { by: "successor", own: "yes" },
      14,
      [landing(1, "successor"), landing(2, "successor")],
    ],
    ["baton_landing_charged_wei_total", { by: "successor", own: "yes" }, 9, [landing(1, "successor")]],
  ];
  for (const [name, labels, value, events] of counted) {
    it(`${name} ${JSON.stringify(labels)} is ${value} after ${events.map(({ type }) => type).join()}`, async () => {
      const { tell, read } = await setUp();
      expect((await read()).value(name, labels), "before").to.equal(0);
      tell(...events);
      expect((await read()).value(name, labels)).to.equal(value);
    });
  }

  it("a discard by its reason, and its blocks", async () => {
    const { tell, read } = await setUp();
    tell({ type: "discarded", discarded: { slot: 1, reason: "dead", blocks: [block(1, 0), block(1, 1)] } });
    const seen = await read();
    expect(seen.value("baton_discards_total", { reason: "dead" })).to.equal(1);
    expect(seen.sum("baton_discards_total")).to.equal(1);
    expect(seen.value("baton_discarded_blocks_total")).to.equal(2);
  });

  it("the fees of a batch once", async () => {
    const { tell, read } = await setUp();
    const batch = { transactionHash: hash("batch") };
    tell(landing(1, "successor", {}, batch), landing(2, "proposer", {}, batch), landing(3, "proposer"));
    const seen = await read();
    expect(seen.sum("baton_landings_total")).to.equal(3);
    expect(seen.value("baton_landing_cost_wei_total", { by: "successor", own: "yes" })).to.equal(100);
    expect(seen.value("baton_landing_cost_wei_total", { by: "proposer", own: "yes" })).to.equal(100);
  });

  it("a predecessor's checkpoint that is sent alone, once, however often its price is raised", async () => {
    const { tell, read } = await setUp();
    const alone = { type: "sending", task: "landing", slots: [1], role: "successor", outcome: "sent" } as const;
    tell(alone, alone, { ...alone, slots: [1, 2] }, { ...alone, role: "proposer", slots: [3] });
    tell({ ...alone, slots: [4], outcome: "refused" });
    expect((await read()).value("baton_fallbacks_total", { reason: "rescue-alone" })).to.equal(1);
  });
});

describe("dead time recovered", () => {
  const seconds = async (setup: Awaited<ReturnType<typeof setUp>>): Promise<[count: number, sum: number]> => {
    const seen = await setup.read();
    return [seen.sum("baton_overlap_seconds_count"), seen.sum("baton_overlap_seconds_sum")];
  };

  it("is from the start of building until the checkpoint below is seen on L1", async () => {
    const setup = await setUp(chainOf("certified"));
    setup.tell(began(2, 1, "parent-complete"));
    await setup.pass(4_000);
    expect(await seconds(setup)).to.deep.equal([0, 0]);
    setup.tell(landing(1, "proposer"));
    expect(await seconds(setup)).to.deep.equal([1, 4]);
  });

  it("is the rest of the build slot, if it is seen later", async () => {
    const setup = await setUp(chainOf("certified"));
    await setup.pass(1_000);
    setup.tell(began(2, 1, "parent-complete"));
    await setup.pass(timetable.parameters.slotSeconds * 1_000);
    setup.tell(landing(1, "successor"));
    expect(await seconds(setup)).to.deep.equal([1, timetable.parameters.slotSeconds - 1]);
  });

  it("is none on a checkpoint that is on L1 already, and none that counts on one that is discarded", async () => {
    const setup = await setUp();
    setup.tell(began(1, 0, "parent-complete"));
    expect(await seconds(setup)).to.deep.equal([1, 0]);
    setup.chain.state = chainOf("certified");
    setup.tell(began(2, 1, "parent-complete"));
    setup.tell({ type: "discarded", discarded: { slot: 1, reason: "dead", blocks: [] } }, landing(1, "proposer"));
    expect(await seconds(setup)).to.deep.equal([1, 0]);
  });

  it("goes on over a restart of the build", async () => {
    const setup = await setUp(chainOf("certified"));
    setup.tell(began(2, 1, "parent-complete"));
    await setup.pass(2_000);
    setup.tell(began(2, 1, "resumed"));
    await setup.pass(1_000);
    setup.tell(landing(1, "proposer"));
    expect(await seconds(setup)).to.deep.equal([1, 3]);
  });
});

describe("time at each speculative depth", () => {
  it("is counted from one look to the next at the depth there was", async () => {
    const setup = await setUp();
    await setup.pass(1_000);
    setup.chain.state = chainOf("certified", "building");
    setup.tell({ type: "head", block: block(2, 0) });
    await setup.pass(5_000);
    setup.chain.state = chainOf("certified", "certified", "certified", "certified", "certified", "building");
    const seen = await setup.read();
    await setup.pass(500);
    const later = await setup.read();
    const at = (exposition: Exposition): (number | undefined)[] =>
      ["0", "1", "2", "3", "4"].map((depth) => exposition.value("baton_speculative_depth_seconds_total", { depth }));
    expect(at(seen)).to.deep.equal([1, 0, 5, 0, 0]);
    expect(at(later)).to.deep.equal([1, 0, 5, 0, 0.5]);
  });
});

describe("the registry", () => {
  it("needs neither the machine's clock nor its timers nor chance", async () => {
    const permit = forbidMachine();
    try {
      const text = await inSimulation(async () => {
        const setup = await setUp(chainOf("certified"));
        setup.tell(began(2, 1, "parent-complete"), landing(1, "proposer"));
        return setup.read();
      });
      expect(text.sum("baton_landings_total")).to.equal(1);
    } finally {
      permit();
    }
  });

  it("raises a counter to a total kept elsewhere, and never lowers it", async () => {
    const metrics = new Metrics();
    for (const total of [3, 3, 5, 4]) metrics.raise("baton_l1_switches_total", {}, total);
    expect(new Exposition(await metrics.text()).value("baton_l1_switches_total")).to.equal(5);
  });
});
