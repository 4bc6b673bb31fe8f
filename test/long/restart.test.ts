import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { AGENTS, agentKeys } from "../../deploy/devnet/accounts.ts";
import { AGENT_NAMES } from "../../deploy/devnet/agents.ts";
import { compileContracts } from "../../deploy/devnet/compile.ts";
import { Devnet } from "../../deploy/devnet/devnet.ts";
import { Monitor } from "../../deploy/devnet/monitor.ts";
import { assertFree, portsFrom } from "../../deploy/devnet/ports.ts";
import { getEvents, type RollupEvent } from "../../sdk/get/events.ts";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { expectOneNonceEach, expectSignedOnce, type LeftOnDisk, leftOnDisk } from "../devnet/support/disk.ts";

const PORT_BASE = 28_745;
/** How often a log or L1 is looked at. */
const POLL_MS = 10;
/** Landed checkpoints are looked for until this long after the last slot: late ones land in the slot after theirs. */
const LAST_SLOT = 8;

interface LogLine {
  msg: string;
  slot?: number;
  slots?: number[];
  pid: number;
}

/** When a proposer is killed: once its log says this about its slot. */
interface Kill {
  slot: number;
  moment: string;
  reached: (line: LogLine, slot: number) => boolean;
  /** Milliseconds from there to the kill. */
  afterMs: number;
}

const KILLS: Kill[] = [
  {
    slot: 2,
    moment: "in the middle of its build slot",
    reached: ({ msg, slot }, own) => msg === "build-started" && slot === own,
    afterMs: 4_300,
  },
  {
    slot: 5,
    moment: "right after its proposal",
    reached: ({ msg, slot }, own) => msg === "proposed" && slot === own,
    afterMs: 0,
  },
  {
    slot: 7,
    moment: "between its submission's sending and its mining",
    reached: ({ msg, slots }, own) => msg === "submission sent" && slots?.includes(own) === true,
    afterMs: 0,
  },
];

type Landing = Extract<RollupEvent, { type: "submitted" }>;

/** What is left when everything has ended. */
interface Evidence extends LeftOnDisk {
  log: LogLine[];
}

