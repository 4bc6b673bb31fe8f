import type { SlotReport, Totals } from "./report.ts";
import type { Check } from "./scenarios/interface.ts";

interface Column {
  title: string;
  width: number;
  /** Numbers stand to the right. */
  right?: boolean;
  value(row: SlotReport): string;
}

const ABSENT = "-";

const COLUMNS: Column[] = [
  { title: "slot", width: 5, right: true, value: (row) => String(row.slot) },
  { title: "built by", width: 9, value: (row) => row.proposer },
  { title: "blocks", width: 6, right: true, value: (row) => (row.status === "lost" ? ABSENT : String(row.blocks)) },
  { title: "txs", width: 5, right: true, value: (row) => (row.status === "lost" ? ABSENT : String(row.txs)) },
  {
    title: "signed",
    width: 7,
    right: true,
    value: (row) => (row.status === "lost" ? ABSENT : `${row.signers}/${row.validators}`),
  },
  { title: "landed by", width: 9, value: (row) => row.submitter ?? ABSENT },
  { title: "when", width: 13, value: landing },
  { title: "L1 gas", width: 8, right: true, value: (row) => grouped(row.gasUsed) },
  { title: "L1 block", width: 8, right: true, value: (row) => (row.l1Block === null ? ABSENT : String(row.l1Block)) },
];

/** The head of the per-slot table; `tips` stands last because its width varies. */
export function tableHeader(): string {
  const titles = COLUMNS.map((column) => pad(column.title, column));
  return `${titles.join("  ")}  tips (head/proposed/attested/submitted/settled)`;
}

export function tableRow(row: SlotReport, tips: string): string {
  return `${COLUMNS.map((column) => pad(column.value(row), column)).join("  ")}  ${tips}`;
}

/** A line for each check; what was found stands under the same column. */
export function verdictLines(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ what }) => what.length));
  return checks.map(({ what, ok, found }) => `${ok ? "ok    " : "FAILED"}  ${what.padEnd(width)}  ${found}`);
}

/** The summary after the last slot. */
export function summaryLines(totals: Totals, complaints: readonly string[]): string[] {
  const { load } = totals;
  const perCheckpoint = totals.submitted === 0 ? 0 : Math.round(totals.gasUsed / totals.submitted);
  const first = totals.firstCheckpointSeconds;
  return [
    `checkpoints   ${totals.submitted} of ${totals.slots} on L1: ${totals.onTime} on time, ${totals.late} late, ${totals.lost} lost`,
    `L2            ${totals.blocks} blocks, ${totals.txs} transactions`,
    `load          ${load.sent} sent, ${load.landed} in checkpoints on L1, ${load.lost} lost, ${load.resent} sent again`,
    `L1 gas        ${grouped(perCheckpoint)} a checkpoint`,
    ...(first === null ? [] : [`first landing ${first.toFixed(0)} s after the start`]),
    ...(complaints.length === 0
      ? ["result        ok"]
      : ["result        not as it should be", ...complaints.map((complaint) => `              - ${complaint}`)]),
  ];
}

function landing(row: SlotReport): string {
  if (row.status === "lost") return "lost";
  return `${row.onTime ? "on time" : "late"}${row.batch ? ", batch" : ""}`;
}

function grouped(value: number | null): string {
  return value === null ? ABSENT : value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

function pad(text: string, column: Column): string {
  return column.right ? text.padStart(column.width) : text.padEnd(column.width);
}
