import { join } from "node:path";
import { agentKeys } from "../../deploy/devnet/accounts.ts";
import { type ComposedAgent, composeAgent } from "../../sdk/agent/assembly/compose.ts";
import { readRollup } from "../../sdk/agent/assembly/l1.ts";
import type { AgentPorts, AgentSeams } from "../../sdk/agent/assembly/ports.ts";
import { Teardown } from "../../sdk/agent/assembly/teardown.ts";
import { openValidators } from "../../sdk/agent/assembly/validator.ts";
import type { AgentConfig } from "../../sdk/agent/config/interface.ts";
import { parametersOf } from "../../sdk/agent/config/parameters.ts";
import { L1Endpoints } from "../../sdk/agent/l1/endpoints/endpoints.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../sdk/agent/mempool/pool.ts";
import { transactionCodec } from "../../sdk/agent/messages/transaction.ts";
import { MemoryNetwork } from "../../sdk/agent/network/memory-network.ts";
import { LmdbChainStore } from "../../sdk/agent/store/lmdb-chain-store.ts";
import { Timetable } from "../../sdk/agent/time/timetable.ts";
import type { Logger } from "../../sdk/agent/types/logger.ts";
import type { Kzg } from "../../sdk/blob/kzg.ts";
import type { SignatureScheme } from "../../sdk/bls/scheme.ts";
import { openJournal } from "../../sdk/submit/journal/file.ts";
import type { Journal } from "../../sdk/submit/journal/interface.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import type { Chance } from "./chance.ts";
import { EngineView, type SharedExecution } from "./engine.ts";
import { type CutWrite, PowerSwitch } from "./faults/power.ts";
import { behindPort, portOf } from "./forbidden.ts";
import { GuardedSigning } from "./invariants/guarded.ts";
import type { ShownTransactions } from "./invariants/transactions.ts";
import type { SimulatedL1 } from "./l1/chain.ts";
import { type L1Request, simulatedTransport } from "./l1/provider.ts";
import type { SignatureLedger } from "./ledger.ts";
import { type Latency, Life } from "./life.ts";
import type { EventLoop } from "./loop.ts";
import { networkOf, type SelectiveHub } from "./network.ts";
import { type Delays, publicKeyAt, type Setting } from "./setting.ts";
import type { Trace } from "./trace.ts";
import { Witnesses } from "./witness.ts";

/** What all agents of a simulation share. */
export interface AgentWorld {
  setting: Setting;
  loop: EventLoop;
  hub: SelectiveHub;
  l1: SimulatedL1;
  execution: SharedExecution;
  bls: SignatureScheme;
  kzg: Kzg;
  ledger: SignatureLedger;
  shown: ShownTransactions;
  witnesses: Witnesses;
  trace: Trace;
  chance: Chance;
  /** What stands between an agent and one of its L1 nodes. */
  l1Request: (agent: number, life: Life, node: number) => L1Request;
  isVillain: (agent: number) => boolean;
  /** What an agent's ports are to it; a villain's are not what they seem. */
  disguise: (agent: number, ports: AgentPorts) => { ports: AgentPorts; seams: AgentSeams };
}

/** Nodes through which an agent reads the one L1. */
const L1_NODES = 2;
/** Newest blocks that a crash may find not on disk. */
const MAX_LOST_BLOCKS = 2;

interface Running {
  life: Life;
  agent: ComposedAgent;
  ports: AgentPorts;
}

/** One agent over all its lives: its disk outlasts them. */
export class SimulatedAgent {
  readonly index: number;
  readonly name: string;
  /** Of its validators. */
  readonly publicKeys: readonly Hex[];
  readonly engine: EngineView;
  readonly #config: AgentConfig;
  readonly #world: AgentWorld;
  readonly #witnesses: Witnesses;
  #life: Life | undefined;
  #running: Running | undefined;
  #teardown = new Teardown();
  #journal: Journal | undefined;
  readonly #power: PowerSwitch;

  constructor(index: number, config: AgentConfig, world: AgentWorld) {
    this.index = index;
    this.name = agentKeys(index).name;
    this.publicKeys = world.setting.validatorsOf[index]?.map(publicKeyAt) ?? [];
    this.engine = new EngineView(world.execution);
    this.#config = config;
    this.#world = world;
    // A villain is held to nothing; what it does must do the others no harm.
    this.#witnesses = world.isVillain(index) ? new Witnesses() : world.witnesses;
    this.#power = new PowerSwitch({ crash: () => this.crash(), cutOff: () => this.cutOff() });
  }

