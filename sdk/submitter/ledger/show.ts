import { formatEther } from "ethers";
import { type LedgerRow, type LedgerTotals, profitWei } from "./state.ts";

interface Column {
  title: string;
  width: number;
  value(row: LedgerRow): string;
}

const ABSENT = "-";
/** Digits of an amount after the point: a millionth of a gwei-priced transaction does not matter to a reader. */
const DIGITS = 8;

const ether = (wei: bigint): string => {
  const [whole = "0", fraction = ""] = formatEther(wei).split(".");
  return `${whole}.${fraction.padEnd(DIGITS, "0").slice(0, DIGITS)}`;
};

const isLanded = (row: LedgerRow): boolean => row.result === "landed";
const isMined = (row: LedgerRow): boolean => row.transactions > 0;

/** Until it has settled, what was quoted stands for the credit. */
const profitOf = ({ creditedWei, quotedWei, costWei }: LedgerRow): bigint => (creditedWei ?? quotedWei) - costWei;

const COLUMNS: Column[] = [
  { title: "slot", width: 8, value: (row) => String(row.slot) },
  { title: "result", width: 8, value: ({ result }) => (result === "tooLate" ? "too late" : result) },
  { title: "sent", width: 4, value: (row) => (isMined(row) ? String(row.transactions) : ABSENT) },
  { title: "gas", width: 9, value: (row) => (isMined(row) ? String(row.gasUsed) : ABSENT) },
  { title: "cost (ETH)", width: 12, value: (row) => (isMined(row) ? ether(row.costWei) : ABSENT) },
  { title: "quote", width: 12, value: (row) => (isLanded(row) ? ether(row.quotedWei) : ABSENT) },
  {
    title: "credited",
    width: 12,
    value: ({ creditedWei }) => (creditedWei === undefined ? ABSENT : ether(creditedWei)),
  },
  { title: "profit", width: 12, value: (row) => (isMined(row) ? ether(profitOf(row)) : ABSENT) },
];

/** The books as a table, for people: a row per checkpoint, then the totals. Amounts in ether, cut, not rounded. */
export function ledgerLines(rows: readonly LedgerRow[], totals: LedgerTotals): string[] {
  const line = (cells: string[]): string => cells.join("  ").trimEnd();
  const { landed, lost, tooLate, passed, gasUsed, costWei, awaitedWei, creditedWei, claimedWei } = totals;
  return [
    line(COLUMNS.map(({ title, width }) => title.padStart(width))),
    ...rows.map((row) => {
      const cells = COLUMNS.map(({ value, width }) => value(row).padStart(width));
      return line(row.reason === undefined ? cells : [...cells, row.reason]);
    }),
    `${landed} landed, ${lost} lost, ${tooLate} too late, ${passed} passed; gas ${gasUsed}, cost ${ether(costWei)} ETH`,
    `credited ${ether(creditedWei)}, awaiting settlement ${ether(awaitedWei)}, claimed ${ether(claimedWei)}, ` +
      `profit ${ether(profitWei(totals))} ETH, ${ether(profitWei(totals) + awaitedWei)} once all has settled`,
  ];
}
