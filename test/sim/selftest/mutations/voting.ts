import { edit, type Mutation } from "./interface.ts";

/** Attesting, skipping, certificates (design, 5.3). */
export const VOTING: Mutation[] = [
  {
    name: "open-window",
    rule: "a proposal counts only inside its window",
    edits: [
      edit(
        "agent/pipeline/intake.ts",
        "if (nowMs > toMs + slackMs) return",
        "if (nowMs > toMs + 1_000 * slackMs) return",
      ),
    ],
    scenario: "slow",
    caughtBy: /what is accepted is accepted in its time/,
  },
  {
    name: "takes-late",
    rule: "what a peer serves counts in the same window, and after it only with a certificate",
    edits: [
      edit("agent/chain/missing.ts", "certificateOf(state, slot) !== undefined || nowMs <= acceptedUntilMs;", "true;"),
    ],
    scenario: "latecomer",
    caughtBy: /what is accepted is accepted in its time/,
  },
  {
    name: "believes-proposals",
    rule: "a proposal that re-execution contradicts is refused",
    edits: [
      edit(
        "agent/pipeline/follower.ts",
        "    if (wrong !== undefined) return this.#refuse(slot, wrong.reason, wrong.code);\n",
      ),
    ],
    scenario: "blobs",
    caughtBy: /lands/,
  },
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
    name: "attests-and-skips",
    rule: "a validator signs one of an attestation and a skip for a slot",
    edits: [
      edit(
        "agent/pipeline/own-votes.ts",
        "const key = keyOf(slot, signer.publicKey);\n      if (",
        "const key = kind + keyOf(slot, signer.publicKey);\n      if (",
      ),
      edit(
        "agent/pipeline/own-votes.ts",
        "isOpen(slot: number): boolean {",
        "isOpen(slot: number): boolean {\n    return true;",
      ),
      edit("agent/guard/table.ts", 'if (row.kind !== "attestation" && row.kind !== "skip") return;', "return;"),
    ],
    scenario: "undecided",
    caughtBy: /no validator signs twice/,
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
    caughtBy: /a successor rescues/,
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
    scenario: "undecided",
    caughtBy: /what is attested is attestable.*neither skipped nor dead/,
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
    caughtBy: /what is attested is attestable/,
  },
  {
    name: "orphans-attested",
    rule: "what stands on a checkpoint without certificate is not attested",
    edits: [edit("agent/chain/proposals.ts", "  if (!standsOnCertified(state, slot)) return false;\n")],
    scenario: "sluggish",
    caughtBy: /what is attested is attestable.*no certificate/,
  },
  {
    name: "attests-late",
    rule: "what became attestable after its deadline is not attested",
    edits: [
      edit(
        "agent/pipeline/attester.ts",
        "      if (moment.nowMs > timetable.of(slot).attestationDeadlineMs) continue;\n",
      ),
    ],
    scenario: "delayed",
    caughtBy: /what is attested is attestable.*deadline/,
  },
  {
    name: "attests-once",
    rule: "what is not attestable yet is attested when it becomes so",
    edits: [
      edit(
        "agent/pipeline/attester.ts",
        "timetable.of(slot).attestationDeadlineMs) continue;",
        "timetable.of(slot).proposalDeadlineMs) continue;",
      ),
    ],
    scenario: "undecided",
    caughtBy: /what can be attested is attested/,
  },
  {
    name: "gives-up-early",
    rule: "what has no certificate yet is kept until none can be expected",
    edits: [edit("agent/chain/certificates.ts", "attestationDeadlineMs + graceMs,", "proposalDeadlineMs + graceMs,")],
    scenario: "undecided",
    caughtBy: /what may still be certified is kept/,
  },
  {
    name: "never-gives-up",
    rule: "what got no certificate in time is left",
    edits: [
      edit(
        "agent/chain/certificates.ts",
        "attestationDeadlineMs + graceMs,",
        "attestationDeadlineMs + 1_000 * graceMs,",
      ),
    ],
    scenario: "undecided",
    caughtBy: /what nobody certified is left/,
  },
  {
    name: "asks-nobody",
    rule: "what gossip did not bring is asked for",
    edits: [
      edit(
        "agent/pipeline/catch-up.ts",
        "const missing = missingSlots(keeper.state, moment, timetable);",
        "const missing = missingSlots(keeper.state, moment, timetable).slice(9);",
      ),
    ],
    scenario: "apart",
    caughtBy: /what is certified is everywhere/,
  },
];
