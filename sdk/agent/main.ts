import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createKzg } from "../blob/kzg.ts";
import { logEvents } from "./assembly/event-log.ts";
import { genesisOf } from "./assembly/genesis.ts";
import { l1Provider, readRollup } from "./assembly/l1.ts";
import { openPublisher } from "./assembly/publisher.ts";
import { Teardown } from "./assembly/teardown.ts";
import { openValidator, pruneGuard } from "./assembly/validator.ts";
import type { AgentConfig } from "./config/interface.ts";
import { awaitDeployment } from "./config/load.ts";
import { parametersOf } from "./config/parameters.ts";
import { WorkerEngine } from "./engine/worker/worker-engine.ts";
import { Inbox } from "./l1/inbox.ts";
import { L1BlockReader } from "./l1/reader.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "./mempool/options.ts";
import { TransactionPool } from "./mempool/pool.ts";
import { blockProposalCodec, blockProposalDigest } from "./messages/block-proposal.ts";
import { checkpointProposalCodec } from "./messages/checkpoint-proposal.ts";
import { certificateCodec, voteCodec } from "./messages/votes.ts";
import { Libp2pNetwork } from "./network/libp2p-network.ts";
import { Attester } from "./pipeline/attester.ts";
import { BlockBuilder } from "./pipeline/block-builder.ts";
import { CatchUp } from "./pipeline/catch-up.ts";
import { digestOf } from "./pipeline/checkpoint.ts";
import { PipelineEvents } from "./pipeline/events.ts";
import { Follower } from "./pipeline/follower.ts";
import { connectGossip, fetchCheckpoint } from "./pipeline/gossip.ts";
import { Intake } from "./pipeline/intake.ts";
import { ChainKeeper } from "./pipeline/keeper.ts";
import { L1Follower } from "./pipeline/l1-follower.ts";
import { PipelineNode } from "./pipeline/node.ts";
import { Proposer } from "./pipeline/proposer.ts";
import type { Publishing } from "./pipeline/publisher.ts";
import { restoreChain } from "./pipeline/restore.ts";
import { DEFAULT_RPC_OPTIONS } from "./rpc/options.ts";
import { startRpcServer } from "./rpc/server/start.ts";
import { PipelineView } from "./rpc/view.ts";
import { L1ValidatorSets } from "./sets/l1-sets.ts";
import { OwnSlots } from "./sets/own-slots.ts";
import { LmdbChainStore } from "./store/lmdb-chain-store.ts";
import { SystemClock } from "./time/clock.ts";
import { Mailbox } from "./time/mailbox.ts";
import { Timetable } from "./time/timetable.ts";
import type { Logger } from "./types/logger.ts";

/** Work that may wait in the node's mailbox; a message beyond it is dropped and asked for again by its topic's rules. */
const MAILBOX_BOUND = 4096;

/** A running agent. */
export interface Agent {
  /** Where JSON-RPC is served. */
  rpcUrl: string;
  /** Ends it in the reverse order of its start; resolves when everything is on disk and closed. */
  stop(): Promise<void>;
}

/** What a caller may put around a part; how tests make an actor faulty without a switch in the agent. */
export interface AgentSeams {
  publisher?: (real: Publishing) => Publishing;
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
  const [thread, kzg] = await Promise.all([
    WorkerEngine.load().then((loaded) => teardown.add(loaded, (part) => part.terminate())),
    Promise.resolve().then(createKzg),
  ]);
  onReady();
  const deployment = await awaitDeployment(config.l1.deploymentFile, clock, signal);
  const identity = { chainId: BigInt(deployment.chainId), rollup: deployment.rollup };
  const engine = teardown.add(
    await WorkerEngine.open(
      { path: file("engine"), genesis: genesisOf(config, identity) },
      { onCrash: onFatal },
      thread,
    ),
    (part) => part.close(),
  );
  const l1 = teardown.add(l1Provider(config, deployment), (part) => part.destroy());
  const onL1 = await readRollup(l1, config, deployment);
  const parameters = parametersOf(onL1, config.timing);
  const timetable = new Timetable(parameters, onL1.genesisTime);

