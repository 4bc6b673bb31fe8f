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
    name: "refuted-stay",
    rule: "what a certificate shows to be without a future is discarded",
    edits: [
      edit("agent/chain/certificates.ts", 'if (skipped !== undefined) return discardFrom(state, at, "skipped");\n'),
    ],
    scenario: "silent",
    caughtBy: /what is skipped is left/,
  },
];
