import type { Check } from "./scenarios/interface.ts";

/** Name of the independent submitter among those who land checkpoints. */
export const THIRD_PARTY = "submitter";
/** Name of the one that lands what nobody signed. */
export const FORGER = "forger";

/** What one slot came to, as the table and `--json` show it. */
export interface SlotReport {
  slot: number;
  /** Name of the agent whose slot it was. */
  proposer: string;
  /** Name of the agent that landed it on L1, or `THIRD_PARTY`; null if nobody did. */
  submitter: string | null;
  onTime: boolean | null;
  /** Landed in one transaction with the checkpoint of the next slot or the one before. */
  batch: boolean;
  blocks: number;
  txs: number;
  /** Validators that signed, of all in the slot's set. */
  signers: number;
  validators: number;
  /** Gas of the L1 transaction; null if lost. */
  gasUsed: number | null;
  l1Block: number | null;
  status: "submitted" | "lost";
}

/** What became of the load's transactions. */
export interface LoadReport {
  sent: number;
  /** In a checkpoint on L1. */
  landed: number;
  /** Accepted by an agent and in no checkpoint at the end. */
  lost: number;
  /** Sent again because no block had shown them for a while. */
  resent: number;
}

export interface Totals {
  slots: number;
  submitted: number;
  onTime: number;
  late: number;
  lost: number;
  blocks: number;
  txs: number;
  /** Sum over the L1 transactions, each counted once. */
  gasUsed: number;
  /** From the launcher's start to the first checkpoint on L1; null if there was none. */
  firstCheckpointSeconds: number | null;
  load: LoadReport;
}

/** What `--json` writes. */
export interface DevnetReport {
  slots: SlotReport[];
  totals: Totals;
  /** What was asked of the run, and what there was. Of a run that was stopped before its time, less is asked. */
  checks: Check[];
  /** The checks that failed, in words; empty if all went as it should have. */
  complaints: string[];
}

export function totalsOf(rows: SlotReport[], load: LoadReport, firstCheckpointSeconds: number | null): Totals {
  const submitted = rows.filter((row) => row.status === "submitted");
  const gasByTransaction = new Map(submitted.map((row) => [`${row.l1Block}/${row.submitter}`, row.gasUsed ?? 0]));
  const sum = (value: (row: SlotReport) => number): number => submitted.reduce((total, row) => total + value(row), 0);
  return {
    slots: rows.length,
    submitted: submitted.length,
    onTime: submitted.filter((row) => row.onTime === true).length,
    late: submitted.filter((row) => row.onTime === false).length,
    lost: rows.length - submitted.length,
    blocks: sum((row) => row.blocks),
    txs: sum((row) => row.txs),
    gasUsed: [...gasByTransaction.values()].reduce((total, gas) => total + gas, 0),
    firstCheckpointSeconds,
    load,
  };
}
