import { FileTransactionJournal } from "../../../../sdk/agent/store/transaction-journal.ts";

// Appends transactions until it is killed, and says which one is kept; now and then it rewrites the file.
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const journal = new FileTransactionJournal(process.argv[2] as string, quiet);
const kept = journal.read();
for (let number = (kept.at(-1)?.addedMs ?? 0) + 1; ; number++) {
  const one = { raw: `0x${"ab".repeat(1_000 + (number % 7))}` as const, addedMs: number };
  kept.push(one);
  journal.append(one);
  if (number % 10 === 0) {
    kept.splice(0, kept.length - 20);
    journal.replace(kept);
  }
  process.stdout.write(`${number}\n`);
}
