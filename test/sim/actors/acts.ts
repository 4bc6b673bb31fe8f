/** What a proposer can do wrong. Each costs it slots of its own, and nobody else any. */
export const PROPOSER_ACTS = [
  /** Two last blocks, and a proposal on each, shown to different halves. */
  "two-blocks",
  /** Two proposals of the same blocks, shown to different halves. */
  "two-proposals",
  /** The proposal goes out in the last milliseconds of its window, or just after it. */
  "withholds",
  /** The same, to one other agent only. */
  "leaks",
  /** The proposal names blobs that are not those of its blocks. */
  "other-blobs",
  /** A block claims another state than its transactions lead to. */
  "wrong-state",
  /** The first block leaves out what the inbox forces upon it. */
  "skips-forced",
  /** The first block leaves out a message of the inbox, or takes one that does not exist. */
  "wrong-inbox",
  /** The first block stands on the grandparent. */
  "wrong-parent",
  /** A second attempt begins in the middle of the first, on the same parent. */
  "same-parent-again",
  /** A second attempt begins after the proposal was signed. */
  "spent-slot-again",
  /** Shows nothing at all. */
  "silent",
  /** Blocks, and no proposal. */
  "no-proposal",
  /** Never sends what it proposed to L1. */
  "never-publishes",
  /** Takes its predecessor for silent, whatever that one says. */
  "impatient",
] as const;

/** What an attester can do wrong. */
export const ATTESTER_ACTS = [
  "attests-and-skips",
  "garbage-votes",
  "no-votes",
  /** Votes and certificates go to one other agent only. */
  "hides-certificate",
] as const;

/** What whoever sends to L1 can do wrong; `forges` and `copies` are a bonded submitter's without a validator. */
export const SUBMITTER_ACTS = [
  /** Lands what nobody signed. */
  "forges",
  /** Sends others' submissions, too: at once for a higher price, and again when they are stale. */
  "copies",
  /** Its own submission leaves in the last moment of its slot, or in the handoff. */
  "last-second",
  /** Each of its transactions is sent twice. */
  "double-sends",
] as const;

/** What any peer can do wrong. */
export const PEER_ACTS = [
  /** Garbage, oversized, old and future messages on every topic, and requests without end. */
  "floods",
  /** Serves checkpoints without some of their parts. */
  "half-present",
  /** Serves others than those asked for, or bytes that mean nothing, or waits. */
  "false-answers",
] as const;

export const ACTS = [...PROPOSER_ACTS, ...ATTESTER_ACTS, ...SUBMITTER_ACTS, ...PEER_ACTS] as const;
export type Act = (typeof ACTS)[number];
