import type { ScenarioName } from "./scenarios.ts";

/** A deliberate breakage of one rule, and the scenario that must show it. */
export interface Mutation {
  name: string;
  /** The rule that is gone. */
  rule: string;
  edits: Edit[];
  scenario: ScenarioName;
  /** Invariants of which one must be found broken. */
  caughtBy: RegExp;
}

/** A piece of a source, which occurs in it once, and what stands there instead. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

const edit = (file: string, from: string, to = ""): Edit => ({ file: `sdk/${file}`, from, to });

const TURN = /landed by whose turn it is/;
const ATTESTABLE = /what is attested is attestable/;
const REPLAYED = /replayed first, in order/;
const FOLLOWED = /agents follow L1/;

/** Rules of building on what is not on L1 yet. */
const BUILDING: Mutation[] = [
  {
    name: "no-depth-limit",
    rule: "at most two unsubmitted checkpoints, three while the oldest is being rescued",
    edits: [edit("agent/chain/depth.ts", "unsubmittedBelow < depthLimit(state, timetable)", "true")],
    scenario: "stall",
    caughtBy: /nobody goes deeper than the limit/,
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
    caughtBy: /every block of the chain was executed here/,
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
    name: "replays-last",
    rule: "transactions that were shown come first when they come again",
    edits: [edit("agent/mempool/contents.ts", "    this.#line = front;\n")],
    scenario: "dead",
    caughtBy: REPLAYED,
  },
  {
    name: "replays-backwards",
    rule: "transactions that were shown come again in the old order",
    edits: [edit("agent/mempool/pool.ts", "line.push(entry)", "line.unshift(entry)")],
    scenario: "dead",
    caughtBy: REPLAYED,
  },
  {
    name: "discards-forget",
    rule: "the transactions of what is discarded come back",
    edits: [
      edit(
        "agent/pipeline/keeper.ts",
        "if (gone.length > 0) await mempool.onDiscard(await this.#transactionsOf(gone));",
      ),
    ],
    scenario: "dead",
    caughtBy: /replayed first, in order|no transaction that was shown is lost/,
  },
  {
    name: "parents-again",
    rule: "a speculative parent's transactions are not offered again",
    edits: [
      edit(
        "agent/pipeline/keeper.ts",
        "for (const block of added) await mempool.onBlock(await this.#transactionsOf([block]));",
      ),
    ],
    scenario: "calm",
    caughtBy: /what is in the chain is not offered again/,
  },
  {
    name: "discards-leave",
    rule: "with a checkpoint goes everything that stands on it",
    edits: [
      edit(
        "agent/chain/blocks.ts",
        "unsubmitted: state.unsubmitted.slice(0, depth) }, discarded };",
        "unsubmitted: state.unsubmitted.toSpliced(depth, 1) }, discarded };",
      ),
    ],
    scenario: "dead",
    caughtBy: /each checkpoint stands on the one before|tips are in order/,
  },
];

/** Rules of attesting, skipping and certificates. */
const VOTING: Mutation[] = [
  {
    name: "guard-forgets",
    rule: "the guard knows everything a validator signs, and so keeps it from signing another thing",
    edits: [
      edit(
        "agent/guard/local-signer.ts",
        "await this.#guard.record({ validator: this.publicKey, kind, slot, sequence, digest });",
      ),
    ],
    scenario: "calm",
    caughtBy: /what is signed is on disk before/,
  },
  {
    name: "signs-first",
    rule: "the guard's row is on disk before the signature exists",
    edits: [
      edit(
        "agent/guard/local-signer.ts",
        "await this.#guard.record({ validator: this.publicKey, kind, slot, sequence, digest });",
      ),
      edit(
        "agent/guard/local-signer.ts",
        "return this.#bls.sign(signingMessage(kind, { chainId: BigInt(chainId), rollup, slot }, digest), secretKey);",
        "const made = this.#bls.sign(signingMessage(kind, { chainId: BigInt(chainId), rollup, slot }, digest), secretKey);" +
          "await this.#guard.record({ validator: this.publicKey, kind, slot, sequence, digest }); return made;",
      ),
    ],
    scenario: "calm",
    caughtBy: /what is signed is on disk before/,
  },
  {
    name: "no-skip-votes",
    rule: "a silent proposer is skipped by votes, so that its child is attested",
    edits: [edit("agent/pipeline/attester.ts", "    await this.#skip(moment);\n")],
    scenario: "absent",
    caughtBy: /certified at once|goes wrong lands/,
  },
  {
    name: "skips-at-once",
    rule: "a proposer has its time before its slot is skipped",
    edits: [
      edit(
        "agent/chain/skips.ts",
        "nowMs >= timetable.of(submissionSlot).proposalDeadlineMs + clockDisparityMs",
        "true",
      ),
    ],
    scenario: "silent",
    caughtBy: /a slot is skipped for cause/,
  },
  {
    name: "silence-at-once",
    rule: "a proposer is silent only after the liveness timeout",
    edits: [edit("agent/chain/skips.ts", "nowMs >= buildableMs + timeoutMs", "true")],
    scenario: "calm",
    caughtBy: /a slot is skipped for cause/,
  },
  {
    name: "small-quorum",
    rule: "a certificate takes more than two thirds",
    edits: [
      edit(
        "agent/pipeline/ballots.ts",
        "if (ballots.length < quorum) return undefined;",
        "if (ballots.length < quorum - 1) return undefined;",
      ),
    ],
    scenario: "calm",
    caughtBy: /attestable|certificate|signed by a quorum|goes wrong lands/,
  },
  {
    name: "small-skip-quorum",
    rule: "a skip certificate takes more than two thirds",
    edits: [
      edit(
        "agent/pipeline/ballots.ts",
        "if (ballots.length < quorum) return undefined;",
        'if (ballots.length < (kind === "skip" ? 1 : quorum)) return undefined;',
      ),
      edit("agent/pipeline/attester.ts", "if (publicKeys.length < set.quorum)", "if (publicKeys.length < 1)"),
    ],
    scenario: "absent",
    caughtBy: /attestable|certificate/,
  },
  {
    name: "gaps-attested",
    rule: "every slot between a checkpoint and its parent is skipped or dead",
    edits: [
      edit(
        "agent/chain/proposals.ts",
        "if (!isSkipped(state, between) && !isDead(between, state.l1.timestamp, timetable)) return false;",
      ),
      edit("agent/pipeline/attester.ts", "    await this.#skip(moment);\n"),
    ],
    scenario: "absent",
    caughtBy: ATTESTABLE,
  },
];

/** Rules of publishing and handing off. */
const PUBLISHING: Mutation[] = [
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
    caughtBy: /what is certified lands/,
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
    caughtBy: TURN,
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
    caughtBy: TURN,
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
    name: "sent-from-two",
    rule: "what one account has on its way goes from no other",
    edits: [edit("agent/chain/carriers.ts", "another === undefined &&", "")],
    scenario: "payers",
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
    caughtBy: FOLLOWED,
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
    caughtBy: FOLLOWED,
  },
];

export const MUTATIONS: Mutation[] = [...BUILDING, ...VOTING, ...PUBLISHING];
