import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlobArchive, BlobSource } from "../../../sdk/agent/archive/interface.ts";
import { type ComposedAgent, composeAgent } from "../../../sdk/agent/assembly/compose.ts";
import type { Engine } from "../../../sdk/agent/assembly/engine.ts";
import { genesisOf } from "../../../sdk/agent/assembly/genesis.ts";
import { Teardown } from "../../../sdk/agent/assembly/teardown.ts";
import type { GenesisConfig } from "../../../sdk/agent/engine/genesis.ts";
import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import type { OwnValidator } from "../../../sdk/agent/guard/interface.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../../sdk/agent/mempool/pool.ts";
import { Libp2pNetwork } from "../../../sdk/agent/network/libp2p-network.ts";
import { LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import type { Clock } from "../../../sdk/agent/time/interface.ts";
import { sleepUntil } from "../../../sdk/agent/time/sleep.ts";
import type { Tips } from "../../../sdk/agent/types/tips.ts";
import { BLS } from "../../../sdk/bls/scheme.ts";
import { memoryJournal } from "../../../sdk/submit/journal/memory.ts";
import { kzg, type Recorder, recorder } from "../pipeline/support.ts";
import type { ChainOnL1 } from "./chain.ts";

/** The machine's clock, some time ahead: the test's chain is where its L1 is. */
export class ShiftedClock implements Clock {
  readonly #clock = new SystemClock();
  #shiftMs = 0;

  constructor(nowMs: number) {
    this.set(nowMs);
  }

  /** What waits goes on waiting as long as it would have. */
  set(nowMs: number): void {
    this.#shiftMs = nowMs - this.#clock.nowMs();
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#shiftMs;
  }

  at(timeMs: number, task: () => void): () => void {
    return this.#clock.at(timeMs - this.#shiftMs, task);
  }

  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    return sleepUntil(this, timeMs, signal);
  }
}

export interface Surroundings {
  /** Addresses of the peers it starts with. */
  peers?: string[];
  archive?: BlobArchive;
  blobSources?: BlobSource[];
  /** In the place of its own engine. */
  openEngine?: (genesis: GenesisConfig) => Promise<Engine & { close(): Promise<void> }>;
  /** None, if left out. */
  validators?: readonly OwnValidator[];
  /** Of the chain store, where it is not the default. */
  retainSlots?: number;
}

/** An agent that follows, with nothing on its disk: all real, on the test's L1. */
export interface FreshAgent {
  agent: ComposedAgent;
  network: Libp2pNetwork;
  log: Recorder;
  tips: () => Tips;
  /** Resolves when its tips are as they should be. */
  until: (isSo: (tips: Tips) => boolean) => Promise<void>;
  stop: () => Promise<void>;
}

/** A network of the chain's, for an agent or for somebody who plays one. */
export async function openNetwork(
  { world, timetable }: ChainOnL1,
  clock: Clock,
  peers: string[],
): Promise<Libp2pNetwork> {
  const network = await Libp2pNetwork.create(
    {
      keySeed: randomBytes(32),
      listen: ["/ip4/127.0.0.1/tcp/0"],
      bootstrap: peers,
      identity: { chainId: Number(world.chainId), rollup: world.rollup, parameters: timetable.parameters },
    },
    { clock, log: recorder() },
  );
  return network;
}

export async function startFresh(chain: ChainOnL1, clock: Clock, around: Surroundings = {}): Promise<FreshAgent> {
  const { world, timetable, config: configIn } = chain;
  const { peers = [], archive, blobSources, retainSlots, validators = [] } = around;
  const dataDir = mkdtempSync(join(tmpdir(), "baton-fresh-"));
  const config = configIn(dataDir);
  const deployment = { rollup: world.rollup, chainId: Number(world.chainId), deploymentBlock: 1 };
  const teardown = new Teardown();
  const log = recorder();
  const genesis = genesisOf(config, { chainId: world.chainId, rollup: world.rollup });
  const fail = (error: Error): void => log.error({ error: String(error) }, "engine lost");
  const openOwn = (): Promise<WorkerEngine> =>
    WorkerEngine.open({ path: join(dataDir, "engine"), genesis }, { onCrash: fail });
  const engine = teardown.add(await (around.openEngine ?? openOwn)(genesis), (part) => part.close());
  const store = teardown.add(
    new LmdbChainStore({ path: join(dataDir, "chain.mdb"), ...deployment, ...(retainSlots && { retainSlots }) }),
    (part) => part.close(),
  );
  const mempool = teardown.add(
    new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: config.l2.chainId, blockGasLimit: config.l2.gasLimit },
      { chain: engine, clock, log },
    ),
    (part) => part.close(),
  );
  const network = teardown.add(await openNetwork(chain, clock, peers), (part) => part.stop());
  const agent = await composeAgent(config, deployment, timetable, {
    clock,
    l1: chain.l1,
    engine,
    mempool,
    store,
    network,
    kzg,
    archive,
    ...(blobSources && { blobSources }),
    bls: BLS,
    validators,
    openJournal: () => memoryJournal(),
    log,
  });
  await network.start();
  agent.node.start();
  teardown.add(agent.node, (part) => part.stop());
  const tips = (): Tips => agent.keeper.tips;
  return {
    agent,
    network,
    log,
    tips,
    until: async (isSo) => {
      while (!isSo(tips())) await clock.sleepUntil(clock.nowMs() + 20);
    },
    async stop() {
      await teardown.run(log);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
