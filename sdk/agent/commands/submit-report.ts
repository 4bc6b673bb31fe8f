import { formatEther } from "ethers";
import { ledgerLines } from "../../submitter/ledger/show.ts";
import type { LedgerRow, LedgerTotals } from "../../submitter/ledger/state.ts";
import type { SubmitterReport } from "../../submitter/submitter.ts";

/** How the command tells what it does. */
export interface SubmitPrinter {
  report(report: SubmitterReport): void;
  ledger(rows: readonly LedgerRow[], totals: LedgerTotals): void;
}

type Print = (line: string) => void;

/** One JSON object a line, amounts as decimal strings. */
export function jsonPrinter(print: Print): SubmitPrinter {
  const line = (value: object): void =>
    print(JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item)));
  return {
    report: (report) => line({ type: "step", ...report }),
    ledger: (rows, totals) => line({ type: "ledger", rows, totals }),
  };
}

/** A line when something has changed, and the books as a table. */
export function textPrinter(print: Print): SubmitPrinter {
  let last = "";
  return {
    report(report) {
      const text = describe(report);
      if (text !== last && text !== "") print(text);
      last = text;
      for (const row of report.decided) print(`slot ${row.slot}: ${row.result}`);
    },
    ledger: (rows, totals) => ledgerLines(rows, totals).forEach(print),
  };
}

function describe({ slot, choice, prospects, outcome, troubles }: SubmitterReport): string {
  const [next] = prospects;
  const profit = next === undefined ? "" : `, profit in the next block ${formatEther(next.profitWei)} ETH`;
  const chosen = choice?.action === "hold" ? choice.reason : choice?.action;
  const parts = [
    ...(chosen === undefined ? [] : [`slot ${slot}: ${chosen}${profit}`]),
    ...(outcome?.status === "sent" ? [`${outcome.action}: transaction ${outcome.hash}`] : []),
    ...(outcome?.status === "refused" || outcome?.status === "unanswered" ? [`not accepted: ${outcome.reason}`] : []),
    ...troubles,
  ];
  return parts.join("; ");
}
