import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { submitRequest } from "../../../sdk/submit/content.ts";
import { openJournal } from "../../../sdk/submit/journal/file.ts";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";
import { SubmissionManager } from "../../../sdk/submit/manager.ts";
import type { SubmitRequest } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { encodeSubmission, FakeL1 } from "./fakeL1.ts";
import { GWEI, POLICY, word } from "./fixtures.ts";

class Crash extends Error {}

/** Where the process dies: right before, or right after, its n-th entry is on disk; or with its n-th transaction. */
interface CrashPoint {
  at: "before-write" | "after-write" | "before-send" | "after-send";
  n: number;
}

const wallet = new Wallet(`0x${"11".repeat(32)}`);

function request(checkpoints: number[]): SubmitRequest {
  const words = checkpoints.map(word);
  return submitRequest({
    to: wallet.address as Hex,
    data: encodeSubmission(words, 2_000),
    checkpoints: words,
    gasEstimate: 50_000n,
    notBeforeSec: 0,
    deadlineSec: 2_000,
    valueAtStakeWei: undefined,
  });
}

/**
 * A single submission, priced out and raised, handed over to a batch, mined, taken away by a reorg, mined again and
 * closed. Dies at `point`, starts again from the file, and goes on. Gives what L1 saw, and whether it died.
 */
async function live(
  path: string,
  point: CrashPoint | undefined,
): Promise<{ l1: FakeL1; crashed: boolean; writes: number }> {
  const l1 = new FakeL1();
  let crashed = false;
  let writes = 0;
  let sends = 0;
  const dies = (at: CrashPoint["at"], n: number): void => {
    if (crashed || point?.at !== at || point.n !== n) return;
    crashed = true;
    throw new Crash();
  };
  const open = async () => {
    const journal = openJournal({ path, chainId: 1, account: wallet.address.toLowerCase() as Hex });
    const watched: Journal = {
      get state() {
        return journal.state;
      },
      append(entry) {
        writes++;
        dies("before-write", writes);
        journal.append(entry);
        dies("after-write", writes);
      },
      close: () => journal.close(),
    };
    const base = l1.provider();
    const provider = Object.assign(Object.create(base), {
      async broadcastTransaction(raw: string) {
        sends++;
        if (point?.at === "before-send" && point.n === sends && !crashed) await hang(() => dies("before-send", sends));
        await base.broadcastTransaction(raw);
        if (point?.at === "after-send" && point.n === sends && !crashed) await hang(() => dies("after-send", sends));
      },
    });
    const manager = await SubmissionManager.create(
      { ...POLICY, confirmations: 2 },
      {
        provider,
        signer: wallet,
        journal: watched,
        simulate: async () => ({ verdict: "ok", gas: 50_000n }),
        landed: (receipt, checkpoints) => (receipt.status === 1 ? checkpoints : []),
      },
    );
    return { manager, journal };
  };

  let process = await open();
  /** The process is gone in the middle of the call: nothing after it runs, not even the journal's next entry. */
  let gone: (error: Crash) => void = () => {};
  const hang = (die: () => void): Promise<never> => {
    try {
      die();
    } catch (error) {
      gone(error as Crash);
    }
    return new Promise(() => {});
  };
  const step = async (wanted: SubmitRequest): Promise<void> => {
    const death = new Promise<never>((_, reject) => {
      gone = reject;
    });
    try {
      await Promise.race([process.manager.step(l1.time, wanted), death]);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      process.journal.close();
      process = await open();
      await step(wanted);
    }
  };

  const [single, batch] = [request([1]), request([1, 2])];
  await step(single);
  l1.market = { ...l1.market, nextBaseFeeWei: 60n * GWEI };
  l1.mine();
  await step(single);
  await step(batch);
  l1.mine();
  await step(batch);
  l1.reorg(1, false);
  await step(batch);
  l1.mine();
  await step(batch);
  l1.mine();
  await step(batch);
  await process.manager.close();
  return { l1, crashed, writes };
}

describe("a crash of the submitting process", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baton-crash-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const check = ({ l1 }: { l1: FakeL1 }, where: string): void => {
    expect(l1.landed(), where).to.deep.equal([word(1), word(2)]);
    expect(l1.reverted(), `${where}: nothing was paid for twice`).to.equal(0);
    expect(l1.nonce, `${where}: one nonce was enough`).to.equal(1);
    expect(l1.pool.size, `${where}: nothing is left behind`).to.equal(0);
  };

  it("at any write of the journal, before or after it is on disk, sends nothing twice and forgets nothing", async () => {
    const { writes, ...calm } = await live(join(folder, "calm"), undefined);
    check(calm, "no crash");
    expect(writes).to.be.greaterThan(8);
    for (const at of ["before-write", "after-write"] as const) {
      for (let n = 1; n <= writes; n++) {
        const outcome = await live(join(folder, `${at}-${n}`), { at, n });
        expect(outcome.crashed, `${at} ${n}`).to.equal(true);
        check(outcome, `${at} ${n}`);
      }
    }
  });

  it("between the journal and the node, before or after the node took it, sends nothing twice", async () => {
    for (const at of ["before-send", "after-send"] as const) {
      for (let n = 1; n <= 3; n++) {
        const outcome = await live(join(folder, `${at}-${n}`), { at, n });
        expect(outcome.crashed, `${at} ${n}`).to.equal(true);
        check(outcome, `${at} ${n}`);
      }
    }
  });
});
