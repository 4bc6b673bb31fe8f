import { expect } from "chai";
import { AGENT_NAMES } from "../../deploy/devnet/agents.ts";
import type { Direction } from "../../deploy/devnet/messages.ts";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "../../deploy/devnet/scenarios/index.ts";
import type { Evidence, Landing, Plan, Stage } from "../../deploy/devnet/scenarios/interface.ts";
import { firstToFollowAnother } from "../../deploy/devnet/scenarios/offline-proposer.ts";
import { soonestAgain } from "../../deploy/devnet/scenarios/restarted-proposer.ts";
import { slotWithSuccessor } from "../../deploy/devnet/scenarios/schedule.ts";
import { bondSlashed, digestOf, evidenceOf, landing, removal, send } from "./support/evidence.ts";
import { lost, row } from "./support/rows.ts";

const SLOT_MS = 12_000;
/** As the devnet's seeds give it: the proposers of slots 1 to 9. */
const SCHEDULE = [3, 0, 1, 0, 3, 3, 2, 2, 1];

const schedule = (...agents: number[]) => ({
  proposerOf: (slot: number) => Promise.resolve(`agent-${agents[slot - 1] ?? "unknown"}`),
});

/** A stage on which everything works at once, and what was done on it. */
class Rehearsal implements Stage {
  readonly done: string[] = [];
  readonly directions: { name: string; direction: Direction }[] = [];
  landing: Landing | undefined;

  proposerOf = (slot: number) => schedule(...SCHEDULE).proposerOf(slot);
  slotStartMs = (slot: number) => slot * SLOT_MS;
  kill = async (name: string) => void this.done.push(`kill ${name}`);
  restart = async (names: string[]) => void this.done.push(`restart ${names.join()}`);
  direct = (name: string, direction: Direction) => void this.directions.push({ name, direction });
  forge = (slot: number) => void this.done.push(`forge ${slot}`);
  heal = () => void this.done.push("heal");
  say = () => undefined;
  landingOf = async () => this.landing && { landing: this.landing, depth: 3 };

  separate(areApart: (one: string, other: string) => boolean): void {
    const pairs = AGENT_NAMES.flatMap((one) => AGENT_NAMES.map((other) => [one, other] as const));
    const apart = pairs.filter(([one, other]) => one !== other && areApart(one, other));
    this.done.push(`separate ${apart.map((pair) => pair.map((name) => name.slice(-1)).join("")).join(" ")}`);
  }

  async reorganizeL1(depth: number, keeps: boolean): Promise<number> {
    this.done.push(`reorganize ${depth} ${keeps}`);
    return depth;
  }
}

/** Plans a scenario and does all it plans, in the order of time. */
async function rehearse(name: ScenarioName): Promise<{ stage: Rehearsal; plan: Plan }> {
  const stage = new Rehearsal();
  stage.landing = { digest: digestOf(3), transactionHash: "0x1", blockNumber: 13, blockHash: "0x2" };
  const plan = await SCENARIOS[name].plan(stage);
  for (const { act } of [...plan.acts].sort((one, other) => one.atMs - other.atMs)) await act();
  return { stage, plan };
}

/** The verdict of a scenario alone: for each of its checks whether it holds. */
const judged = (plan: Plan, evidence: Partial<Evidence>): boolean[] =>
  plan.judge(evidenceOf(evidence)).map(({ ok }) => ok);
const rowsTo = (last: number, ...other: ReturnType<typeof row>[]) =>
  Array.from({ length: last }, (_, i) => other.find(({ slot }) => slot === i + 1) ?? row(i + 1));

describe("schedule of a scenario", () => {
  it("takes the first slot whose successor is another agent", async () => {
    expect(await slotWithSuccessor(schedule(1, 1, 2, 2, 3))).to.equal(4);
    expect(await slotWithSuccessor(schedule(...SCHEDULE), 5)).to.equal(6);
  });

  it("kills the first proposer that has not built the slot before as well", async () => {
    const plan = await firstToFollowAnother(schedule(3, 0, 0, 1, 3, 3, 2, 2));
    expect(plan).to.deep.equal({ name: "agent-1", fromSlot: 4 });
  });

  it("restarts the proposer whose next slot comes soonest, but not at once", async () => {
    expect(await soonestAgain(schedule(3, 1, 1, 0, 2, 0, 3, 1))).to.deep.equal({ name: "agent-0", slot: 4 });
    expect(await soonestAgain(schedule(3, 1, 0, 2, 3, 3, 1, 1))).to.deep.equal({ name: "agent-1", slot: 2 });
  });

  it("says so when it has nothing to show", async () => {
    const one = schedule(1, 1, 1, 1, 1, 1, 1, 1, 1);
    for (const find of [slotWithSuccessor, firstToFollowAnother, soonestAgain]) {
      expect(await find(one).catch((error: Error) => error.message)).to.include("nothing to show");
    }
  });
});

