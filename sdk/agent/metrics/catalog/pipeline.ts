import type { BuildTrigger } from "../../chain/duties.ts";
import type { DiscardReason } from "../../chain/state.ts";
import type { GuardError, SignerError } from "../../guard/interface.ts";
import type { Duty } from "../../pipeline/events.ts";
import type { MissCode } from "../../pipeline/missed.ts";
import type { Tips } from "../../types/tips.ts";
import { allOf, type MetricSpec } from "../spec.ts";

/** What the agent did in another way than the best one. */
export type Fallback = "predecessor-silent" | "checkpoint-from-blobs" | "rescue-alone";

const TIPS = allOf<keyof Tips>()("head", "proposed", "attested", "submitted", "settled", "finalized");

/** Depths that are told apart; the last one stands for all above it, which an L1 reorg can bring about. */
export const DEPTHS = ["0", "1", "2", "3", "4"] as const;

/** The chain as this agent holds it, and what its validators do for it. */
export const PIPELINE_METRICS = {
  baton_slot: { type: "gauge", unit: "slot", meaning: "The slot it is now, by this machine's clock.", labels: {} },
  baton_behind: {
    type: "gauge",
    unit: "yes or no",
    meaning: "L1 holds checkpoints whose data is not here: the agent neither builds nor votes.",
    labels: {},
  },
  baton_tip_slot: { type: "gauge", unit: "slot", meaning: "How far the chain has come.", labels: { tip: TIPS } },
  baton_tip_block: { type: "gauge", unit: "block", meaning: "The same in L2 blocks.", labels: { tip: TIPS } },
  baton_speculative_depth: {
    type: "gauge",
    unit: "1",
    meaning: "Checkpoints here that are not on L1, the one being built included.",
    labels: {},
  },
  baton_speculative_depth_seconds_total: {
    type: "counter",
    unit: "seconds",
    meaning: "Time spent at each speculative depth; 4 stands for more as well.",
    labels: { depth: DEPTHS },
  },
  baton_blocks_total: {
    type: "counter",
    unit: "1",
    meaning: "Blocks executed here that became part of the chain; after a discard, those in their place as well.",
    labels: {},
  },
  baton_transactions_total: { type: "counter", unit: "1", meaning: "L2 transactions in them.", labels: {} },
  baton_proposals_total: {
    type: "counter",
    unit: "1",
    meaning: "Checkpoint proposals that fit what was executed here.",
    labels: {},
  },
  baton_certificates_total: {
    type: "counter",
    unit: "1",
    meaning: "Checkpoints held here that a quorum was seen to have attested.",
    labels: {},
  },
  baton_discards_total: {
    type: "counter",
    unit: "1",
    meaning: "Checkpoints that left the chain; the reasons are those of protocol.md.",
    labels: {
      reason: allOf<DiscardReason>()(
        "dead",
        "superseded",
        "skipped",
        "equivocated",
        "uncertified",
        "parent-discarded",
        "l1-differs",
        "removed-on-l1",
        "rebuilt",
      ),
    },
  },
  baton_discarded_blocks_total: { type: "counter", unit: "1", meaning: "Blocks in them.", labels: {} },
  baton_builds_total: {
    type: "counter",
    unit: "1",
    meaning: "Checkpoints that this agent began to build, by what made it begin.",
    labels: { trigger: allOf<BuildTrigger>()("parent-complete", "parent-on-l1", "parent-silent", "resumed") },
  },
  baton_overlap_seconds: {
    type: "histogram",
    unit: "seconds",
    meaning:
      "Dead time recovered in an own build slot: from the start of building until the checkpoint below was seen on L1, or the build slot ended.",
    labels: {},
    buckets: [0, 1, 2, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64, 72],
  },
  baton_votes_total: {
    type: "counter",
    unit: "1",
    meaning: "Votes signed by this agent's validators.",
    labels: { kind: ["attestation", "skip"] },
  },
  baton_missed_duties_total: {
    type: "counter",
    unit: "1",
    meaning: "Duties of this agent's validators that were not done in time; the log has the details.",
    labels: {
      duty: allOf<Duty>()("build", "propose", "attest", "publish"),
      code: allOf<MissCode>()(
        "off-duty",
        "not-begun",
        "dropped",
        "no-attempt",
        "too-late",
        "parent-silent",
        "inbox-unread",
        "guard",
        "clock",
        "signer",
        "not-attestable",
        "nothing-to-attest",
        "not-sent",
        "not-mined",
        "failed",
      ),
    },
  },
  baton_fallbacks_total: {
    type: "counter",
    unit: "1",
    meaning:
      "What was done in a second-best way: built without a predecessor that kept silent; a landed checkpoint put together from blobs, as no peer served it; a predecessor's checkpoint sent alone, its own not being certified.",
    labels: { reason: allOf<Fallback>()("predecessor-silent", "checkpoint-from-blobs", "rescue-alone") },
  },
  baton_signatures_refused_total: {
    type: "counter",
    unit: "1",
    meaning: "Signatures asked for and not given, by the guard or the signer.",
    labels: {
      code: allOf<GuardError["code"] | SignerError["code"]>()(
        "conflict",
        "older-than-used",
        "older-than-held",
        "exported",
        "used",
        "listening",
        "doppelganger",
        "clock",
        "foreign",
        "missing",
        "invalid-row",
        "in-use",
        "corrupt",
        "schema-version",
        "closed",
        "busy",
        "unavailable",
        "unauthorized",
        "bad-request",
        "unknown-key",
        "wrong-rollup",
        "bad-signature",
      ),
    },
  },
} as const satisfies Record<string, MetricSpec>;
