import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type DevnetReport, THIRD_PARTY } from "../../deploy/devnet/report.ts";
import { type RunningProcess, start } from "../support/processes.ts";

/** Away from the launcher's default and from the other tests'. */
const PORT_BASE = 29_045;
const START_TIMEOUT_MS = 150_000;
/** The slot whose checkpoint all agents keep back. */
const WITHHELD_SLOT = 3;

describe("a checkpoint that no agent publishes", function () {
  // Five slots of 12 s, and some 20 s before the first.
  this.timeout(300_000);
  let directory: string;
  let devnet: RunningProcess | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baton-third-party-test-"));
  });

  afterEach(async () => {
    await devnet?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("is landed late by baton submit, which is paid for it, and no transaction is lost", async () => {
    const file = join(directory, "report.json");
    const args = ["--port-base", String(PORT_BASE), "--slots", "5", "--scenario", "third-party", "--json", file];
    const limits = { ready: /^L2 chain id/m, timeoutMs: START_TIMEOUT_MS, env: { TMPDIR: directory } };
    devnet = await start("node", ["deploy/devnet/main.ts", ...args], limits);
    expect(await devnet.exited, devnet.output()).to.equal(0);
    const report = JSON.parse(readFileSync(file, "utf8")) as DevnetReport;
    expect(report.complaints).to.deep.equal([]);
    const { slots, totals } = report;
    const withheld = slots.find((row) => row.slot === WITHHELD_SLOT);
    expect(withheld).to.include({ status: "submitted", onTime: false, submitter: THIRD_PARTY, batch: false });
    expect(totals).to.include({ slots: 5, submitted: 5, lost: 0 });
    expect(totals.load).to.include({ lost: 0, landed: totals.load.sent });
    const [, ledger] = devnet.output().split("the submitter's ledger");
    expect(ledger, devnet.output()).to.match(new RegExp(`^ +${WITHHELD_SLOT}\\b.*\\blanded\\b`, "m"));
  });
});
