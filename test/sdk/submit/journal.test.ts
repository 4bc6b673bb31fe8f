import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SubmitError } from "../../../sdk/submit/errors.ts";
import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import { EMPTY_STATE, entriesOf, MAX_CLOSED, reduce } from "../../../sdk/submit/journal/state.ts";
import { upgraded } from "../../../sdk/submit/journal/versions.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { GWEI, mined, sent, stateOf, word } from "./fixtures.ts";

const account: Hex = "0x00000000000000000000000000000000000000aa";

/** Every kind of entry once. */
const story: TransactionEntry[] = [
  ...sent(5, 1),
  { type: "passed", hash: word(1), blockNumber: 100, baseFeeWei: 30n * GWEI, blobBaseFeeWei: 1n, priorityFeeWei: 2n },
  sent(5, 2)[0] as TransactionEntry,
  { type: "refused", hash: word(2), reason: "replacement transaction underpriced" },
  sent(5, 3)[0] as TransactionEntry,
  { type: "unanswered", hash: word(3), reason: "timeout" },
  mined(5, 1, 101),
  { type: "unmined", nonce: 5 },
  { ...mined(5, 1, 102), blobGasPriceWei: 7n } as TransactionEntry,
  { type: "closed", nonce: 5, outcome: "mined" },
  ...sent(6, 4),
  { type: "spent", nonce: 6, blockNumber: 103 },
];

function errorOf(action: () => unknown): SubmitError {
  try {
    action();
  } catch (error) {
    if (error instanceof SubmitError) return error;
    throw error;
  }
  throw new Error("expected a SubmitError, nothing was thrown");
}

