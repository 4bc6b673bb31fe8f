import type { FaultKind } from "../faults/plan.ts";

/** A deliberate breakage of one rule, and the run that must notice it. */
export interface Mutation {
  name: string;
  /** The rule that is gone. */
  rule: string;
  edits: { file: string; from: string; to: string }[];
  seed: number;
  slots: number;
  faults: FaultKind[];
  /** Invariants of which one must be found broken. */
  caughtBy: RegExp;
}

const AGENT = "sdk/agent";
const LOST = /a slot in which nothing goes wrong lands/;

export const MUTATIONS: Mutation[] = [
  {
    name: "guard-forgets",
    rule: "a validator signs attest or skip for a slot, and the guard keeps it from the other",
    edits: [
      {
        file: `${AGENT}/guard/local-signer.ts`,
        from: "await this.#guard.record({ validator: this.publicKey, kind, slot, sequence, digest });",
        to: "",
      },
      {
        file: `${AGENT}/pipeline/attester.ts`,
        from: "      if (this.#voted.has(slot)) continue;\n",
        to: "",
      },
      { file: `${AGENT}/chain/skips.ts`, from: "!isProposed && nowMs", to: "nowMs" },
      { file: `${AGENT}/chain/skips.ts`, from: "certificateOf(state, slot) === undefined && ", to: "" },
    ],
    seed: 1,
    slots: 3,
    faults: [],
    caughtBy: /no validator signs twice|a slot is skipped for cause/,
  },
  {
    name: "no-skip-votes",
    rule: "a silent proposer is skipped by votes, so that its child is attested",
    edits: [{ file: `${AGENT}/pipeline/attester.ts`, from: "    await this.#skip(moment);\n", to: "" }],
    seed: 27,
    slots: 9,
    faults: ["crashes"],
    caughtBy: /certified at once/,
  },
  {
    name: "small-quorum",
    rule: "a certificate takes more than two thirds",
    edits: [
      {
        file: `${AGENT}/pipeline/ballots.ts`,
        from: "if (ballots.length < quorum) return undefined;",
        to: "if (ballots.length < quorum - 1) return undefined;",
      },
    ],
    seed: 1,
    slots: 6,
    faults: [],
    caughtBy: LOST,
  },
  {
    name: "discards-forget",
    rule: "the transactions of what is discarded come back",
    edits: [
      {
        file: `${AGENT}/pipeline/keeper.ts`,
        from: "if (gone.length > 0) await mempool.onDiscard(await this.#transactionsOf(gone));",
        to: "",
      },
    ],
    seed: 120,
    slots: 10,
    faults: ["missed"],
    caughtBy: /no transaction that was shown is lost/,
  },
  {
    name: "no-rescue",
    rule: "what missed its slot is landed in the next one",
    edits: [
      {
        file: `${AGENT}/chain/publish.ts`,
        from: "return late(state, oldest, moment, timetable, isProposer, rank);",
        to: 'return { duty: "wait", reason: "nobody rescues" };',
      },
    ],
    seed: 91,
    slots: 9,
    faults: ["missed"],
    caughtBy: /what is certified lands/,
  },
];