  const store = teardown.add(
    new LmdbChainStore({ path: file("chain.mdb"), chainId: deployment.chainId, rollup: deployment.rollup }),
    (part) => part.close(),
  );
  const mempool = teardown.add(
    new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: config.l2.chainId, blockGasLimit: config.l2.gasLimit },
      { chain: engine, clock },
    ),
    (part) => part.close(),
  );
  const events = new PipelineEvents((error) => log.error({ error: String(error) }, "a listener failed"));
  const keeper = new ChainKeeper(await restoreChain(store, engine), {
    engine,
    mempool,
    store,
    events,
    timetable,
  });
  const mailbox = new Mailbox(MAILBOX_BOUND, (error) =>
    log.error({ error: errorText(error) }, "a step of the pipeline failed"),
  );

  const inbox = new Inbox(timetable);
  const sets = new L1ValidatorSets({ provider: l1, rollup: deployment.rollup }, timetable, () =>
    timetable.epochOf(timetable.moment(keeper.state.l1.timestamp * 1000).submissionSlot),
  );
  const rules = { timetable, gasLimit: config.l2.gasLimit };
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

  const validator =
    config.validator === undefined
      ? undefined
      : await openValidator(config.validator.blsSecretKey, config, deployment, teardown);
  const ownSlots = new OwnSlots(sets, validator?.signer.publicKey);
  const intake = new Intake({ clock, timetable, sets, identity, blockDigest: blockProposalDigest });
  const follower = new Follower({ keeper, engine, store, inbox, kzg, identity, rules, clock, log });
  const attester = new Attester({
    keeper,
    sets,
    timetable,
    clock,
    identity,
    signer: validator?.signer,
    publishVote: (vote) => network.publish("votes", voteCodec.encode(vote)),
    publishCertificate: (certificate) => network.publish("certificates", certificateCodec.encode(certificate)),
    log,
  });
  const l1Follower = new L1Follower({
    keeper,
    follower,
    mailbox,
    kzg,
    identity,
    maxBlobs: parameters.maxBlobsPerCheckpoint,
    fetch: (slot) => fetchCheckpoint(network, slot, kzg, parameters.maxBlobsPerCheckpoint),
    log,
  });
  const catchUp: CatchUp = new CatchUp({
    keeper,
    intake,
    follower,
    attester,
    kzg,
    identity,
    timetable,
    fetch: (slot) => fetchCheckpoint(network, slot, kzg, parameters.maxBlobsPerCheckpoint),
    peerCount: () => network.peerCount(),
    run: (task) => node.run(task),
    log,
  });
  const proposer =
    validator &&
    config.validator &&
    new Proposer({
      keeper,
      builder: new BlockBuilder({ engine, mempool, clock }),
      chain: engine,
      store,
      inbox,
      kzg,
      clock,
      identity,
      rules,
      signer: validator.signer,
      guard: validator.guard,
      coinbase: config.validator.coinbase,
      events,
      blockDigest: blockProposalDigest,
      publishBlock: async (block) => {
        intake.noteOwnBlock(block);
        await Promise.all([
          node.run(() => follower.onBlock(block)),
          network.publish("blocks", blockProposalCodec.encode(block)),
        ]);
      },
      publishProposal: async (proposal) => {
        intake.noteOwnProposal(proposal, digestOf(identity, proposal));
        await Promise.all([
          node.run(() => follower.onProposal(proposal)),
          network.publish("checkpoints", checkpointProposalCodec.encode(proposal)),
        ]);
      },
      log,
    });
  const publisher =
    config.l1.accountKey &&
    (await openPublisher(config.l1.accountKey, { config, deployment, l1, store, kzg, clock, timetable, log }));
  const node = new PipelineNode({
    clock,
    timetable,
    mailbox,
    keeper,
    intake,
    follower,
    attester,
    l1Follower,
    catchUp,
    l1: new L1BlockReader(l1, deployment.rollup, deployment.deploymentBlock, inbox),
    ownSlots,
    proposer,
    publisher: publisher && (seams.publisher?.(publisher) ?? publisher),
    log,
  });
  connectGossip(network, node, mempool, store);
  await network.start();
  const view = new PipelineView({
    role: validator ? "validator" : "follower",
    keeper,
    node,
    store,
    network,
    events,
    clock,
    timetable,
    location: deployment,
  });
  const rpc = teardown.add(
    await startRpcServer(
      { ...DEFAULT_RPC_OPTIONS, ...config.rpc, chainId: config.l2.chainId },
      { chain: engine, pool: mempool, node: view, clock, log },
    ),
    (part) => part.stop(),
  );
  logEvents(events, log);
  if (validator !== undefined) pruneGuard(events, validator.guard, onL1);
  node.start();
  teardown.add(node, (part) => part.stop());
  log.info({ rpc: rpc.url, peer: network.peerId, rollup: deployment.rollup, head: keeper.tips.head }, "agent started");
  return { rpcUrl: rpc.url, stop: () => teardown.run(log) };
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
