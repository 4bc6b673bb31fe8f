import type { LandedBy } from "../../chain/state.ts";
import type { L1Task } from "../../pipeline/events.ts";
import { allOf, type MetricSpec } from "../spec.ts";

const WHO = {
  by: allOf<LandedBy>()("proposer", "successor", "other"),
  own: ["yes", "no"],
} as const;
const ENDPOINT = { endpoint: { onePer: "configured L1 node" } } as const;
const ACCOUNT = { account: { onePer: "configured L1 account" } } as const;

/** L1: what lands there, what it costs, and the nodes and accounts by which this agent deals with it. */
export const L1_METRICS = {
  baton_landings_total: {
    type: "counter",
    unit: "1",
    meaning:
      "Checkpoints seen landing: in their slot (by the proposer), late while the credit was the successor's, or later; `own` where this agent's account sent it.",
    labels: WHO,
  },
  baton_landing_cost_wei_total: {
    type: "counter",
    unit: "wei",
    meaning: "Fees of the transactions that landed them, blobs included; of a batch once, under its first checkpoint.",
    labels: WHO,
  },
  baton_landing_paid_wei_total: {
    type: "counter",
    unit: "wei",
    meaning: "To be paid to whom they name, for landing them late or by an agreed share.",
    labels: WHO,
  },
  baton_landing_charged_wei_total: {
    type: "counter",
    unit: "wei",
    meaning: "To be taken for that from their proposers' rewards; the rest of it is burned.",
    labels: WHO,
  },
  baton_l1_transactions_total: {
    type: "counter",
    unit: "1",
    meaning: "Transactions handed to L1, replacements included, and what the L1 node said.",
    labels: {
      task: allOf<L1Task>()("landing", "challenge", "cure", "pruning", "poke", "settlement", "evidence", "claim"),
      outcome: ["sent", "refused", "unanswered"],
    },
  },
  baton_l1_block: { type: "gauge", unit: "block", meaning: "The newest L1 block taken in.", labels: {} },
  baton_l1_block_time_seconds: { type: "gauge", unit: "Unix seconds", meaning: "Its timestamp.", labels: {} },
  baton_l1_reorgs_total: { type: "counter", unit: "1", meaning: "Times that L1 went back.", labels: {} },
  baton_l1_switches_total: {
    type: "counter",
    unit: "1",
    meaning: "Times that L1 came to be read from another node.",
    labels: {},
  },
  baton_l1_node_sound: {
    type: "gauge",
    unit: "yes or no",
    meaning: "The node answers, within its limits, what it should: on the chain of the others, and up with it.",
    labels: ENDPOINT,
  },
  baton_l1_node_in_use: { type: "gauge", unit: "yes or no", meaning: "L1 is read from it now.", labels: ENDPOINT },
  baton_l1_node_failures_total: {
    type: "counter",
    unit: "1",
    meaning: "Calls to which it gave no usable answer.",
    labels: ENDPOINT,
  },
  baton_l1_account_balance_wei: {
    type: "gauge",
    unit: "wei",
    meaning: "Balance of an account, at the last look.",
    labels: ACCOUNT,
  },
  baton_l1_account_bonded: {
    type: "gauge",
    unit: "yes or no",
    meaning: "Its landings are not verified by L1.",
    labels: ACCOUNT,
  },
  baton_l1_landings_left: {
    type: "gauge",
    unit: "1",
    meaning: "Landings that the accounts pay for at the prices of the last look.",
    labels: {},
  },
} as const satisfies Record<string, MetricSpec>;
