import { edit, type Mutation } from "./interface.ts";

/** Building on what is not on L1 yet (design, 5.2). */
export const BUILDING: Mutation[] = [
  {
    name: "deep-building",
    rule: "nobody builds beyond the depth limit",
    edits: [edit("agent/chain/duties.ts", "if (!mayStandOn(state, depth, timetable)) {", "if (depth < 0) {")],
    scenario: "stall",
    caughtBy: /nobody goes deeper than the limit.*builds/,
  },
  {
    name: "deep-holding",
    rule: "nobody takes in what stands beyond the depth limit",
    edits: [edit("agent/chain/blocks.ts", '  if (!mayStandOn(state, depth, timetable)) return { place: "orphan" };\n')],
    scenario: "blind",
    caughtBy: /nobody goes deeper than the limit.*takes in/,
  },
  {
    name: "deep-attesting",
    rule: "nobody attests what stands beyond the depth limit",
    edits: [
      edit(
        "agent/chain/proposals.ts",
        "if (at < 0 || !mayStandOn(state, at, timetable)) return false;",
        "if (at < 0) return false;",
      ),
    ],
    scenario: "rewound",
    caughtBy: /what is attested is attestable.*deeper than the limit/,
  },
  {
    name: "no-third",
    rule: "while the oldest is being rescued, a third may stand",
    edits: [
      edit(
        "agent/chain/depth.ts",
        "l1Ms < times.lastLateBlockMs ? limit + 1 : limit",
        "l1Ms < times.lastLateBlockMs ? limit : limit",
      ),
    ],
    scenario: "late",
    caughtBy: /who may build builds/,
  },
  {
    name: "believes-blocks",
    rule: "nobody builds on a block that it has not re-executed",
    edits: [
      edit(
        "agent/pipeline/follower.ts",
        "await this.#parts.engine.newPayload(payload, share.forced)",
        '{ status: "VALID", code: undefined, reason: undefined }',
      ),
    ],
    scenario: "calm",
    caughtBy: /every block of the chain was executed here|tips are in order/,
  },
  {
    name: "waits-for-proposals",
    rule: "a parent is built upon as soon as its last block was executed",
    edits: [
      edit("agent/chain/duties.ts", "(top.proposed || isProposable)", "top.proposed !== undefined && !isProposable"),
    ],
    scenario: "calm",
    caughtBy: /who may build builds/,
  },
  {
    name: "unspent-slots",
    rule: "a slot whose proposal was signed is built no more",
    edits: [
      edit(
        "agent/chain/duties.ts",
        'if (own.proposed !== undefined) return { duty: "done", reason: "the checkpoint is proposed" };',
      ),
      edit("agent/pipeline/proposer.ts", "moment.buildSlot <= this.#endedSlot ||"),
    ],
    scenario: "calm",
    caughtBy: /a slot that was proposed is spent/,
  },
  {
    name: "one-attempt",
    rule: "a second attempt names another parent than the first",
    edits: [
      edit(
        "agent/chain/blocks.ts",
        "if (block.attempt === 1 && parents[0] === block.parentHash && attested === undefined) {",
        "if (block.attempt === 1 && parents[0] === timetable) {",
      ),
    ],
    scenario: "again",
    caughtBy: /a second attempt names another parent/,
  },
  {
    name: "never-again",
    rule: "what was begun on a parent that is gone is begun once more",
    edits: [
      edit(
        "agent/chain/attempts.ts",
        "return isSigned[1] || first === undefined || first === baseHash ? undefined : 1;",
        "return undefined;",
      ),
    ],
    scenario: "undecided",
    caughtBy: /who may build builds/,
  },
  {
    name: "passes-over-early",
    rule: "a predecessor has its time before it is passed over",
    edits: [
      edit(
        "agent/chain/duties.ts",
        "const isProposable = moment.nowMs < predecessorDeadlineMs;",
        "const isProposable = false;",
      ),
    ],
    scenario: "withheld",
    caughtBy: /nobody is passed over before its time/,
  },
  {
    name: "shows-at-once",
    rule: "who is silent shows nothing before what it stands on is certified",
    edits: [edit("agent/pipeline/holdback.ts", "standsOnCertified(state, slot));", "slot > 0);")],
    scenario: "hushed",
    caughtBy: /a silent proposer shows nothing early/,
  },
  {
    name: "sets-too-late",
    rule: "an epoch's validators vote in its own slots",
    edits: [edit("agent/sets/l1-sets.ts", "epochOf(slot);\n    // Where", "epochOf(slot - 1);\n    // Where")],
    scenario: "leaving",
    caughtBy: /goes wrong lands|a successor rescues/,
  },
];
