import { expect } from "chai";
import {
  afterEvent,
  type Choice,
  choose,
  type EndpointEvent,
  type EndpointState,
  FIRST_BACK_OFF_MS,
  LONGEST_BACK_OFF_MS,
  NEW_ENDPOINT,
  STEADY_LOOKS,
} from "../../../../sdk/agent/l1/endpoints/health.ts";

const NOW = 1_000_000;
const state = (over: Partial<EndpointState> = {}): EndpointState => ({ ...NEW_ENDPOINT, ...over });
const resting = (condition: EndpointState["condition"], notBeforeMs = NOW + 500): EndpointState =>
  state({ condition, notBeforeMs, backOffMs: 500 });

describe("which L1 node is asked", () => {
  const sound = state();
  const steady = state({ steadyLooks: STEADY_LOOKS });
  const behind = state({ standing: "behind" });
  const forked = state({ standing: "forked" });
  const cases: [string, EndpointState[], number, number[], Choice][] = [
    ["the only one", [sound], 0, [], { use: 0 }],
    ["the only one, though it fails", [resting("failing")], 0, [], { use: 0 }],
    ["the one in use, among equals", [sound, sound, sound], 1, [], { use: 1 }],
    ["an earlier one that is steady again", [steady, sound], 1, [], { use: 0 }],
    ["not a later one, however steady", [sound, steady], 0, [], { use: 0 }],
    ["not an earlier one that is steady but behind", [{ ...steady, standing: "behind" }, sound], 1, [], { use: 1 }],
    ["the next, when this one fails", [resting("failing"), sound, sound], 0, [], { use: 1 }],
    ["the next but one, when the next was tried", [resting("failing"), sound, sound], 0, [1], { use: 2 }],
    ["one that is level before one behind", [behind, sound], 0, [], { use: 1 }],
    ["one that is behind before one on another fork", [forked, behind], 0, [], { use: 1 }],
    ["one on another fork before one that fails", [forked, resting("failing")], 1, [], { use: 0 }],
    ["one whose rest is over before nobody", [resting("limited", NOW)], 0, [], { use: 0 }],
    ["a sound one before one whose rest is over", [resting("inconsistent", NOW - 1), sound], 0, [], { use: 1 }],
    ["nobody while all rest", [resting("limited"), resting("wrong-chain", NOW + 9)], 0, [], { waitUntilMs: NOW + 9 }],
    ["nobody when all were tried", [sound, sound], 0, [0, 1], undefined],
  ];
  for (const [what, states, current, tried, expected] of cases) {
    it(what, () => {
      expect(choose(states, current, NOW, new Set(tried))).to.deep.equal(expected);
    });
  }
});

describe("what is remembered of an L1 node", () => {
  const remembered = (from: EndpointState, ...events: [EndpointEvent, number][]): EndpointState =>
    events.reduce((seen, [event, atMs]) => afterEvent(seen, event, atMs), from);
  const failed: EndpointEvent = { type: "failed", reason: "gone" };
  const limited = (retryAfterMs?: number): EndpointEvent => ({ type: "limited", reason: "429", retryAfterMs });

  it("is left alone twice as long with each failure in a row, up to the longest rest", () => {
    let seen = state();
    let atMs = NOW;
    const rests: number[] = [];
    for (let i = 0; i < 9; i++) {
      seen = afterEvent(seen, failed, atMs);
      rests.push(seen.notBeforeMs - atMs);
      atMs = seen.notBeforeMs;
    }
    expect(rests).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * FIRST_BACK_OFF_MS));
    expect(seen).to.deep.include({ condition: "failing", reason: "gone", failures: 9, steadyLooks: 0 });
  });

  it("calls that fail together are one failure", () => {
    const seen = remembered(state(), [failed, NOW], [failed, NOW + 1], [failed, NOW + 999]);
    expect(seen).to.deep.include({ notBeforeMs: NOW + FIRST_BACK_OFF_MS, failures: 3 });
  });

  it("starts anew once it was well for as long as it had rested", () => {
    const twice = remembered(state(), [failed, NOW], [failed, NOW + 1_000]);
    expect(twice.backOffMs).to.equal(2_000);
    expect(afterEvent(twice, failed, NOW + 5_000).backOffMs).to.equal(4_000);
    expect(afterEvent(twice, failed, NOW + 5_001).backOffMs).to.equal(FIRST_BACK_OFF_MS);
  });

  it("rests as long as it asks for, within reason", () => {
    expect(afterEvent(state(), limited(7_000), NOW).notBeforeMs).to.equal(NOW + 7_000);
    expect(afterEvent(state(), limited(0), NOW).notBeforeMs).to.equal(NOW + FIRST_BACK_OFF_MS);
    expect(afterEvent(state(), limited(1e9), NOW).notBeforeMs).to.equal(NOW + LONGEST_BACK_OFF_MS);
  });

  it("is sound again with an answer, but no answer on its way shortens a rest it asked for", () => {
    const answered: EndpointEvent = { type: "answered" };
    expect(remembered(state(), [failed, NOW], [answered, NOW + 1]).condition).to.equal("sound");
    const rests = remembered(state(), [limited(), NOW], [answered, NOW + 999]);
    expect(rests.condition).to.equal("limited");
    expect(afterEvent(rests, answered, NOW + 1_000)).to.deep.include({ condition: "sound", reason: "" });
  });

  it("is steady only as long as it is sound and level", () => {
    const compared = (standing: EndpointState["standing"]): EndpointEvent => ({
      type: "compared",
      head: { number: 5, hash: "0x5" },
      standing,
    });
    const level = remembered(state(), [compared("level"), NOW], [compared("level"), NOW]);
    expect(level).to.deep.include({ steadyLooks: 2, head: { number: 5, hash: "0x5" } });
    expect(afterEvent(level, compared("behind"), NOW).steadyLooks).to.equal(0);
    expect(afterEvent(level, failed, NOW).steadyLooks).to.equal(0);
    expect(remembered(level, [failed, NOW], [compared("level"), NOW]).steadyLooks).to.equal(0);
    const untold = afterEvent(level, { type: "compared", head: undefined, standing: "level" }, NOW);
    expect(untold.head).to.deep.equal({ number: 5, hash: "0x5" });
  });
});
