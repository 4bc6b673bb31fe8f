import type { Hex } from "../../types/hex.ts";
import type { ErrandEntry, LandingResult, LedgerEntry, ResultEntry } from "./entries.ts";

/** One checkpoint in the books. */
export interface LedgerRow extends Omit<ResultEntry, "type" | "result"> {
  slot: number;
  blobCount: number;
  expectedWei: bigint;
  /** `sent`: nothing is decided yet; `passed`: never sent. */
  result: LandingResult | "sent" | "passed";
  /** Why it was never sent. */
  reason: string | undefined;
  /** Credited by settling; undefined until it has settled. */
  creditedWei: bigint | undefined;
}

/** Sums over everything ever written, rows that were dropped included. */
export interface LedgerTotals {
  landed: number;
  lost: number;
  tooLate: number;
  passed: number;
  gasUsed: number;
  /** Of every transaction, claims and bonds included. */
  costWei: bigint;
  /** Quoted for landings that have not settled. */
  awaitedWei: bigint;
  creditedWei: bigint;
  claimedWei: bigint;
  claims: number;
  bonds: number;
}

/** What the books say. */
export interface LedgerState {
  /** Ascending by slot, the newest `MAX_ROWS`. */
  rows: LedgerRow[];
  totals: LedgerTotals;
}

/** Rows kept in memory; older settled ones count in the totals only. */
export const MAX_ROWS = 1_024;

export const EMPTY_LEDGER: LedgerState = {
  rows: [],
  totals: {
    landed: 0,
    lost: 0,
    tooLate: 0,
    passed: 0,
    gasUsed: 0,
    costWei: 0n,
    awaitedWei: 0n,
    creditedWei: 0n,
    claimedWei: 0n,
    claims: 0,
    bonds: 0,
  },
};

/** What a row says before anything of it is in the chain. */
const NOTHING_YET = {
  transactions: 0,
  gasUsed: 0,
  costWei: 0n,
  quotedWei: 0n,
  number: 0,
  l1Block: 0,
  reason: undefined,
  creditedWei: undefined,
};

/** What all of it has brought so far: credits less costs, wei. */
export const profitWei = ({ creditedWei, costWei }: LedgerTotals): bigint => creditedWei - costWei;

/** Pure: the books after one more entry. */
export function book(state: LedgerState, entry: LedgerEntry): LedgerState {
  switch (entry.type) {
    case "bid": {
      const { type: _, ...fields } = entry;
      return withRow(state, { ...NOTHING_YET, ...fields, result: "sent" });
    }
    case "passed": {
      const { type: _, ...fields } = entry;
      const next = withRow(state, { ...NOTHING_YET, ...fields, blobCount: 0, expectedWei: 0n, result: "passed" });
      return { ...next, totals: { ...next.totals, passed: next.totals.passed + 1 } };
    }
    case "result":
      return resulted(state, entry);
    case "settled":
      return settled(state, entry.digest, entry.creditedWei);
    case "errand":
      return { ...state, totals: withErrand(state.totals, entry) };
  }
}

/** A row takes the place of an earlier one of its checkpoint, which an L1 reorg has made worth another bid. */
function withRow(state: LedgerState, row: LedgerRow): LedgerState {
  const rows = [...state.rows.filter(({ digest }) => digest !== row.digest), row];
  rows.sort((a, b) => a.slot - b.slot);
  return { ...state, rows: rows.slice(-MAX_ROWS) };
}

function resulted(state: LedgerState, { type: _, ...fields }: ResultEntry): LedgerState {
  const { result, gasUsed, costWei, quotedWei } = fields;
  const { totals } = state;
  return {
    rows: state.rows.map((row) => (row.digest === fields.digest ? { ...row, ...fields } : row)),
    totals: {
      ...totals,
      [result]: totals[result] + 1,
      gasUsed: totals.gasUsed + gasUsed,
      costWei: totals.costWei + costWei,
      awaitedWei: totals.awaitedWei + quotedWei,
    },
  };
}

function settled(state: LedgerState, digest: Hex, creditedWei: bigint): LedgerState {
  const quotedWei = state.rows.find((row) => row.digest === digest)?.quotedWei ?? 0n;
  const { totals } = state;
  return {
    rows: state.rows.map((row) => (row.digest === digest ? { ...row, creditedWei } : row)),
    totals: {
      ...totals,
      awaitedWei: totals.awaitedWei - quotedWei,
      creditedWei: totals.creditedWei + creditedWei,
    },
  };
}

function withErrand(totals: LedgerTotals, { purpose, gasUsed, costWei, amountWei }: ErrandEntry): LedgerTotals {
  const isClaim = purpose === "claim";
  return {
    ...totals,
    gasUsed: totals.gasUsed + gasUsed,
    costWei: totals.costWei + costWei,
    claimedWei: totals.claimedWei + (isClaim ? amountWei : 0n),
    claims: totals.claims + (isClaim ? 1 : 0),
    bonds: totals.bonds + (isClaim ? 0 : 1),
  };
}
