import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createKzg } from "../blob/kzg.ts";
import { BLS } from "../bls/scheme.ts";
import { openJournal } from "../submit/journal/file.ts";
import { openArchive } from "./assembly/archive.ts";
import { checkClock } from "./assembly/clock.ts";
import { composeAgent } from "./assembly/compose.ts";
import { loadEngine } from "./assembly/engine.ts";
import { logEvents } from "./assembly/event-log.ts";
import { openFlashblocks } from "./assembly/flashblocks.ts";
import { genesisOf } from "./assembly/genesis.ts";
import { l1Endpoints, readRollup } from "./assembly/l1.ts";
import { openMetrics } from "./assembly/metrics.ts";
import type { AgentPorts, AgentSeams } from "./assembly/ports.ts";
import { Teardown } from "./assembly/teardown.ts";
import { openValidators, pruneGuard } from "./assembly/validator.ts";
import type { AgentConfig } from "./config/interface.ts";
import { awaitDeployment } from "./config/load.ts";
import { parametersOf } from "./config/parameters.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "./mempool/options.ts";
import { TransactionPool } from "./mempool/pool.ts";
import { Libp2pNetwork } from "./network/libp2p-network.ts";
import { DEFAULT_RPC_OPTIONS } from "./rpc/options.ts";
import { startRpcServer } from "./rpc/server/start.ts";
import { PipelineView } from "./rpc/view.ts";
import { LmdbChainStore } from "./store/lmdb-chain-store.ts";
import { FileTransactionJournal } from "./store/transaction-journal.ts";
import { SystemClock } from "./time/clock.ts";
import { Timetable } from "./time/timetable.ts";
import type { Logger } from "./types/logger.ts";

/** A running agent. */
export interface Agent {
  /** Where JSON-RPC is served. */
  rpcUrl: string;
  /** Where metrics are served; undefined if they are not. */
  metricsUrl: string | undefined;
  /** Where blocks are streamed as they grow; undefined if they are not. */
  flashblocksUrl: string | undefined;
  /** Takes on no new slot; resolves when what it has begun is done, or the signal aborts. */
  finish(signal: AbortSignal): Promise<void>;
  /** Ends it in the reverse order of its start; resolves when everything is on disk and closed. */
  stop(): Promise<void>;
}

export interface AgentEnvironment {
  log: Logger;
  /** Aborts the start; afterwards use `stop`. */
  signal: AbortSignal;
  /** Called once everything is loaded and only the deployment is awaited. */
  onReady: () => void;
  /** Called if a part fails for good; the agent should be ended and started again. */
  onFatal: (error: Error) => void;
}

/**
 * How long what is under way on L1 is waited for when the agent is stopped. What was sent then, and not answered, is in
 * the journal: the next start looks for it.
 */
const L1_STOP_MS = 5_000;

/** Starts an agent: this file and `assembly` are the one place that knows what stands behind each port. */
export async function startAgent(
  config: AgentConfig,
  environment: AgentEnvironment,
  seams: AgentSeams = {},
): Promise<Agent> {
  const teardown = new Teardown();
  try {
    return await start(config, environment, seams, teardown);
  } catch (error) {
    await teardown.run(environment.log);
    throw error;
  }
}

