import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { AGENT_NAMES } from "../../deploy/devnet/agents.ts";
import type { L1Kind } from "../../deploy/devnet/l1/interface.ts";
import { type DevnetReport, THIRD_PARTY } from "../../deploy/devnet/report.ts";
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from "../../deploy/devnet/scenarios/index.ts";
import { expectConsistent } from "../devnet/support/consistent.ts";
import { expectOneNonceEach, expectSignedOnce, leftOnDisk } from "../devnet/support/disk.ts";
import { processesWith } from "../devnet/support/orphans.ts";
import { type RunningProcess, start } from "../support/processes.ts";

/** Away from the launcher's default and from the other tests'. */
const PORT_BASE = 29_045;
const START_TIMEOUT_MS = 150_000;
const L1_CHAIN_ID = 31_337;
/** Where the L1 itself is part of what goes wrong, the other node shows another side of it. */
const ON_ANVIL: ScenarioName[] = ["l1-reorg", "last-second-landing"];

const RUNS: [ScenarioName, L1Kind][] = [
  ...SCENARIO_NAMES.map((name): [ScenarioName, L1Kind] => [name, "hardhat"]),
  ...ON_ANVIL.map((name): [ScenarioName, L1Kind] => [name, "anvil"]),
];

describe("scenarios of npm start", function () {
  // Up to eight slots of 12 s, three more until everything has landed, and some 20 s before the first.
  this.timeout(300_000);
  let directory: string;
  let devnet: RunningProcess | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "baton-scenario-test-"));
  });

  afterEach(async () => {
    await devnet?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs a scenario to its end; a failure shows its timeline and its verdict. */
  async function run(name: ScenarioName, l1: L1Kind): Promise<{ report: DevnetReport; output: string }> {
    const file = join(directory, "report.json");
    const args = ["--port-base", String(PORT_BASE), "--l1", l1, "--scenario", name, "--json", file, "--keep"];
    const limits = { ready: /^L2 chain id/m, timeoutMs: START_TIMEOUT_MS, env: { TMPDIR: directory } };
    devnet = await start("node", ["deploy/devnet/main.ts", ...args], limits);
    const code = await devnet.exited;
    const output = devnet.output();
    expect(code, output).to.equal(0);
    const report = JSON.parse(readFileSync(file, "utf8")) as DevnetReport;
    expect(report.complaints, output).to.deep.equal([]);
    expect(output)
      .to.match(/^timeline\nbefore genesis|^timeline\nslot/m)
      .and.to.match(/^verdict\nok/m);
    expect(processesWith("TMPDIR", directory), "processes").to.deep.equal([]);
    return { report, output };
  }

  /** Whatever went wrong, no agent has signed or sent anything twice. */
  function expectNothingTwice(): void {
    const kept = readdirSync(directory).find((entry) => entry.startsWith("baton-devnet-")) ?? "none";
    const agents = AGENT_NAMES.map((_, index) => leftOnDisk(join(directory, kept), index, L1_CHAIN_ID));
    expect(agents.flatMap(({ journal }) => journal.records)).not.to.deep.equal([]);
    for (const agent of agents) {
      expectSignedOnce(agent, 0);
      expectOneNonceEach(agent);
    }
  }

  for (const [name, l1] of RUNS) {
    it(`${name} on ${l1}: ${SCENARIOS[name].expectation}`, async () => {
      const { report, output } = await run(name, l1);
      expectConsistent(report);
      expectNothingTwice();
      const { slots, totals } = report;
      expect(slots).to.have.lengthOf(SCENARIOS[name].slots);
      expect(totals.load).to.include({ lost: 0, landed: totals.load.sent });
      expect(totals.load.sent, output).to.be.greaterThan(300);
      if (name !== "third-party") return;
      const { slot } = slots.find(({ submitter }) => submitter === THIRD_PARTY) ?? {};
      const [, ledger] = output.split("the submitter's ledger");
      expect(ledger, output).to.match(new RegExp(`^ +${slot}\\b.*\\blanded\\b`, "m"));
    });
  }
});
