/** How many tests mocha's spec reporter said passed and failed. */
export interface Totals {
  passed: number;
  failed: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour their output with this very character
const COLOUR = /\u001b\[[0-9;]*m/g;

/** Reads the totals out of a reporter's output; undefined if it printed none, as when mocha found no file. */
export function readTotals(output: string): Totals | undefined {
  const plain = output.replace(COLOUR, "");
  const sum = (word: string): number | undefined => {
    const lines = [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))];
    return lines.length === 0 ? undefined : lines.reduce((total, line) => total + Number(line[1]), 0);
  };
  const passed = sum("passing");
  return passed === undefined ? undefined : { passed, failed: sum("failing") ?? 0 };
}
