import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { AGENTS } from "../../deploy/devnet/accounts.ts";
import { assertFree, portsFrom } from "../../deploy/devnet/ports.ts";
import type { DevnetReport } from "../../deploy/devnet/report.ts";
import { type RunningProcess, start } from "../support/processes.ts";
import { type Exposition, scrape } from "../support/prometheus.ts";
import { expectConsistent } from "./support/consistent.ts";
import { processesWith } from "./support/orphans.ts";

/** Away from the launcher's default, so that a devnet may run beside the tests. */
const PORT_BASE = 28_645;
const FIRST_ROW = /^ +1 {2}agent-\d.*$/m;
const DEPLOYED = /^L2 chain id/m;
/** An agent flushes and closes when it notices that its launcher is gone. */
const GONE_WITHIN_MS = 20_000;
/** Between two looks whether it has. */
const LOOK_MS = 100;
const START_TIMEOUT_MS = 150_000;

describe("devnet", function () {
  this.timeout(400_000);
  let directory: string;
  let devnet: RunningProcess | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baton-run-test-"));
  });

  afterEach(async () => {
    await devnet?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts the launcher and resolves when it has printed what is waited for. */
  async function launch(ready: RegExp, ...args: string[]): Promise<RunningProcess> {
    const all = ["deploy/devnet/main.ts", "--port-base", String(PORT_BASE), ...args];
    devnet = await start("node", all, { ready, timeoutMs: START_TIMEOUT_MS, env: { TMPDIR: directory } });
    return devnet;
  }

  /** Runs to the end: the report, after checking that it agrees with the exit code. */
  async function run(...args: string[]): Promise<DevnetReport> {
    const file = join(directory, "report.json");
    const running = await launch(FIRST_ROW, "--json", file, ...args);
    const code = await running.exited;
    const report = JSON.parse(readFileSync(file, "utf8")) as DevnetReport;
    expect(report.complaints, running.output()).to.deep.equal([]);
    expect(code).to.equal(0);
    expectConsistent(report);
    await expectNothingLeft();
    return report;
  }

  async function expectNothingLeft(): Promise<void> {
    expect(processesWith("TMPDIR", directory), "processes").to.deep.equal([]);
    await assertFree(portsFrom(PORT_BASE, AGENTS));
    expect(readdirSync(directory).filter((name) => name.startsWith("baton-devnet-"))).to.deep.equal([]);
  }

  /** Every agent counts the first checkpoint, and one of them that it has landed it. */
  async function expectMetrics(): Promise<void> {
    const seen = await Promise.all(portsFrom(PORT_BASE, AGENTS).metrics.map(metricsAfterLanding));
    for (const one of seen) {
      expect(one.value("baton_peers")).to.equal(AGENTS - 1);
      expect(one.value("baton_l1_node_sound", { endpoint: `http://127.0.0.1:${PORT_BASE}` })).to.equal(1);
      expect(one.sum("baton_landing_cost_wei_total")).to.be.greaterThan(10 ** 12);
      expect(one.sum("baton_messages_total", { verdict: "reject" })).to.equal(0);
      expect(one.sum("baton_l1_account_balance_wei")).to.be.greaterThan(10 ** 18);
    }
    const total = (name: string, labels: Record<string, string>): number =>
      seen.reduce((sum, one) => sum + one.sum(name, labels), 0);
    expect(total("baton_messages_total", { verdict: "accept", topic: "blocks" })).to.be.at.least(AGENTS - 1);
    expect(total("baton_votes_total", { kind: "attestation" })).to.be.at.least(3);
    expect(total("baton_landings_total", { own: "yes" })).to.be.at.least(1);
  }

  /** What an agent serves once it has seen a landing, which the launcher may see before it. */
  async function metricsAfterLanding(port: number): Promise<Exposition> {
    for (;;) {
      const seen = await scrape(`http://127.0.0.1:${port}/metrics`);
      if (seen.sum("baton_landings_total") > 0) return seen;
      await sleep(LOOK_MS);
    }
  }

  it("on anvil lands checkpoints, and ends at Ctrl-C without leaving processes, ports or files behind", async () => {
    const running = await launch(FIRST_ROW, "--l1", "anvil");
    await expectMetrics();
    // The launcher, the L1, the load, and the agents.
    expect(processesWith("TMPDIR", directory).length).to.be.at.least(3 + AGENTS);
    expect(await running.stop("SIGINT")).to.equal(0);
    expect(running.output()).to.match(/result +ok/);
    await expectNothingLeft();
  });

  it("ends at Ctrl-C before anything is deployed just as well", async () => {
    const running = await launch(/logs and data in/);
    expect(await running.stop("SIGINT")).to.equal(0);
    await expectNothingLeft();
  });

  it("killed without a chance to tidy up, leaves no process behind", async () => {
    const running = await launch(DEPLOYED);
    process.kill(running.pid, "SIGKILL");
    await running.exited;
    const deadline = Date.now() + GONE_WITHIN_MS;
    while (processesWith("TMPDIR", directory).length > 0 && Date.now() < deadline) await sleep(LOOK_MS);
    expect(processesWith("TMPDIR", directory)).to.deep.equal([]);
  });

  it("given a proposer that never publishes, its successor lands both checkpoints and no transaction is lost", async () => {
    const { slots, totals } = await run("--scenario", "missed-publish");
    const withheld = slots.find((row) => row.slot === 3)!;
    const next = slots.find((row) => row.slot === 4)!;
    expect(withheld).to.include({ onTime: false, batch: true, submitter: next.proposer, l1Block: next.l1Block });
    expect(next).to.include({ onTime: true, batch: true, submitter: next.proposer });
    expect(withheld.proposer).not.to.equal(next.proposer);
    expect(totals).to.include({ slots: 5, submitted: 5, lost: 0, late: 1 });
    expect(totals.load.sent).to.be.greaterThan(300);
    expect(totals.load).to.include({ lost: 0, landed: totals.load.sent });
  });
});
