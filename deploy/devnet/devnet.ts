import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { loadAccount } from "./accounts.ts";
import { AGENT_NAMES, L2_CHAIN_ID, LOAD_ACCOUNTS, writeAgentConfig } from "./agents.ts";
import { genesisTimeFrom } from "./blocks.ts";
import { type Child, Children } from "./children.ts";
import type { DeployedRollup } from "./deploy.ts";
import type { L1Kind } from "./l1/interface.ts";
import { Links } from "./links.ts";
import type {
  AgentMessage,
  Direction,
  ForgerCommand,
  L1Command,
  L1Message,
  LoadCommand,
  LoadMessage,
} from "./messages.ts";
import { startOutsider } from "./outsiders.ts";
import type { Ports } from "./ports.ts";
import type { LoadReport } from "./report.ts";
import type { Cast } from "./scenarios/interface.ts";

/** Between the moment all agents are ready and genesis: the deployment, and the agents' first look at it. */
const GENESIS_LEAD_SECONDS = 6;

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const AGENT = script("../../sdk/agent/cli.ts");
const DIRECTED_AGENT = script("../../test/actors/directed-agent.ts");

export interface DevnetSetup {
  l1: L1Kind;
  ports: Ports;
  /** Transactions a second. */
  rate: number;
  cast: Cast;
  keep: boolean;
}

/** A process of the devnet said that it cannot go on, or ended by itself. */
export type FailureListener = (error: Error) => void;

/** The processes of one devnet, from their start to their end. */
export class Devnet {
  readonly directory: string;
  readonly links = new Links();
  readonly #setup: DevnetSetup;
  readonly #children: Children;
  readonly #onFailure: FailureListener;
  /** By index; one that was killed keeps its place. */
  readonly #agents: Child[] = [];
  readonly #configs: string[] = [];
  #l1: Child | undefined;
  #load: Child | undefined;
  #outsider: Child | undefined;
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

  get metricsUrls(): string[] {
    return this.#setup.ports.metrics.map((port) => `http://127.0.0.1:${port}/metrics`);
  }

  get flashblockUrls(): string[] {
    return this.#setup.ports.flashblocks.map((port) => `ws://127.0.0.1:${port}`);
  }

  get loadReport(): LoadReport {
    return this.#loadReport;
  }

  /** Starts L1 and the agents; resolves when they wait for nothing but the rollup. */
  async start(): Promise<void> {
    const { l1, ports } = this.#setup;
    const args = [l1, String(ports.l1), join(this.directory, "l1")];
    this.#l1 = this.#children.start("l1", script("./l1/main.ts"), args);
    this.#l1.process.on("message", (message: L1Message) => {
      if (message.type === "failed") this.#onFailure(new Error(`L1: ${message.reason}`));
    });
    const listening = this.#l1Says("listening");
    const cluster = {
      l1Url: this.l1Url,
      deploymentFile: join(this.directory, "deployment.json"),
      l2GenesisTimestamp: Math.floor(Date.now() / 1000),
      ports,
      peerPorts: await Promise.all(AGENT_NAMES.map((name) => this.#peerPortsOf(name))),
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
    const genesisTime = genesisTimeFrom(Date.now(), GENESIS_LEAD_SECONDS, DEVNET_PARAMETERS.l1SlotSeconds);
    const deployed = this.#l1Says("deployed");
    this.#tellL1({ type: "deploy", genesisTime });
    const { rollup, lens, deploymentBlock, chainId } = await deployed;
    const file = join(this.directory, "deployment.json");
    // The agents look for the file: it must never be there in part.
    writeFileSync(`${file}.new`, JSON.stringify({ rollup, chainId, deploymentBlock }));
    renameSync(`${file}.new`, file);
    this.#startLoad();
    const { outsider } = this.#setup.cast;
    if (outsider !== undefined) {
      const around = { l1Url: this.l1Url, agentUrl: this.rpcUrls[0] as string, rollup, directory: this.directory };
      this.#outsider = startOutsider(outsider, this.#children, around);
    }
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

  /** Ends agents at once as a power cut would, starts them on what they left on disk, and resolves once they have loaded. */
  async restartAgents(names: string[]): Promise<void> {
    await Promise.all(names.map((name) => this.killAgent(name)));
    await Promise.all(names.map((name) => isReady(this.#startAgent(AGENT_NAMES.indexOf(name)))));
  }

  /** Tells an agent of a directed cast what to do wrong. */
  directAgent(name: string, direction: Direction): void {
    this.#agents[AGENT_NAMES.indexOf(name)]?.process.send(direction);
  }

  /** Tells the forger of the cast to land a checkpoint of a slot. */
  forge(slot: number): void {
    this.#outsider?.process.send({ type: "forge", slot } satisfies ForgerCommand);
  }

  /** Replaces the blocks of the last `depth` L1 slots by others; resolves with how many slots that were. */
  async reorganizeL1(depth: number, keeps: boolean): Promise<number> {
    const reorganized = this.#l1Says("reorganized");
    this.#tellL1({ type: "reorganize", depth, keeps });
    return (await reorganized).slots;
  }

  /** Where the independent submitter of the cast keeps its books, once it has been stopped; undefined if there is none. */
  async stopSubmitter(): Promise<string | undefined> {
    if (this.#outsider === undefined || this.#setup.cast.outsider !== "submitter") return undefined;
    await this.#children.stop([this.#outsider]);
    return join(this.directory, "submitter", "ledger.jsonl");
  }

  /** Ends everything: the load first, L1 last, so that the agents can finish what they are at. */
  async stop(): Promise<void> {
    if (this.#load !== undefined) await this.#children.stop([this.#load]);
    await this.#children.stop(this.#agents);
    await this.#children.stopAll();
    this.links.close();
    if (!this.#setup.keep) rmSync(this.directory, { recursive: true, force: true });
  }

  /** Ports under which an agent reaches the others: their own, or those of links that can be cut. */
  #peerPortsOf(name: string): Promise<number[]> {
    const { ports, cast } = this.#setup;
    const others = AGENT_NAMES.flatMap((other, index) => (other === name ? [] : [{ other, index }]));
    return Promise.all(
      others.map(async ({ other, index }) => {
        const port = ports.p2p[index] as number;
        return cast.links === true ? this.links.open(name, other, port) : port;
      }),
    );
  }

  #startAgent(index: number): Child {
    const path = this.#setup.cast.directed === true ? DIRECTED_AGENT : AGENT;
    const args = ["agent", "--config", this.#configs[index] as string];
    const agent = this.#children.start(AGENT_NAMES[index] as string, path, args);
    this.#agents[index] = agent;
    return agent;
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

  #tellL1(command: L1Command): void {
    this.#l1?.process.send(command);
  }

  /** The next message of this type from L1. */
  #l1Says<Type extends L1Message["type"]>(type: Type): Promise<Extract<L1Message, { type: Type }>> {
    const { process } = this.#l1 as Child;
    return new Promise((resolve) => {
      const hear = (message: L1Message): void => {
        if (message.type !== type) return;
        process.off("message", hear);
        resolve(message as Extract<L1Message, { type: Type }>);
      };
      process.on("message", hear);
    });
  }
}

function isReady(agent: Child): Promise<void> {
  return new Promise((resolve) => {
    agent.process.on("message", (message: AgentMessage) => {
      if (message.type === "ready") resolve();
    });
  });
}
