import { edit, type Mutation } from "./interface.ts";

/** What a discard takes with it (design, 5.5). */
export const DISCARDS: Mutation[] = [
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
  {
    name: "jobs-stay",
    rule: "what is built on a chain that is gone ends",
    edits: [
      edit(
        "agent/pipeline/proposer.ts",
        'if (!this.#isCurrent(job)) this.#drop(job, "the chain below the checkpoint changed");\n      else job',
        "job",
      ),
    ],
    scenario: "undecided",
    caughtBy: /nobody builds on what is gone/,
  },
  {
    name: "refuted-stay",
    rule: "what a certificate shows to be without a future is discarded",
    edits: [
      edit("agent/chain/certificates.ts", 'if (skipped !== undefined) return discardFrom(state, at, "skipped");\n'),
    ],
    scenario: "silent",
    caughtBy: /what is skipped is left/,
  },
];
