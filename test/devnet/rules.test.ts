import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { expect } from "chai";
import { AGENTS, agentKeys, DEPLOYER, loadAccount, SUBMITTER, WALLET } from "../../deploy/devnet/accounts.ts";
import { genesisTimeFrom, nextBlockTime } from "../../deploy/devnet/blocks.ts";
import { devnetCommand, parseOptions } from "../../deploy/devnet/options.ts";
import { assertFree, PortInUseError, portsFrom } from "../../deploy/devnet/ports.ts";
import { totalsOf } from "../../deploy/devnet/report.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../../deploy/devnet/scenarios/index.ts";
import { summaryLines, tableHeader, tableRow } from "../../deploy/devnet/table.ts";
import { load, lost, row } from "./support/rows.ts";

describe("L1 block times", () => {
  it("are the L1 slot boundaries, never two the same and never in the past", () => {
    expect(nextBlockTime(100_000, 0, 90, 2)).to.equal(100);
    expect(nextBlockTime(100_001, 0, 90, 2)).to.equal(102);
    expect(nextBlockTime(100_000, 100, 90, 2)).to.equal(102);
    expect(nextBlockTime(101_000, 0, 91, 2)).to.equal(101);
  });

  it("skip the boundaries that a late miner has missed", () => {
    expect(nextBlockTime(109_500, 100, 90, 2)).to.equal(110);
  });

  it("begin at a genesis that lies on the L1's own grid", () => {
    expect(genesisTimeFrom(1_000_500, 6, 2)).to.equal(1008);
  });
});

describe("launcher options", () => {
  it("have defaults that run until interrupted", () => {
    expect(parseOptions([])).to.deep.equal({
      slots: undefined,
      json: undefined,
      scenario: undefined,
      l1: "hardhat",
      portBase: 18_545,
      rate: 30,
      keep: false,
    });
  });

  for (const [what, args] of Object.entries({
    "an unknown flag": ["--speed", "9"],
    "a slot count of zero": ["--slots", "0"],
    "a slot count that is no number": ["--slots", "ten"],
    "an L1 it does not have": ["--l1", "geth"],
    "an unknown scenario": ["--scenario", "sunshine"],
    "a privileged port": ["--port-base", "80"],
    "a run too short for its scenario": ["--scenario", "missed-publish", "--slots", "4"],
    "a stray argument": ["now"],
  })) {
    it(`refuse ${what}`, () => {
      let printed = "";
      const command = devnetCommand().configureOutput({ writeErr: (text) => (printed += text) });
      expect(() => parseOptions(args, command)).to.throw();
      expect(printed)
        .to.match(/^error: /)
        .and.to.include("Usage: npm start");
    });
  }
});

describe("scenarios", () => {
  it("end by themselves after as many slots as they need, and no fewer", () => {
    for (const name of SCENARIO_NAMES) {
      const { slots } = SCENARIOS[name];
      expect(parseOptions(["--scenario", name]).slots, name).to.equal(slots);
      expect(parseOptions(["--scenario", name, "--slots", String(slots + 1)]).slots, name).to.equal(slots + 1);
    }
  });

  it("are explained by the help and the README, a line each", () => {
    let help = "";
    const command = devnetCommand().configureOutput({ writeOut: (text) => (help += text) });
    expect(() => parseOptions(["--help"], command)).to.throw();
    const readme = readFileSync("README.md", "utf8");
    for (const name of SCENARIO_NAMES) {
      const { expectation } = SCENARIOS[name];
      expect(help.split("\n"), name).to.include(`  ${name.padEnd(23)}${expectation}`);
      expect(readme.split("\n"), name).to.include(`- \`${name}\`: ${expectation}`);
    }
  });
});

describe("devnet accounts", () => {
  it("are all different", () => {
    const agents = Array.from({ length: AGENTS }, (_, index) => agentKeys(index));
    const secrets = [
      DEPLOYER.key,
      WALLET.key,
      SUBMITTER.key,
      ...agents.flatMap((keys) => [keys.l1Key, keys.blsSecretKey, keys.peerSeed]),
      loadAccount(0).key,
      loadAccount(1).key,
    ];
    expect(new Set(secrets).size).to.equal(secrets.length);
  });
});

describe("ports", () => {
  it("name the one that is in use, what for, and the way out", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      const error = await assertFree({ ...portsFrom(port - 1, 1), l1: port }).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(PortInUseError);
      expect((error as Error).message).to.match(new RegExp(`port ${port} \\(L1\\).*--port-base`));
    } finally {
      server.close();
    }
  });

  it("never overlap", () => {
    const { l1, rpc, p2p, metrics, flashblocks } = portsFrom(1000, 4);
    expect(new Set([l1, ...rpc, ...p2p, ...metrics, ...flashblocks]).size).to.equal(17);
  });
});

describe("totals and table", () => {
  it("count the gas of a batch once", () => {
    const batch = { batch: true, l1Block: 20, submitter: "agent-3", gasUsed: 66_000 };
    const totals = totalsOf([row(1), row(2, { ...batch, onTime: false }), row(3, batch), lost(4)], load(), 14);
    expect(totals).to.include({
      slots: 4,
      submitted: 3,
      onTime: 2,
      late: 1,
      lost: 1,
      blocks: 36,
      txs: 900,
      gasUsed: 114_000,
    });
  });

  it("keep every row under its column titles", () => {
    const width = (line: string): number => line.indexOf("TIPS");
    const titles = width(tableHeader().replace("tips", "TIPS"));
    for (const each of [row(1), row(99_999, { onTime: false, batch: true }), lost(3)]) {
      expect(width(tableRow(each, "TIPS"))).to.equal(titles);
    }
  });

  it("say in the summary what went wrong", () => {
    const totals = totalsOf([row(1), lost(2)], load(), 14);
    const summary = summaryLines(totals, ["slot 2 of agent-2 did not land"]).join("\n");
    expect(summary).to.include("1 of 2 on L1").and.to.include("slot 2 of agent-2 did not land");
    expect(summaryLines(totals, []).join("\n")).to.match(/result +ok/);
  });
});
