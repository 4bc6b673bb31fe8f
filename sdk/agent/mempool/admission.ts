import type { AccountState, Entry } from "./account.ts";
import { type Book, FULL } from "./book.ts";
import { MempoolError } from "./interface.ts";

/**
 * Puts a checked entry into the book, in the place of the one it replaces and of the cheapest tails if the pool is full.
 * Throws MempoolError "pool-full" if it is itself the cheapest; then everything is as it was.
 */
export function admit(book: Book, entry: Entry, state: AccountState): void {
  const { contents } = book;
  const replaced = contents.accounts.get(entry.from)?.get(entry.nonce);
  const line = replaced?.preconfirmed ? [...contents.line()] : [];
  if (replaced !== undefined) contents.detach(replaced);
  contents.attach(entry, state);
  const evicted: { victim: Entry; state: AccountState }[] = [];
  while (book.isOverBounds()) {
    const victim = contents.cheapest();
    if (victim === undefined || victim === entry) {
      contents.detach(entry);
      if (replaced !== undefined) contents.attach(replaced, state);
      for (const kept of evicted) contents.attach(kept.victim, kept.state);
      contents.prependToLine(line);
      throw new MempoolError("pool-full", `${FULL}; raise the tip or try later`);
    }
    evicted.push({ victim, state: contents.accounts.get(victim.from)?.state ?? state });
    contents.detach(victim);
  }
  if (replaced !== undefined) book.remember(replaced, "replaced", `replaced by ${entry.hash}`);
  for (const { victim } of evicted) book.remember(victim, "evicted", FULL);
  book.departed.forget(entry.hash);
  book.changed();
}