  /** The running agent; undefined while it is down or starting. */
  get running(): Running | undefined {
    return this.#running;
  }

  /** Where it keeps what outlasts a crash. */
  get dataDir(): string {
    return this.#config.dataDir;
  }

  /** The journal of its first L1 account; undefined while it is down. */
  get journal(): Journal | undefined {
    return this.#journal;
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** Ends it when it writes something next. */
  crashAtNextWrite(at: CutWrite): void {
    this.#power.cutAtNextWrite(at);
  }

  /** Starts it on what it left on disk, with a clock that is `skewMs` ahead. */
  async start(skewMs: number): Promise<void> {
    // It was to crash at a write, and wrote nothing.
    this.#power.cutAtNextWrite(undefined);
    if (this.isUp) return;
    const { loop, chance, trace, l1, setting } = this.#world;
    const life = new Life(loop, chance, skewMs);
    this.#life = life;
    trace.add(loop.nowMs(), this.name, `starts, clock ${skewMs} ms ahead`);
    const { ports: real, timetable } = await this.#open(life);
    const { ports, seams } = this.#world.disguise(this.index, real);
    const agent = await composeAgent(this.#config, l1.deployment, timetable, ports, {
      ...setting.seams?.(this.index),
      ...seams,
    });
    this.#record(agent);
    await ports.network.start();
    agent.node.start();
    this.#running = { life, agent, ports };
    trace.add(loop.nowMs(), this.name, `is up, head ${agent.keeper.tips.head.blockNumber}`);
  }

  /** Ends it in the middle of what it is doing, which goes on nowhere; it is down as soon as time goes on. */
  cutOff(): void {
    const { loop } = this.#world;
    this.#life?.end();
    loop.at(loop.nowMs(), () => this.crash());
  }