describe("scenario", () => {
  for (const name of SCENARIO_NAMES) {
    it(`${name} acts within the slots it takes, in one line of words, and judges a run in which nothing happened as not shown`, async () => {
      const { plan } = await rehearse(name);
      const { slots, expectation } = SCENARIOS[name];
      for (const { atMs } of plan.acts) expect(atMs).to.be.within(SLOT_MS, (slots - 1) * SLOT_MS);
      expect(expectation).not.to.include("\n");
      const rows = rowsTo(2);
      expect(judged(plan, { rows }), "after two slots").to.include(false);
    });
  }

  it("missed-publish asks for a late landing by the successor", async () => {
    const { stage, plan } = await rehearse("missed-publish");
    expect(stage.directions).to.deep.equal([{ name: "agent-1", direction: { type: "hold-checkpoint", slot: 3 } }]);
    const late = (submitter: string, onTime = false) => ({ rows: rowsTo(5, row(3, { onTime, submitter })) });
    expect(judged(plan, late("agent-0"))).to.deep.equal([true]);
    expect(judged(plan, late("agent-3"))).to.deep.equal([false]);
    expect(judged(plan, late("agent-0", true))).to.deep.equal([false]);
  });

  it("third-party asks for a late landing by the outsider, and by nobody else", async () => {
    const { stage, plan } = await rehearse("third-party");
    expect(stage.directions.map(({ name }) => name)).to.deep.equal(AGENT_NAMES);
    const late = (submitter: string, onTime = false) => ({ rows: rowsTo(5, row(3, { onTime, submitter })) });
    expect(judged(plan, late("submitter"))).to.deep.equal([true]);
    expect(judged(plan, late("agent-0"))).to.deep.equal([false]);
    expect(judged(plan, late("submitter", true))).to.deep.equal([false]);
  });

  it("offline-proposer kills before the build slot, and expects its slots, and no others, to be lost", async () => {
    const { stage, plan } = await rehearse("offline-proposer");
    expect(stage.done).to.deep.equal(["kill agent-1"]);
    expect(plan.acts[0]?.atMs).to.equal(2 * SLOT_MS);
    const due = (slot: number, proposer: string) => plan.due?.(row(slot, { proposer }));
    expect([due(2, "agent-1"), due(3, "agent-1"), due(5, "agent-1")]).to.deep.equal(["landed", "lost", "lost"]);
    expect(due(4, "agent-0")).to.equal("landed");
  });

  it("restarted-proposer kills well into the build slot, and asks that it lands again", async () => {
    const { stage, plan } = await rehearse("restarted-proposer");
    expect(stage.done).to.deep.equal(["restart agent-0"]);
    expect(plan.acts[0]?.atMs).to.be.within(SLOT_MS + 2_000, 2 * SLOT_MS - 6_000);
    expect(plan.due?.(row(2))).to.equal("either");
    expect(plan.due?.(row(3))).to.equal("landed");
    const back = rowsTo(6, row(4, { proposer: "agent-0" }));
    expect(judged(plan, { rows: back })).to.deep.equal([true]);
    expect(judged(plan, { rows: rowsTo(6, lost(4, { proposer: "agent-0" })) })).to.deep.equal([false]);
  });

  it("restart-all kills all at once, and forgives what was under way without them, and no more", async () => {
    const stage = new Rehearsal();
    const plan = await SCENARIOS["restart-all"].plan(stage);
    await plan.acts[0]?.act();
    expect(stage.done).to.deep.equal([`restart ${AGENT_NAMES.join()}`]);
    // Loaded now, which is long after these slots.
    expect(plan.due?.(row(2))).to.equal("landed");
    expect(plan.due?.(row(3))).to.equal("either");
    const inTime = Math.ceil(Date.now() / SLOT_MS) + 3;
    expect(plan.due?.(row(inTime))).to.equal("landed");
    const rows = [row(1), row(2), lost(3), lost(4), lost(5), lost(6), row(inTime)];
    expect(judged(plan, { rows })).to.deep.equal([false, true]);
    expect(judged(plan, { rows: rows.filter(({ slot }) => slot !== 6) })).to.deep.equal([true, true]);
  });

  it("withheld-attestations directs two that neither build nor follow, lets one peer hear, and asks for late landings", async () => {
    const { stage, plan } = await rehearse("withheld-attestations");
    const held = stage.directions.map(({ name, direction }) => `${name} ${direction.slot}`);
    expect(held).to.deep.equal(["agent-2 3", "agent-3 3", "agent-1 4", "agent-2 4"]);
    expect(stage.done).to.deep.equal(["separate 10 12 20 21", "heal"]);
    // L1 block n is of the time n here: at 36 s slot 3 begins, at 48 s slot 4.
    const rows = (third: number, fourth: number) => ({
      rows: rowsTo(5, row(3, { l1Block: third }), row(4, { l1Block: fourth })),
    });
    expect(judged(plan, rows(46, 58))).to.deep.equal([true, true]);
    expect(judged(plan, rows(38, 50)), "nothing was held up").to.deep.equal([false, false]);
    expect(judged(plan, { rows: rowsTo(5, lost(3), row(4, { l1Block: 58 })) })).to.deep.equal([false, true]);
  });

  it("last-second-landing asks for the last on-time block, and for two transactions of which one is enough", async () => {
    const { stage, plan } = await rehearse("last-second-landing");
    expect(stage.directions.map(({ name, direction }) => `${name} ${direction.type} ${direction.slot}`)).to.deep.equal([
      "agent-1 hold-checkpoint 3",
      "agent-3 race-successor 6",
    ]);
    const last = row(3, { proposer: "agent-1", submitter: "agent-1", l1Block: 46 });
    const raced = row(6, { onTime: false });
    const both = [send([6], { from: "agent-3" }), send([6, 7], { from: "agent-2" })];
    expect(judged(plan, { rows: rowsTo(8, last, raced), sends: both })).to.deep.equal([true, true]);
    const early = row(3, { proposer: "agent-1", submitter: "agent-1", l1Block: 44 });
    expect(judged(plan, { rows: rowsTo(8, early, raced), sends: both })).to.deep.equal([false, true]);
    expect(judged(plan, { rows: rowsTo(8, last, raced), sends: both.slice(1) }), "no race").to.deep.equal([
      true,
      false,
    ]);
    expect(judged(plan, { rows: rowsTo(8, last, raced, lost(7)), sends: both })).to.deep.equal([true, false]);
  });

  it("partition cuts two from two, then one from three, and forgives only slots that a cut has touched", async () => {
    const { stage, plan } = await rehearse("partition");
    expect(stage.done).to.deep.equal(
      ["separate 02 03 12 13 20 21 30 31", "heal", "separate 20 21 23 02 12 32", "heal"].map((line) =>
        line.startsWith("separate 20") ? "separate 02 12 20 21 23 32" : line,
      ),
    );
    const due = [1, 2, 3, 4, 5, 6, 7, 8].map((slot) =>
      plan.due?.(row(slot, { proposer: `agent-${SCHEDULE[slot - 1]}` })),
    );
    expect(due).to.deep.equal(["landed", "either", "either", "either", "landed", "landed", "either", "landed"]);
  });

  it("l1-reorg takes what has landed off L1 twice, and asks for the same checkpoint in another block", async () => {
    const { stage, plan } = await rehearse("l1-reorg");
    expect(stage.done).to.deep.equal(["reorganize 3 true", "reorganize 3 false"]);
    const events = [landing(3), landing(5, { digest: digestOf(3) })];
    expect(judged(plan, { events })).to.deep.equal([true, true]);
    expect(judged(plan, { events: [landing(3)] })).to.deep.equal([true, false]);
    expect(judged(plan, { events: [landing(3, { digest: digestOf(9) }), landing(5)] })).to.deep.equal([false, false]);
    const still = new Rehearsal();
    const nothing = await SCENARIOS["l1-reorg"].plan(still);
    for (const { act } of nothing.acts) await act();
    expect(still.done, "nothing had landed").to.deep.equal([]);
    expect(judged(nothing, { events })).to.deep.equal([false, false]);
  });

  it("forged-landing asks that the forgery gives way in the transaction that lands what was signed, and is paid for", async () => {
    const { stage, plan } = await rehearse("forged-landing");
    expect(stage.done).to.deep.equal(["forge 3"]);
    const forgery = landing(3, { submitter: "forger", l1Block: 13, digest: digestOf(3, "forged") });
    const right = landing(3, { l1Block: 14 });
    const gone = (transaction?: string) => removal(3, "agent-3", { l1Block: 14, ...(transaction && { transaction }) });
    const slashed = bondSlashed("forger");
    expect(judged(plan, { events: [forgery, gone(), slashed, right] })).to.deep.equal([true, true]);
    expect(judged(plan, { events: [forgery, gone("another"), slashed, right] })).to.deep.equal([false, true]);
    expect(judged(plan, { events: [forgery, gone(), right] })).to.deep.equal([true, false]);
    expect(judged(plan, { events: [forgery] })).to.deep.equal([false, false]);
    expect(judged(plan, { events: [right] })).to.deep.equal([false, false]);
  });
});
