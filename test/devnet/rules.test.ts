import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { AGENTS, agentKeys, DEPLOYER, loadAccount, SUBMITTER, WALLET } from "../../deploy/devnet/accounts.ts";
import { genesisTimeFrom, nextBlockTime } from "../../deploy/devnet/blocks.ts";
import { devnetCommand, parseOptions } from "../../deploy/devnet/options.ts";
import { outageEvents, planOutage, planRestart } from "../../deploy/devnet/outage.ts";
import { assertFree, PortInUseError, portsFrom } from "../../deploy/devnet/ports.ts";
import { type LoadReport, type SlotReport, THIRD_PARTY, totalsOf } from "../../deploy/devnet/report.ts";
import { summaryLines, tableHeader, tableRow } from "../../deploy/devnet/table.ts";
import { complaintsOf } from "../../deploy/devnet/verdict.ts";

const row = (slot: number, fields: Partial<SlotReport> = {}): SlotReport => ({
  slot,
  proposer: `agent-${slot % 4}`,
  submitter: `agent-${slot % 4}`,
  onTime: true,
  batch: false,
  blocks: 12,
  txs: 300,
  signers: 4,
  validators: 4,
  gasUsed: 48_000,
  l1Block: 10 + slot,
  status: "submitted",
  ...fields,
});
const lost = (slot: number): SlotReport =>
  row(slot, { status: "lost", submitter: null, onTime: null, gasUsed: null, l1Block: null, blocks: 0, txs: 0 });
const load = (fields: Partial<LoadReport> = {}): LoadReport => ({ sent: 9, landed: 9, lost: 0, resent: 0, ...fields });

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
    "a run too short for its scenario": ["--scenario", "missed-publish", "--slots", "2"],
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
    const { l1, rpc, p2p } = portsFrom(1000, 4);
    expect(new Set([l1, ...rpc, ...p2p]).size).to.equal(9);
  });
});

describe("verdict on a run", () => {
  const plain = { scenario: undefined, killed: undefined };

  it("is good when every checkpoint landed, late or not", () => {
    expect(complaintsOf([row(1), row(2, { onTime: false }), row(3)], load(), plain)).to.deep.equal([]);
  });

  it("names every checkpoint that did not land and every transaction lost", () => {
    const complaints = complaintsOf([row(1), lost(2)], load({ lost: 3 }), plain);
    expect(complaints).to.have.lengthOf(2);
    expect(complaints[0]).to.match(/slot 2 .*agent-2/);
    expect(complaints[1]).to.match(/3 of 9/);
  });

  it("of a missed publish asks for a late landing by the successor", () => {
    const expectation = { scenario: "missed-publish" as const, killed: undefined };
    const rescued = row(2, { onTime: false, submitter: "agent-3", batch: true });
    expect(complaintsOf([row(1), rescued, row(3)], load(), expectation)).to.deep.equal([]);
    expect(complaintsOf([row(1), row(2), row(3)], load(), expectation)).to.have.lengthOf(1);
    const byItself = row(2, { onTime: false });
    expect(complaintsOf([row(1), byItself, row(3)], load(), expectation)).to.have.lengthOf(1);
  });

  it("of a third party asks for a late landing by it, and by nobody else", () => {
    const expectation = { scenario: "third-party" as const, killed: undefined };
    const landed = (submitter: string, onTime = false) => [row(1), row(2, { onTime, submitter }), row(3)];
    expect(complaintsOf(landed(THIRD_PARTY), load(), expectation)).to.deep.equal([]);
    expect(complaintsOf(landed("agent-3"), load(), expectation)).to.have.lengthOf(1);
    expect(complaintsOf(landed(THIRD_PARTY, true), load(), expectation)).to.have.lengthOf(1);
  });

  it("of a killed proposer asks that its slots, and no others, are lost", () => {
    const expectation = {
      scenario: "offline-proposer" as const,
      killed: { name: "agent-2", fromSlot: 5, restarted: false },
    };
    const rows = [1, 2, 3, 4, 5].map((slot) => row(slot));
    expect(complaintsOf([...rows, lost(6), row(7)], load(), expectation)).to.deep.equal([]);
    expect(complaintsOf([...rows, lost(6), lost(7)], load(), expectation)).to.have.lengthOf(1);
    expect(complaintsOf([...rows, row(6), row(7)], load(), expectation)).to.have.lengthOf(2);
    expect(complaintsOf(rows, load(), expectation)).to.have.lengthOf(1);
  });

  it("of a restarted proposer asks that it lands again, and loses at most the slot it was building", () => {
    const killed = { name: "agent-2", fromSlot: 2, restarted: true };
    const expectation = { scenario: "restarted-proposer" as const, killed };
    const rest = [3, 4, 5, 6, 7].map((slot) => row(slot));
    expect(complaintsOf([row(1), lost(2), ...rest], load(), expectation)).to.deep.equal([]);
    expect(complaintsOf([row(1), row(2), ...rest], load(), expectation)).to.deep.equal([]);
    expect(complaintsOf([row(1), lost(2), lost(3), row(6)], load(), expectation)).to.have.lengthOf(1);
    expect(complaintsOf([row(1), row(2), row(3)], load(), expectation)).to.have.lengthOf(1);
  });
});

describe("plan of an outage", () => {
  const schedule = (...agents: number[]) => ({
    proposerOf: (slot: number) => Promise.resolve(`agent-${agents[slot - 1] ?? "unknown"}`),
  });

  it("takes the first proposer that has not built the slot before as well", async () => {
    const plan = await planOutage(schedule(3, 0, 0, 1, 3, 3, 2, 2));
    expect(plan).to.deep.equal({ name: "agent-1", fromSlot: 4, restarted: false });
  });

  it("restarts the proposer whose next slot comes soonest, but not at once", async () => {
    const plan = await planRestart(schedule(3, 1, 1, 0, 2, 0, 3, 1));
    expect(plan).to.deep.equal({ name: "agent-0", fromSlot: 4, restarted: true });
    const farther = await planRestart(schedule(3, 1, 0, 2, 3, 3, 1, 1));
    expect(farther).to.deep.equal({ name: "agent-1", fromSlot: 2, restarted: true });
  });

  it("kills at the start of the build slot for good, or well into it to start again", async () => {
    const done: string[] = [];
    const devnet = {
      killAgent: async (name: string) => void done.push(`kill ${name}`),
      restartAgent: async (name: string) => void done.push(`restart ${name}`),
    };
    const slotStartMs = (slot: number): number => slot * 12_000;
    const events = [false, true].flatMap((restarted) =>
      outageEvents(devnet, { name: "agent-2", fromSlot: 4, restarted }, slotStartMs),
    );
    for (const { act } of events) await act();
    expect(done).to.deep.equal(["kill agent-2", "restart agent-2"]);
    expect(events[0]?.atMs).to.equal(slotStartMs(3));
    expect(events[1]?.atMs).to.be.within(slotStartMs(3) + 2_000, slotStartMs(4) - 6_000);
    expect(outageEvents(devnet, undefined, slotStartMs)).to.deep.equal([]);
  });

  it("says so when the schedule has nothing to show", async () => {
    const one = schedule(1, 1, 1, 1, 1, 1, 1, 1);
    for (const plan of [planOutage, planRestart]) {
      expect(await plan(one).catch((error: Error) => error.message)).to.include("nothing to show");
    }
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