async function start(
  config: AgentConfig,
  environment: AgentEnvironment,
  seams: AgentSeams,
  teardown: Teardown,
): Promise<Agent> {
  const { log, signal, onReady, onFatal } = environment;
  const clock = new SystemClock();
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(config.dataDir, name);

  // The engine's threads load while this one loads the trusted setup: a restart in the middle of a slot is in a hurry.
  const [openEngine, kzg] = await Promise.all([
    loadEngine(config, { clock, log, onFatal }, teardown),
    Promise.resolve().then(createKzg),
  ]);
  onReady();
  const deployment = await awaitDeployment(config.l1.deploymentFile, clock, signal);
  const identity = { chainId: BigInt(deployment.chainId), rollup: deployment.rollup };
  const l1 = teardown.add(l1Endpoints(config.l1, deployment, { clock, log }), (part) => part.destroy());
  const onL1 = await readRollup(l1, config, deployment);
  const parameters = parametersOf(onL1, config.timing);
  const timetable = new Timetable(parameters, onL1.genesisTime);
  const retainSlots = config.history?.keepSlots;
  const keepBlocks = retainSlots && retainSlots * Math.ceil(parameters.slotSeconds / parameters.blockSeconds);
  const engine = teardown.add(await openEngine(genesisOf(config, identity), keepBlocks), (part) => part.close());
  await checkClock(l1, clock, parameters, log);

  const store = teardown.add(
    new LmdbChainStore({
      path: file("chain.mdb"),
      chainId: deployment.chainId,
      rollup: deployment.rollup,
      ...(retainSlots && { retainSlots }),
    }),
    (part) => part.close(),
  );
  const mempool = teardown.add(
    new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: config.l2.chainId, blockGasLimit: config.l2.gasLimit },
      { chain: engine, clock, log, journal: new FileTransactionJournal(file("mempool.journal"), log) },
    ),
    (part) => part.close(),
  );
  const network = teardown.add(
    await Libp2pNetwork.create(
      {
        keySeed: Buffer.from(config.p2p.seed.slice(2), "hex"),
        listen: [config.p2p.listen],
        bootstrap: config.p2p.peers,
        identity: { chainId: deployment.chainId, rollup: deployment.rollup, parameters },
      },
      { clock, log },
    ),
    (part) => part.stop(),
  );

  const own = await openValidators(config, deployment, { bls: BLS, clock, log }, teardown);
  const ports: AgentPorts = {
    clock,
    l1,
    engine,
    mempool,
    store,
    network,
    kzg,
    ...openArchive(config, parameters.l1SlotSeconds, { kzg, clock }),
    bls: BLS,
    validators: own?.validators ?? [],
    openJournal: (account) =>
      openJournal({ path: file(`submissions-${account}.jsonl`), chainId: deployment.chainId, account }),
    log,
  };
  const composed = await composeAgent(config, deployment, timetable, ports, seams);
  const { node, keeper, events, evidence, archivist, funding } = composed;
  await network.start();
  const view = new PipelineView({
    validators: ports.validators.map(({ signer }) => signer.publicKey),
    keeper,
    node,
    store,
    network,
    events,
    clock,
    timetable,
    location: deployment,
    l1Health: () => l1.health(),
    evidence,
    funding,
  });
  const rpc = teardown.add(
    await startRpcServer(
      { ...DEFAULT_RPC_OPTIONS, ...config.rpc, chainId: config.l2.chainId },
      { chain: engine, pool: mempool, node: view, clock, log },
    ),
    (part) => part.stop(),
  );
  logEvents(events, log);
  const metrics = await openMetrics(config, { composed, network, mempool, l1, clock, timetable, log });
  if (metrics !== undefined) teardown.add(metrics, (part) => part.stop());
  const flashblocks = await openFlashblocks(config, { building: composed.building, events, clock });
  if (flashblocks !== undefined) teardown.add(flashblocks, (part) => part.stop());
  if (own !== undefined) pruneGuard(events, own.guard, onL1);
  if (archivist !== undefined) teardown.add(archivist, (part) => part.idle());
  node.start();
  // Beside the duties, which do not wait for it.
  mempool.restore().catch((error: unknown) => log.error({ error: String(error) }, "mempool not read from disk"));
  teardown.add(node, (part) => {
    const cancel = clock.at(clock.nowMs() + L1_STOP_MS, () => l1.destroy());
    return part.stop().finally(cancel);
  });
  log.info(
    {
      ...{ rpc: rpc.url, metrics: metrics?.url, flashblocks: flashblocks?.url, peer: network.peerId },
      ...{ rollup: deployment.rollup, head: keeper.tips.head },
    },
    "agent started",
  );
  return {
    rpcUrl: rpc.url,
    metricsUrl: metrics?.url,
    flashblocksUrl: flashblocks?.url,
    finish: (until) => node.finish(until),
    stop: () => teardown.run(log),
  };
}
