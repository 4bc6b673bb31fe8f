import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { AGENTS, agentKeys } from "../../deploy/devnet/accounts.ts";
import { writeAgentConfig } from "../../deploy/devnet/agents.ts";
import { genesisTimeFrom } from "../../deploy/devnet/blocks.ts";
import { compileContracts } from "../../deploy/devnet/compile.ts";
import type { L1Message } from "../../deploy/devnet/messages.ts";
import { portsFrom } from "../../deploy/devnet/ports.ts";
import { Timetable } from "../../sdk/agent/time/timetable.ts";
import { getTips } from "../../sdk/get/tips.ts";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";

const PORT_BASE = 28_845;
/** Told to stop while it builds this one. */
const SLOT = 2;
const POLL_MS = 20;
/** To close files and end threads, on a busy machine. */
const CLOSING_MS = 10_000;

interface LogLine {
  msg: string;
  slot?: number;
  level: number;
}

/** One agent that is all four validators, before an L1 that makes blocks in real time. */
describe("an agent that is a process and is told to stop", function () {
  // Two slots of twelve seconds go by, in real time, and its own until it has landed.
  this.timeout(240_000);
  let directory: string;
  let l1: ChildProcess;
  let agent: ChildProcess;
  let output: string;
  let timetable: Timetable;
  let rollup: `0x${string}`;
  const ports = portsFrom(PORT_BASE, AGENTS);
  const l1Url = `http://127.0.0.1:${ports.l1}`;

  before(() => compileContracts(AbortSignal.timeout(200_000)));
  beforeEach(async () => {
    output = "";
    directory = mkdtempSync(join(tmpdir(), "baton-stopping-"));
    l1 = child("deploy/devnet/l1/main.ts", ["hardhat", String(ports.l1), join(directory, "l1")]);
    await says("listening");
    const deploymentFile = join(directory, "deployment.json");
    const l2GenesisTimestamp = Math.floor(Date.now() / 1000);
    const file = writeAgentConfig(0, { l1Url, deploymentFile, l2GenesisTimestamp, ports, peerPorts: [], directory });
    const validators = Array.from({ length: AGENTS }, (_, index) => {
      const { blsSecretKey, l1Address: coinbase } = agentKeys(index);
      return { blsSecretKey, coinbase };
    });
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), validators }));
    agent = child("sdk/agent/cli.ts", ["agent", "--config", file]);
    for (const stream of [agent.stdout, agent.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk));
    await once(agent, "message");
    const genesisTime = genesisTimeFrom(Date.now(), 6, DEVNET_PARAMETERS.l1SlotSeconds);
    timetable = new Timetable(DEVNET_PARAMETERS, genesisTime);
    const deployed = says("deployed");
    l1.send({ type: "deploy", genesisTime });
    const { rollup: address, chainId, deploymentBlock } = await deployed;
    rollup = address;
    writeFileSync(deploymentFile, JSON.stringify({ rollup, chainId, deploymentBlock }));
  });
  afterEach(() => {
    for (const one of [agent, l1]) if (one.exitCode === null) process.kill(-(one.pid as number), "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  function child(script: string, args: string[]): ChildProcess {
    const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true", HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false" };
    return fork(script, args, { detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"], env });
  }

  async function says<Type extends L1Message["type"]>(type: Type): Promise<Extract<L1Message, { type: Type }>> {
    for (;;) {
      const [message] = (await once(l1, "message")) as [L1Message];
      if (message.type === type) return message as Extract<L1Message, { type: Type }>;
      if (message.type === "failed") throw new Error(message.reason);
    }
  }

  const lines = (): LogLine[] =>
    output.split("\n").flatMap((line) => (line.startsWith("{") && line.endsWith("}") ? [JSON.parse(line)] : []));

  async function logged(what: (line: LogLine) => boolean): Promise<void> {
    while (!lines().some(what)) {
      if (agent.exitCode !== null) throw new Error(`it ended with ${agent.exitCode}:\n${output}`);
      await sleep(POLL_MS);
    }
  }

  /** Its exit code, and how long it took from now on. */
  async function ended(): Promise<{ code: unknown; tookMs: number }> {
    const sinceMs = Date.now();
    const [code] = agent.exitCode === null ? await once(agent, "exit") : [agent.exitCode];
    return { code, tookMs: Date.now() - sinceMs };
  }

  const isBuilding = ({ msg, slot }: LogLine): boolean => msg === "build-started" && slot === SLOT;
  const errors = (): LogLine[] => lines().filter(({ level }) => level >= 50);

  it("in the middle of its slot: it builds and lands that one, begins no other, and exits with 0 in its window", async () => {
    await logged(isBuilding);
    agent.kill("SIGTERM");
    const { code, tookMs } = await ended();
    expect(code, output).to.equal(0);
    expect(tookMs).to.be.lessThan(timetable.of(SLOT).closesMs - timetable.of(SLOT).buildStartMs + CLOSING_MS);
    const { slot } = await getTips({
      provider: new JsonRpcProvider(l1Url, undefined, { staticNetwork: true }),
      rollup,
    });
    expect(slot, output).to.equal(SLOT);
    expect(lines().map(({ msg }) => msg)).to.include("stopping, after this");
    const built = lines().flatMap(({ msg, slot: own }) => (msg === "build-started" ? [own] : []));
    expect(Math.max(...(built as number[])), "the last slot that it began").to.equal(SLOT);
    expect(errors()).to.deep.equal([]);
  });

  it("twice, while L1 does not answer: it exits with 0 in bounded time", async () => {
    await logged(isBuilding);
    // Connections to it stay open, and nothing comes.
    process.kill(-(l1.pid as number), "SIGSTOP");
    await sleep(1_000);
    agent.kill("SIGTERM");
    await sleep(500);
    agent.kill("SIGTERM");
    const { code, tookMs } = await ended();
    process.kill(-(l1.pid as number), "SIGCONT");
    expect(code, output).to.equal(0);
    // What is under way on L1 has five seconds.
    expect(tookMs).to.be.lessThan(5_000 + CLOSING_MS);
  });
});
