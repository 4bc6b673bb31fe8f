import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { loadAccount, SUBMITTER } from "./accounts.ts";
import { AGENT_NAMES, L2_CHAIN_ID, LOAD_ACCOUNTS, writeAgentConfig } from "./agents.ts";
import { genesisTimeFrom } from "./blocks.ts";
import { type Child, Children } from "./children.ts";
import type { DeployedRollup } from "./deploy.ts";
import type { L1Kind } from "./l1/interface.ts";
import type { AgentMessage, L1Command, L1Message, LoadCommand, LoadMessage } from "./messages.ts";
import type { Ports } from "./ports.ts";
import type { LoadReport } from "./report.ts";

/** Between the moment all agents are ready and genesis: the deployment, and the agents' first look at it. */
const GENESIS_LEAD_SECONDS = 6;

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const AGENT = script("../../sdk/agent/cli.ts");
const WITHHOLDING_AGENT = script("../../test/actors/withholding-agent.ts");

/** One agent its own, or all of them that of one slot, which is then left to an independent submitter. */
export type Withholding = { agent: number } | { slot: number };

export interface DevnetSetup {
  l1: L1Kind;
  ports: Ports;
  /** Transactions a second. */
  rate: number;
  /** Who keeps back a checkpoint once; undefined for nobody. */
  withholding: Withholding | undefined;
  keep: boolean;
}

/** A process of the devnet said that it cannot go on, or ended by itself. */
export type FailureListener = (error: Error) => void;

/** The processes of one devnet, from their start to their end. */
export class Devnet {
  readonly directory: string;
  readonly #setup: DevnetSetup;
  readonly #children: Children;
  readonly #onFailure: FailureListener;
  /** By index; one that was killed keeps its place. */
  readonly #agents: Child[] = [];
  readonly #configs: string[] = [];
  #l1: Child | undefined;
  #load: Child | undefined;
  #submitter: Child | undefined;
  #loadReport: LoadReport = { sent: 0, landed: 0, lost: 0, resent: 0 };

  constructor(setup: DevnetSetup, onFailure: FailureListener) {
    this.#setup = setup;
    this.#onFailure = onFailure;
    this.directory = mkdtempSync(join(tmpdir(), "baton-devnet-"));
    this.#children = new Children(this.directory, onFailure);
  }

  get l1Url(): string {
    return `http://127.0.0.1:${this.#setup.ports.l1}`;
  }

  get rpcUrls(): string[] {
    return this.#setup.ports.rpc.map((port) => `http://127.0.0.1:${port}`);
  }

  get loadReport(): LoadReport {
    return this.#loadReport;
  }

  /** Starts L1 and the agents; resolves when they wait for nothing but the rollup. */
  async start(): Promise<void> {
    this.#l1 = this.#children.start("l1", script("./l1/main.ts"), [
      this.#setup.l1,
      String(this.#setup.ports.l1),
      join(this.directory, "l1"),
    ]);
    const listening = this.#l1Says(this.#l1, "listening");
    const cluster = {
      l1Url: this.l1Url,
      deploymentFile: join(this.directory, "deployment.json"),
      l2GenesisTimestamp: Math.floor(Date.now() / 1000),
      ports: this.#setup.ports,
      directory: this.directory,
    };
    await listening;
    for (const index of AGENT_NAMES.keys()) {
      this.#configs.push(writeAgentConfig(index, cluster));
      this.#startAgent(index);
    }
    await Promise.all(this.#agents.map(isReady));
  }

