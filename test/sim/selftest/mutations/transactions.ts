import { edit, type Mutation } from "./interface.ts";

/** Transactions that were shown, and what comes from L1 (design, 5.2 and 3.5). */
export const TRANSACTIONS: Mutation[] = [
  {
    name: "replays-last",
    rule: "transactions that were shown come first when they come again",
    edits: [edit("agent/mempool/contents.ts", "    this.#line = front;\n")],
    scenario: "dead",
    caughtBy: /replayed first, in order/,
  },
  {
    name: "replays-backwards",
    rule: "transactions that were shown come again in the old order",
    edits: [edit("agent/mempool/heads.ts", "line.push(entry)", "line.unshift(entry)")],
    scenario: "dead",
    caughtBy: /replayed first, in order/,
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
    name: "inbox-early",
    rule: "a checkpoint consumes what L1 was sent before its cut-off, and nothing else",
    edits: [
      edit(
        "agent/l1/inbox.ts",
        ".message.timestamp < cutOffSec) count++",
        ".message.timestamp < cutOffSec + 12) count++",
      ),
    ],
    scenario: "quiet",
    caughtBy: /what is due of the inbox is consumed/,
  },
  {
    name: "inbox-at-will",
    rule: "blocks that leave out a message of the inbox are refused",
    edits: [
      edit(
        "agent/pipeline/proposer.ts",
        "attributesOf(rules, duty.slot, index, coinbase, share)",
        "attributesOf(rules, duty.slot, index, coinbase, { ...share, withdrawals: share.withdrawals.slice(1) })",
      ),
      edit(
        "agent/pipeline/rules.ts",
        "if (!sameWithdrawals(payload.withdrawals, expected.withdrawals)) {",
        "if (!share) {",
      ),
    ],
    scenario: "quiet",
    caughtBy: /each deposit is credited once|what is due of the inbox/,
  },
  {
    name: "forced-left-out",
    rule: "blocks that leave out what is forced and valid are refused",
    edits: [
      edit("agent/pipeline/rules.ts", "    forced,\n  };", "    forced: [],\n  };"),
      edit("agent/pipeline/follower.ts", "newPayload(payload, share.forced)", "newPayload(payload, [])"),
    ],
    scenario: "quiet",
    caughtBy: /what is forced and valid is executed/,
  },
];
