import { edit, type Mutation } from "./interface.ts";

/** Publishing and handing off (design, 5.4). */
export const LANDING: Mutation[] = [
  {
    name: "leaves-it",
    rule: "a proposer brings its checkpoint to L1 in its slot",
    edits: [edit("agent/chain/publish.ts", "return isProposer(oldest.slot)\n", "return isProposer(0)\n")],
    scenario: "calm",
    caughtBy: /lands in it/,
  },
  {
    name: "no-deadline",
    rule: "a proposer's transaction is worthless after its slot",
    edits: [
      edit(
        "agent/chain/publish.ts",
        'deadlineMs: times.handoffMs - 1000, role: "proposer"',
        'deadlineMs: times.closesMs - 1000, role: "proposer"',
      ),
    ],
    scenario: "calm",
    caughtBy: /what a proposer sends ends with its slot/,
  },
  {
    name: "proposer-goes-on",
    rule: "at the end of its slot a proposer stops, and its successor goes on",
    edits: [
      edit(
        "agent/chain/publish.ts",
        "const isSuccessor = isProposer(oldest.slot + 1);",
        "const isSuccessor = isProposer(oldest.slot);",
      ),
    ],
    scenario: "late",
    caughtBy: /landed by whose turn it is/,
  },
  {
    name: "no-rescue",
    rule: "what missed its slot is landed in the next one",
    edits: [
      edit(
        "agent/chain/publish.ts",
        "return late(state, oldest, moment, timetable, isProposer, rank, sendingMs);",
        'return { duty: "wait", reason: "nobody rescues" };',
      ),
    ],
    scenario: "late",
    caughtBy: /a successor rescues/,
  },
  {
    name: "waits-for-both",
    rule: "a successor whose own certificate does not come sends the other alone",
    edits: [
      edit("agent/chain/publish.ts", "if (moment.nowMs < firstLateSendMs) return", "if (firstLateSendMs > 0) return"),
    ],
    scenario: "uncertain",
    caughtBy: /a successor rescues/,
  },
  {
    name: "rescue-alone",
    rule: "the successor's own certified checkpoint goes with the one it rescues",
    edits: [
      edit(
        "agent/chain/publish.ts",
        "if (own.proposed?.certificate !== undefined) {",
        "if (own.proposed?.certificate === timetable) {",
      ),
    ],
    scenario: "late",
    caughtBy: /a rescue takes its own checkpoint along/,
  },
  {
    name: "open-at-once",
    rule: "others land only after the successor's window",
    edits: [
      edit(
        "agent/chain/publish.ts",
        "!isSuccessor && !isTurn(state, times, moment, timetable, rank(oldest.slot))",
        "false",
      ),
    ],
    scenario: "late",
    caughtBy: /landed by whose turn it is/,
  },
  {
    name: "nobody-else",
    rule: "after the successor others land it",
    edits: [edit("agent/chain/publish.ts", "if (!isSuccessor && !isTurn(", "if (!isSuccessor || !isTurn(")],
    scenario: "orphaned",
    caughtBy: /what is certified lands/,
  },
  {
    name: "sent-from-two",
    rule: "what one account has on its way goes from no other",
    edits: [edit("agent/chain/carriers.ts", "another === undefined &&", "")],
    scenario: "payers",
    caughtBy: /no checkpoint is on its way twice/,
  },
  {
    name: "other-nonce",
    rule: "a retry has the nonce of what it replaces",
    edits: [
      edit(
        "submit/decide.ts",
        '{ action: "replace", nonce: record.nonce, fees }',
        '{ action: "replace", nonce: record.nonce + 1, fees }',
      ),
    ],
    scenario: "hesitant",
    caughtBy: /no checkpoint is on its way twice/,
  },
  {
    name: "dead-early",
    rule: "a slot is dead when L1 can no longer take it, and not before",
    edits: [
      edit(
        "agent/chain/slots.ts",
        "return l1TimestampSeconds * 1000 >= timetable.of(slot).lastLateBlockMs;",
        "return l1TimestampSeconds * 1000 >= timetable.of(slot).handoffMs;",
      ),
    ],
    scenario: "late",
    caughtBy: /dead by L1's time alone/,
  },
  {
    name: "forgets-given-up",
    rule: "what was given up is there when L1 holds it after all",
    edits: [
      edit("agent/pipeline/checkpoint.ts", "return store.discardedCheckpoint(slot, digest);", "return undefined;"),
    ],
    scenario: "given-up",
    caughtBy: /agents follow L1/,
  },
  {
    name: "never-dead",
    rule: "what L1 can no longer take is dead",
    edits: [
      edit(
        "agent/chain/slots.ts",
        "return l1TimestampSeconds * 1000 >= timetable.of(slot).lastLateBlockMs;",
        "return false;",
      ),
    ],
    scenario: "dead",
    caughtBy: /what is dead is left/,
  },
  {
    name: "follows-forgeries",
    rule: "what nobody is known to have signed is not followed",
    edits: [
      edit(
        "agent/chain/suspects.ts",
        "export function isVouchedFor(state: ChainState, { slot, digest, signed }: Landed): boolean {",
        "export function isVouchedFor(state: ChainState, { slot, digest, signed }: Landed): boolean {\n  return true;",
      ),
    ],
    scenario: "forged",
    caughtBy: /agents follow L1|lands/,
  },
  {
    name: "bears-forgeries",
    rule: "what nobody is known to have signed is challenged",
    edits: [
      edit("agent/pipeline/challenger.ts", "if (first === undefined) return undefined;", "return undefined;"),
      edit(
        "agent/pipeline/challenger.ts",
        "return logs.length === state.suspects.length ? logs.map(({ log }) => log) : undefined;",
        "return [];",
      ),
    ],
    scenario: "forged",
    caughtBy: /goes wrong lands|a successor rescues/,
  },
  {
    name: "promotes-any",
    rule: "L1 holds what is held here only if it is the same to the digest",
    edits: [
      edit(
        "agent/chain/l1.ts",
        "(entry) => entry.proposed?.digest === landed.digest);",
        "(entry) => entry.slot === landed.slot);",
      ),
    ],
    scenario: "split",
    caughtBy: /agents follow L1/,
  },
  {
    name: "ignores-reorgs",
    rule: "what an L1 reorg took away is unsubmitted again",
    edits: [
      edit(
        "agent/chain/l1.ts",
        "const keep = held.filter(({ landing }) => landing.l1BlockNumber <= ancestor.blockNumber);",
        "const keep = held;",
      ),
    ],
    scenario: "vanished",
    caughtBy: /agents follow L1/,
  },
  {
    name: "reorgs-discard",
    rule: "what an L1 reorg took away stays under what stands on it",
    edits: [
      edit(
        "agent/chain/l1.ts",
        "    unsubmitted: [...back, ...state.unsubmitted],\n  };\n}\n\n/** Moves the settled",
        "    unsubmitted: state.unsubmitted,\n  };\n}\n\n/** Moves the settled",
      ),
    ],
    scenario: "moved",
    caughtBy: /stands on the one before|tips are in order/,
  },
  {
    name: "vanished-stay-away",
    rule: "what an L1 reorg took away is sent again while its slot lasts",
    edits: [
      edit(
        "submit/reconcile.ts",
        'return network.blockNumber >= mined.blockNumber ? [{ type: "unmined", nonce }] : [];',
        "return [];",
      ),
    ],
    scenario: "vanished",
    caughtBy: /what a reorg took lands again/,
  },
];