  /** Fixes genesis, deploys the rollup, tells the agents where it is and lets the load run. */
  async deploy(): Promise<Omit<DeployedRollup, "chainId"> & { genesisTime: number }> {
    const l1 = this.#l1 as Child;
    const genesisTime = genesisTimeFrom(Date.now(), GENESIS_LEAD_SECONDS, DEVNET_PARAMETERS.l1SlotSeconds);
    const deployed = this.#l1Says(l1, "deployed");
    l1.process.send({ type: "deploy", genesisTime } satisfies L1Command);
    const { rollup, lens, deploymentBlock, chainId } = await deployed;
    const file = join(this.directory, "deployment.json");
    // The agents look for the file: it must never be there in part.
    writeFileSync(`${file}.new`, JSON.stringify({ rollup, chainId, deploymentBlock }));
    renameSync(`${file}.new`, file);
    this.#startLoad();
    if (this.#withheldSlot !== undefined) this.#startSubmitter(rollup);
    return { rollup, lens, deploymentBlock, genesisTime };
  }

  /** The load sends nothing new from here; what it sent is followed on. */
  drainLoad(): void {
    this.#load?.process.send({ type: "drain" } satisfies LoadCommand);
  }

  /** Ends an agent as a power cut would. */
  async killAgent(name: string): Promise<void> {
    const agent = this.#agents[AGENT_NAMES.indexOf(name)];
    if (agent !== undefined) await this.#children.kill(agent);
  }

  /** Ends an agent as a power cut would, and starts it again on what it left on disk. Resolves once it has loaded. */
  async restartAgent(name: string): Promise<void> {
    await this.killAgent(name);
    await isReady(this.#startAgent(AGENT_NAMES.indexOf(name)));
  }

  /** Where the independent submitter keeps its books, once it has been stopped; undefined if there is none. */
  async stopSubmitter(): Promise<string | undefined> {
    if (this.#submitter === undefined) return undefined;
    await this.#children.stop([this.#submitter]);
    return join(this.directory, "submitter", "ledger.jsonl");
  }

  /** Ends everything: the load first, L1 last, so that the agents can finish what they are at. */
  async stop(): Promise<void> {
    if (this.#load !== undefined) await this.#children.stop([this.#load]);
    await this.#children.stop(this.#agents);
    await this.#children.stopAll();
    if (!this.#setup.keep) rmSync(this.directory, { recursive: true, force: true });
  }

  #startAgent(index: number): Child {
    const slot = this.#withheldSlot;
    const { withholding } = this.#setup;
    const withholds = slot !== undefined || (withholding && "agent" in withholding && withholding.agent === index);
    const args = ["agent", "--config", this.#configs[index] as string];
    const agent = this.#children.start(
      AGENT_NAMES[index] as string,
      withholds ? WITHHOLDING_AGENT : AGENT,
      args,
      slot === undefined ? {} : { WITHHOLD_SLOT: String(slot) },
    );
    this.#agents[index] = agent;
    return agent;
  }

  get #withheldSlot(): number | undefined {
    const { withholding } = this.#setup;
    return withholding && "slot" in withholding ? withholding.slot : undefined;
  }

  /** What anybody would run: the command line, an account of its own, one agent's word for what is certified. */
  #startSubmitter(rollup: string): void {
    const args = ["submit", "--rpc", this.l1Url, "--agent", this.rpcUrls[0] as string, "--rollup", rollup];
    // The L1 runs Prague, which wants blob proofs.
    const options = ["--key", "env:SUBMITTER_KEY", "--bond", "--blob-proofs", "0"];
    const data = ["--data", join(this.directory, "submitter")];
    const environment = { SUBMITTER_KEY: SUBMITTER.key };
    this.#submitter = this.#children.start("submitter", AGENT, [...args, ...options, ...data], environment);
  }

  #startLoad(): void {
    this.#load = this.#children.start("load", script("./load/main.ts"), []);
    this.#load.process.on("message", (message: LoadMessage) => {
      if (message.type === "progress") this.#loadReport = message.report;
      else this.#onFailure(new Error(`load: ${message.reason}`));
    });
    const accounts = Array.from({ length: LOAD_ACCOUNTS }, (_, index) => loadAccount(index));
    const { rate } = this.#setup;
    const command: LoadCommand = { type: "start", rpcUrls: this.rpcUrls, chainId: L2_CHAIN_ID, accounts, rate };
    this.#load.process.send(command);
  }

  /** The next message of this type from L1; its "failed" goes to the failure listener. */
  #l1Says<Type extends L1Message["type"]>(l1: Child, type: Type): Promise<Extract<L1Message, { type: Type }>> {
    return new Promise((resolve) => {
      l1.process.on("message", (message: L1Message) => {
        if (message.type === "failed") this.#onFailure(new Error(`L1: ${message.reason}`));
        else if (message.type === type) resolve(message as Extract<L1Message, { type: Type }>);
      });
    });
  }
}

function isReady(agent: Child): Promise<void> {
  return new Promise((resolve) => {
    agent.process.on("message", (message: AgentMessage) => {
      if (message.type === "ready") resolve();
      else console.log(`${agent.name} keeps back its checkpoint of slot ${message.slot}`);
    });
  });
}
