import { expect } from "chai";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { GuardError, type ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import { type PipelineEvent, PipelineEvents } from "../../../sdk/agent/pipeline/events.ts";
import { MissedDuties } from "../../../sdk/agent/pipeline/missed-duties.ts";
import { watchedSigner } from "../../../sdk/agent/pipeline/watched-signer.ts";
import { atL1, chainOf, genesis, landed, timetable } from "../chain/support.ts";
import { KEYS, recorder, sets } from "./support.ts";

const SLOT = 2;
const times = timetable.of(SLOT);
const PAST_ALL_MS = times.handoffMs + 1;

/** Watches the duties of validator 1, which proposes for slot 2, from the start of slot 0 on. */
function setUp({ hasAccount = true, validators = [1], own = [SLOT] } = {}) {
  const missed: string[] = [];
  const events = new PipelineEvents((error) => {
    throw error;
  });
  const keeper = { state: genesis() };
  const parts = {
    keeper,
    timetable,
    ownSlots: { has: (slot: number) => own.includes(slot) },
    sets,
    validators: validators.map((index) => (KEYS[index] as (typeof KEYS)[number]).publicKey),
    hasAccount,
    events,
    log: recorder(),
  };
  const watch = new MissedDuties(parts);
  events.on((event) => event.type === "missed-duty" && missed.push(`${event.duty} ${event.slot}: ${event.code}`));
  watch.tick(timetable.moment(timetable.startMs(0)), true);
  return {
    missed,
    state: (state: ChainState) => {
      keeper.state = state;
    },
    tell: (...told: PipelineEvent[]) => {
      for (const event of told) events.emit(event);
    },
    async at(nowMs: number, isOnDuty = true) {
      watch.tick(timetable.moment(nowMs), isOnDuty);
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

const BUILT: PipelineEvent = { type: "build-started", slot: SLOT, trigger: "parent-complete", parentSlot: 1 };
const PROPOSED: PipelineEvent = { type: "proposed", slot: SLOT, digest: "0x" };
const VOTED: PipelineEvent = { type: "voted", slot: SLOT, kind: "attestation", validator: 1 };
const SENT: PipelineEvent = { type: "sending", task: "landing", slots: [SLOT], outcome: "sent" };

describe("missed duties", () => {
  it("tells none of a slot in which all was done", async () => {
    const { tell, at, missed } = setUp();
    tell(BUILT, PROPOSED, VOTED, SENT, { type: "submitted", landed: landed(SLOT) });
    await at(PAST_ALL_MS);
    expect(missed).to.deep.equal([]);
  });

  const builds: [what: string, told: PipelineEvent[], code: string][] = [
    ["was never begun", [], "not-begun"],
    ["went with the chain below it, and was not begun again", [BUILT], "dropped"],
  ];
  for (const [what, told, code] of builds) {
    it(`tells of a checkpoint that ${what}, once, when its proposal would come too late`, async () => {
      const { tell, at, missed } = setUp();
      tell(VOTED, ...told);
      await at(times.proposalDeadlineMs);
      expect(missed).to.deep.equal([]);
      await at(times.proposalDeadlineMs + 1);
      await at(PAST_ALL_MS);
      expect(missed).to.deep.equal([`build ${SLOT}: ${code}`]);
    });
  }

  it("tells of the slots that passed while the agent was behind", async () => {
    const { at, missed } = setUp({ own: [SLOT, 3] });
    await at(times.buildStartMs + 1, false);
    await at(times.startMs + 1, false);
    await at(timetable.of(3).proposalDeadlineMs + 1);
    expect(missed).to.have.members([`build ${SLOT}: off-duty`, "build 3: off-duty", `attest ${SLOT}: off-duty`]);
  });

  it("tells nothing twice that whoever was at it has told", async () => {
    const { tell, at, missed } = setUp();
    tell(VOTED, { type: "missed-duty", slot: SLOT, duty: "propose", code: "guard", reason: "signed otherwise" });
    await at(PAST_ALL_MS);
    expect(missed).to.deep.equal([`propose ${SLOT}: guard`]);
  });

  const votes: [what: string, state: ChainState, told: PipelineEvent[], code: string][] = [
    ["whose checkpoint is not here", genesis(), [], "nothing-to-attest"],
    ["whose checkpoint is here", chainOf("certified", "proposed"), [], "not-attestable"],
    [
      "whose signature the guard refused",
      chainOf("certified", "proposed"),
      [{ type: "unsigned", slot: SLOT, kind: "attestation", code: "conflict" }],
      "guard",
    ],
    [
      "whose signer was away",
      chainOf("certified", "proposed"),
      [{ type: "unsigned", slot: SLOT, kind: "attestation", code: "unavailable" }],
      "signer",
    ],
  ];
  for (const [what, state, told, code] of votes) {
    it(`tells of a validator without a vote in a slot ${what}: ${code}`, async () => {
      const setup = setUp({ own: [] });
      setup.state(state);
      setup.tell(...told);
      await setup.at(times.attestationDeadlineMs);
      expect(setup.missed).to.deep.equal([]);
      await setup.at(times.attestationDeadlineMs + 1);
      expect(setup.missed).to.deep.equal([`attest ${SLOT}: ${code}`]);
    });
  }

  it("asks for the vote of each validator, and of none where the slot is skipped by certificate", async () => {
    const several = setUp({ own: [], validators: [0, 1, 2] });
    several.tell(VOTED, { ...VOTED, validator: 0 } as PipelineEvent);
    await several.at(times.attestationDeadlineMs + 1);
    expect(several.missed).to.deep.equal([`attest ${SLOT}: nothing-to-attest`]);
    const skipped = setUp({ own: [] });
    const record = { attested: undefined, stoodOn: undefined, buildableMs: undefined, parents: {} };
    const certificate = { kind: "skip", slot: SLOT, digest: "0x", signers: 7n, signature: "0x" } as const;
    skipped.state({ ...genesis(), slots: [{ slot: SLOT, skipped: certificate, ...record }] });
    await skipped.at(times.attestationDeadlineMs + 1);
    expect(skipped.missed).to.deep.equal([]);
  });

  const landings: [what: string, told: PipelineEvent[], missed: string[], over: object][] = [
    ["sent, and in none of its slot's L1 blocks", [SENT], [`publish ${SLOT}: not-mined`], {}],
    ["sent by nobody", [], [`publish ${SLOT}: not-sent`], {}],
    ["refused by the L1 node", [{ ...SENT, outcome: "refused" } as PipelineEvent], [`publish ${SLOT}: not-sent`], {}],
    ["not this agent's to land, which has no account", [], [], { hasAccount: false }],
    ["another's", [], [], { own: [] }],
  ];
  for (const [what, told, expected, over] of landings) {
    it(`a certified checkpoint that was ${what}`, async () => {
      const setup = setUp(over);
      setup.tell(PROPOSED, VOTED, ...told);
      const state = chainOf("certified", "certified");
      setup.state(atL1(state, times.lastOnTimeBlockMs - 1000));
      await setup.at(times.handoffMs + 1);
      expect(setup.missed, "its last L1 block may still come").to.deep.equal([]);
      setup.state(atL1(state, times.lastOnTimeBlockMs));
      await setup.at(times.handoffMs + 2);
      await setup.at(times.handoffMs + 3);
      expect(setup.missed).to.deep.equal(expected);
    });
  }

  it("judges no slot in which the agent started", async () => {
    const { at, missed } = setUp({ own: [1] });
    await at(timetable.of(1).handoffMs - 1);
    expect(missed).to.deep.equal([]);
  });

  it("a follower has none", async () => {
    const { at, missed } = setUp({ validators: [], own: [] });
    await at(PAST_ALL_MS, false);
    expect(missed).to.deep.equal([]);
  });
});

describe("a signer that is watched", () => {
  it("tells of what it refuses, and refuses it all the same", async () => {
    const told: PipelineEvent[] = [];
    const refusing: ValidatorSigner = {
      publicKey: "0x01",
      sign: () => Promise.reject(new GuardError("conflict", "signed otherwise")),
    };
    const watched = watchedSigner(refusing, { emit: (event) => void told.push(event) });
    const thrown: unknown = await watched.sign("skip", 5, "0x").catch((error: unknown) => error);
    expect((thrown as GuardError).code).to.equal("conflict");
    expect(told).to.deep.equal([{ type: "unsigned", slot: 5, kind: "skip", code: "conflict" }]);
  });
});