  /** Ends it as a power cut would. Its files are closed so that it can open them again: that writes nothing. */
  async crash(): Promise<void> {
    if (!this.isUp) return;
    const { loop, chance, trace } = this.#world;
    this.#life?.end();
    this.#life = undefined;
    this.#running = undefined;
    trace.add(loop.nowMs(), this.name, "crashes");
    await behindPort(() => this.#teardown.run(this.#log()));
    this.#journal = undefined;
    this.#power.leave(chance);
    this.engine.loseNewest(chance.whole(0, MAX_LOST_BLOCKS));
  }

  /** What its JSON-RPC does with a user's transaction. Rejects with MempoolError. */
  async take(raw: Hex): Promise<void> {
    const { ports } = this.#running as Running;
    await ports.mempool.add(raw);
    await ports.network.publish("transactions", transactionCodec.encode(hexToBytes(raw)));
  }

  async #open(life: Life): Promise<{ ports: AgentPorts; timetable: Timetable }> {
    const { l1, hub, bls, ledger, kzg, setting } = this.#world;
    const witnesses = this.#witnesses;
    const { delays } = setting;
    const { deployment } = l1;
    const config = this.#config;
    const log = this.#log();
    const transports = Array.from({ length: L1_NODES }, (_, node) =>
      simulatedTransport(`http://simulated-${node}`, this.#world.l1Request(this.index, life, node)),
    );
    const { rpcTimeoutMs: timeoutMs, compareEveryMs } = config.l1;
    const options = { chainId: deployment.chainId, timeoutMs, compareEveryMs };
    const provider = behindPort(() => new L1Endpoints(options, { transports, clock: life.clock, log }));
    const onL1 = await readRollup(provider, config, deployment);
    const parameters = parametersOf(onL1, config.timing);
    const engine = life.slow(portOf(this.engine), (method) => latencyOf(this.engine, method, delays));
    const { clock } = life;
    const file = (name: string): string => join(config.dataDir, name);
    const store = this.#teardown.add(
      behindPort(() => new LmdbChainStore({ path: file("chain.mdb"), ...deployment })),
      (part) => part.close(),
    );
    const mempool = new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: config.l2.chainId, blockGasLimit: config.l2.gasLimit },
      { chain: engine, clock, log },
    );
    const identity = { chainId: deployment.chainId, rollup: deployment.rollup, parameters };
    const network = this.#teardown.add(new MemoryNetwork({ peerId: this.name, identity }, { hub, log }), (part) =>
      part.stop(),
    );
    const { chainId, rollup } = deployment;
    const guarded = new GuardedSigning({ chainId: BigInt(chainId), rollup }, (violation) =>
      witnesses.report(violation),
    );
    const scheme = portOf(guarded.scheme(bls));
    const own = await life.call(
      () => openValidators(config, deployment, { bls: scheme, clock, log }, this.#teardown),
      delays.lookUp,
    );
    const ports: AgentPorts = {
      clock,
      l1: provider,
      engine,
      mempool,
      store: life.slow(
        portOf(store),
        (method) => (method === "commit" ? delays.disk : undefined),
        (write) => this.#power.around(write),
      ),
      network: networkOf(network, life, (topic, data, verdict) => witnesses.onVerdict(this, topic, data, verdict)),
      kzg: life.slow(kzg, (method) => delays.kzg[method]),
      bls,
      validators: (own?.validators ?? []).map(({ guard, signer, coinbase }) => ({
        guard: portOf(guard),
        signer: guarded.signer(
          life.slow(
            ledger.watch(portOf(signer)),
            (method) => (method === "sign" ? delays.disk : undefined),
            (write) => this.#power.around(write),
          ),
          guard,
          (asked) => witnesses.onSigning(this, asked),
        ),
        coinbase,
      })),
      openJournal: (account) => {
        const path = file(`submissions-${account}.jsonl`);
        const opened = behindPort(() => openJournal({ path, chainId: deployment.chainId, account }));
        const journal = this.#teardown.add(opened, (part) => part.close());
        this.#journal ??= journal;
        return portOf(this.#power.journal(path, setting.journal?.(this.index, journal) ?? journal));
      },
      log,
    };
    return { ports, timetable: new Timetable(parameters, onL1.genesisTime) };
  }

  #record({ events, building }: ComposedAgent): void {
    const { loop, trace, shown, execution } = this.#world;
    building.flashblocks.on("bus", (event) => this.#witnesses.onFlashblock(this, event));
    events.on((event) => {
      this.#witnesses.onEvent(this, event);
      const add = (what: string): void => trace.add(loop.nowMs(), this.name, what);
      switch (event.type) {
        case "head":
          if (!this.#world.isVillain(this.index))
            shown.note(execution.transactionHashes(event.block.hash), loop.nowMs());
          return add(
            `block ${event.block.number} slot ${event.block.slot}.${event.block.attempt}.${event.block.index} ` +
              `${short(event.block.hash)} ${event.block.transactionCount} tx`,
          );
        case "build-started":
          return add(`builds slot ${event.slot} on slot ${event.parentSlot}: ${event.trigger}`);
        case "proposed":
          return add(`slot ${event.slot} proposed ${short(event.digest)}`);
        case "attested":
          return add(`slot ${event.slot} certified ${short(event.digest)} by ${event.signers}`);
        case "submitted":
          return add(`slot ${event.landed.slot} on L1, ${event.landed.landing.onTime ? "on time" : "late"}`);
        case "discarded":
          return add(`slot ${event.discarded.slot} discarded: ${event.discarded.reason}`);
        case "missed-duty":
          return add(`slot ${event.slot} missed duty ${event.duty}: ${event.reason}`);
      }
    });
  }

  #log(): Logger {
    const { loop, trace } = this.#world;
    const write =
      (level: string) =>
      (fields: object, message: string): void =>
        trace.note(loop.nowMs(), this.name, `${level}: ${message} ${JSON.stringify(fields, plain)}`);
    return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  }
}

const short = (hash: Hex): string => hash.slice(0, 10);

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

/** What invariants and faults look at, not the agent. */
const IMMEDIATE = new Set(["close", "chainOf", "isAncestor", "has", "transactionsOf", "loseNewest"]);

/** Asynchronous methods of the engine take their time; what is plain stays so. */
function latencyOf(engine: EngineView, method: string, delays: Delays): Latency | undefined {
  if (IMMEDIATE.has(method)) return undefined;
  return typeof Reflect.get(engine, method) === "function" ? (delays.engine[method] ?? delays.lookUp) : undefined;
}