describe("journal", () => {
  let folder: string;
  let path: string;
  const open = (compactBytes?: number) =>
    openJournal({ path, chainId: 1, account, ...(compactBytes === undefined ? {} : { compactBytes }) });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baton-journal-"));
    path = join(folder, "l1.journal");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function writeStory(): void {
    const journal = open();
    for (const entry of story) journal.append(entry);
    journal.close();
  }

  it("gives back after a restart what it was given, amounts to the wei", () => {
    writeStory();
    const journal = open();
    expect(journal.state).to.deep.equal(stateOf(...story));
    expect(journal.state.records[0]?.mined?.blobGasPriceWei).to.equal(7n);
    journal.close();
  });

  it("cut off at any byte it opens with exactly the entries that were whole", () => {
    writeStory();
    const bytes = readFileSync(path);
    const header = bytes.indexOf(0x0a) + 1;
    for (let size = 0; size <= bytes.length; size++) {
      writeFileSync(path, bytes.subarray(0, size));
      const whole = bytes.subarray(header, size).toString().split("\n").length - 1;
      const journal = open();
      expect(journal.state, `cut at ${size}`).to.deep.equal(stateOf(...(size < header ? [] : story.slice(0, whole))));
      journal.close();
    }
  });

  it("goes on after a cut: the unfinished line is gone, the next one is readable", () => {
    writeStory();
    truncateSync(path, statSync(path).size - 3);
    const journal = open();
    const added = sent(7, 9)[0] as TransactionEntry;
    journal.append(added);
    journal.close();
    const again = open();
    expect(again.state).to.deep.equal(stateOf(...story.slice(0, -1), added));
    again.close();
  });

  it("refuses a file in which any one byte of a whole line changed", () => {
    writeStory();
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      // The very last byte is the newline: without it the line is an unfinished one.
      if (at === bytes.length - 1) continue;
      writeFileSync(path, changed);
      expect(errorOf(open).code, `byte ${at}`).to.equal("journal-corrupt");
    }
  });

  it("refuses a file from whose middle a line is missing", () => {
    writeStory();
    const lines = readFileSync(path, "utf8").split("\n");
    lines.splice(3, 1);
    writeFileSync(path, lines.join("\n"));
    expect(errorOf(open).message).to.match(/line 4: expected checksum/);
  });

  it("refuses another account's or another chain's file, and says both", () => {
    writeStory();
    const error = errorOf(() => openJournal({ path, chainId: 5, account }));
    expect(error.code).to.equal("journal-other-account");
    expect(error.message).to.contain("chain 5").and.to.contain("chain 1");
  });

  it("keeps a second writer out until the first has closed", () => {
    const first = open();
    expect(errorOf(open).code).to.equal("journal-locked");
    first.close();
    open().close();
  });

  it("a lock left by a process that is gone does not count", () => {
    writeStory();
    writeFileSync(`${path}.lock`, "4194305 1");
    open().close();
    writeFileSync(`${path}.lock`, `${process.pid} 1`);
    open().close();
    writeFileSync(`${path}.lock`, "");
    open().close();
  });

  it("refuses entries after it was closed", () => {
    const journal = open();
    journal.close();
    expect(errorOf(() => journal.append(story[0] as TransactionEntry)).code).to.equal("journal-closed");
  });

  it("compacts to what the state needs, keeps that state, and stays under a bound for ever", () => {
    const limit = 20_000;
    const journal = open(limit);
    let largest = 0;
    for (let nonce = 0; nonce < 500; nonce++) {
      const closed = { type: "closed", nonce, outcome: "mined" } as const;
      for (const entry of [...sent(nonce, nonce), mined(nonce, nonce, nonce), closed]) journal.append(entry);
      largest = Math.max(largest, statSync(path).size);
    }
    const { state } = journal;
    expect(state.records.map((r) => r.nonce)).to.deep.equal(Array.from({ length: MAX_CLOSED }, (_, i) => 468 + i));
    journal.close();
    expect(largest).to.be.lessThan(2 * limit);
    const again = open(limit);
    expect(again.state).to.deep.equal(state);
    again.close();
  });

  it("a crash during compaction leaves the old file in force", () => {
    writeStory();
    appendFileSync(`${path}.next`, "half a line");
    const journal = open();
    expect(journal.state).to.deep.equal(stateOf(...story));
    journal.close();
  });

  it("compaction writes entries that rebuild every state of the story", () => {
    let state = EMPTY_STATE;
    for (const entry of story) {
      state = reduce(state, entry);
      expect(entriesOf(state).reduce(reduce, EMPTY_STATE)).to.deep.equal(state);
    }
  });

  describe("of another version", () => {
    it("of version 1 gives back all that was written with it", () => {
      copyFileSync("test/sdk/submit/versions/journal-1.jsonl", path);
      const journal = open();
      expect(journal.state).to.deep.equal(stateOf(...story));
      journal.append(sent(7, 9)[0] as TransactionEntry);
      journal.close();
      const again = open();
      expect(again.state).to.deep.equal(stateOf(...story, sent(7, 9)[0] as TransactionEntry));
      again.close();
    });

    it("newer, is refused with what to do, whatever its lines are like, and is left as it is", () => {
      const newer = 'other-sum {"type":"open","version":2,"of":"another form"}\nother lines\n';
      writeFileSync(path, newer);
      for (let time = 0; time < 2; time++) {
        const error = errorOf(open);
        expect(error.code).to.equal("journal-version");
        expect(error.message).to.contain("expected version 1 or older, found 2. Run the version that wrote it");
      }
      expect(readFileSync(path, "utf8")).to.equal(newer);
    });

    it("older, has its lines turned into those of the next version, step by step", () => {
      const steps = {
        1: (line: object) => [{ ...line, one: true }],
        2: (line: object) => ("dropped" in line ? [] : [line, { ...line, copy: true }]),
      };
      expect(upgraded([{ type: "open" }, { dropped: 1 }], 1, path, 3, steps)).to.deep.equal([
        { type: "open", one: true },
        { type: "open", one: true, copy: true },
      ]);
      expect(upgraded([{ type: "open" }], 3, path, 3, steps)).to.deep.equal([{ type: "open" }]);
    });

    it("older, and understood no longer, is refused with what to do", () => {
      const error = errorOf(() => upgraded([{ type: "open" }], 1, path, 3, { 2: (line) => [line] }));
      expect(error.code).to.equal("journal-version");
      expect(error.message).to.contain("version 1 is no longer understood. Wait until the account has no transaction");
    });
  });
});