describe("agents restarted after kill -9", function () {
  this.timeout(400_000);
  const killed = new Map<number, string>();
  /** What the killed ones were building then: nobody waits for a proposer that is not heard of in time. */
  const interrupted = new Set<number>();
  let landings: Landing[];
  let agents: Evidence[];

  before(async () => {
    const ports = portsFrom(PORT_BASE, AGENTS);
    await assertFree(ports);
    await compileContracts(AbortSignal.timeout(120_000));
    let failure: Error | undefined;
    const devnet = new Devnet({ l1: "hardhat", ports, rate: 10, cast: {}, keep: true }, (error) => {
      failure ??= error;
    });
    const l1 = new JsonRpcProvider(devnet.l1Url, undefined, { cacheTimeout: -1, staticNetwork: true });
    try {
      await devnet.start();
      const { rollup, deploymentBlock, genesisTime } = await devnet.deploy();
      const ref = { provider: l1, rollup };
      const chainId = Number((await l1.getNetwork()).chainId);
      const monitor = new Monitor(l1, rollup, deploymentBlock, devnet.rpcUrls);
      for (const { slot, moment, reached, afterMs } of KILLS) {
        const name = await monitor.proposerOf(slot);
        killed.set(slot, name);
        if (moment.includes("build slot")) interrupted.add(slot);
        if ((await monitor.proposerOf(slot + 1)) === name) interrupted.add(slot + 1);
        await until(() => failure !== undefined || logOf(devnet, name).some((line) => reached(line, slot)));
        await sleep(afterMs);
        await devnet.restartAgents([name]);
      }
      const overMs = (genesisTime + (LAST_SLOT + 1) * DEVNET_PARAMETERS.slotSeconds) * 1000;
      const lateMs = DEVNET_PARAMETERS.handoffWindowSeconds * 1000;
      await until(async () => {
        landings = (await getEvents(ref, deploymentBlock, "latest")).filter((event) => event.type === "submitted");
        return failure !== undefined || landings.length >= LAST_SLOT || Date.now() > overMs + lateMs;
      });
      await devnet.stop();
      if (failure !== undefined) throw failure;
      agents = AGENT_NAMES.map((name, index) => ({
        ...leftOnDisk(devnet.directory, index, chainId),
        log: logOf(devnet, name),
      }));
    } finally {
      l1.destroy();
      await devnet.stop();
      rmSync(devnet.directory, { recursive: true, force: true });
    }
  });

  it("were killed at each of the moments, one after the other", () => {
    for (const { slot, moment } of KILLS) {
      const name = killed.get(slot)!;
      const pids = new Set(agents.find((agent) => agent.name === name)?.log.map(({ pid }) => pid));
      expect(pids.size, `${name}, killed ${moment}`).to.be.greaterThan(1);
    }
  });

  it("rejoin: each signs later checkpoints, and lands one of its own unless it was building that when it was killed", () => {
    for (const [slot, name] of killed) {
      const rows = agents.find((agent) => agent.name === name)?.guard ?? [];
      const signed = rows.filter((row) => row.kind === "attestation" && row.slot > slot + 1 && row.slot <= LAST_SLOT);
      const own = landings.filter(
        ({ checkpoint }) =>
          checkpoint.slot > slot && builderOf(checkpoint) === name && submitterOf(checkpoint) === name,
      );
      if (slot + 1 < LAST_SLOT) expect(signed, `${name} after slot ${slot}`).not.to.deep.equal([]);
      if (!interrupted.has(slot + 1)) expect(own, `${name} after slot ${slot}`).not.to.deep.equal([]);
    }
  });

  it("lose no slot but, at most, those whose blocks were being built", () => {
    const landed = landings.map(({ checkpoint }) => checkpoint.slot);
    const all = Array.from({ length: LAST_SLOT }, (_, index) => index + 1);
    const missing = all.filter((slot) => !landed.includes(slot));
    for (const slot of missing) expect([...interrupted]).to.include(slot);
  });

  it("leave each slot on L1 once, in order", () => {
    const slots = landings.map(({ checkpoint }) => checkpoint.slot);
    expect(slots).to.deep.equal([...new Set(slots)].sort((a, b) => a - b));
  });

  it("have signed one digest per kind, slot and sequence, and never both an attestation and a skip", () => {
    for (const agent of agents) expectSignedOnce(agent, LAST_SLOT);
  });

  it("are caught by no peer at saying two things", () => {
    for (const { name, log } of agents) {
      const complaints = log.filter((line) => JSON.stringify(line).includes("equivocation"));
      expect(complaints, name).to.deep.equal([]);
    }
  });

  it("bring no checkpoint to L1 with two nonces", () => {
    for (const agent of agents) {
      expect(agent.journal.records, agent.name).not.to.deep.equal([]);
      expectOneNonceEach(agent);
    }
  });
});

/** The name of the agent whose checkpoint it is. */
const builderOf = ({ submission }: Landing["checkpoint"]): string | undefined =>
  AGENT_NAMES.find((_, index) => agentKeys(index).l1Address === submission.header.coinbase);

/** The name of the agent that landed a checkpoint. */
const submitterOf = ({ submitter }: Landing["checkpoint"]): string | undefined =>
  AGENT_NAMES.find((_, index) => agentKeys(index).l1Address === submitter);

function logOf(devnet: Devnet, name: string): LogLine[] {
  const lines = readFileSync(join(devnet.directory, `${name}.log`), "utf8").split("\n");
  // The last line may be half written; what is no JSON at all was printed by Node itself.
  return lines.filter((line) => line.startsWith("{") && line.endsWith("}")).map((line) => JSON.parse(line) as LogLine);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(POLL_MS);
}
