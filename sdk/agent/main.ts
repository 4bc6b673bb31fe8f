import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { FetchRequest, JsonRpcProvider, Network as L1Network, Wallet } from "ethers";
import { createKzg, type Kzg } from "../blob/kzg.ts";
import { getConfig, type RollupConfig } from "../get/config.ts";
import { createSimulator } from "../simulate/simulator.ts";
import { openJournal } from "../submit/journal/file.ts";
import { type LandingRequest, landedOn, simulateLanding } from "../submit/landings.ts";
import { SubmissionManager } from "../submit/manager.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../submit/policy.ts";
import type { SubmitRequest } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";
import { type AgentConfig, ConfigError, type Deployment } from "./config/interface.ts";
import { awaitDeployment } from "./config/load.ts";
import { assertChainId, parametersOf } from "./config/parameters.ts";
import type { GenesisConfig } from "./engine/genesis.ts";
import { WorkerEngine } from "./engine/worker/worker-engine.ts";
import { LmdbSigningGuard } from "./guard/lmdb-signing-guard.ts";
import { LocalSigner } from "./guard/local-signer.ts";
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
import { Publisher, type Publishing } from "./pipeline/publisher.ts";
import { restoreState } from "./pipeline/restore.ts";
import { Settler } from "./pipeline/settler.ts";
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

/** An L1 node that takes longer is taken for one that does not answer; the library's own limit is five minutes. */
const L1_TIMEOUT_MS = 10_000;

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

/** Things to end, last started first. */
class Teardown {
  readonly #steps: (() => unknown)[] = [];

  add<T>(part: T, end: (part: T) => unknown): T {
    this.#steps.push(() => end(part));
    return part;
  }

  async run(log: Logger): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        log.error({ error: String(error) }, "stopping a part failed");
      }
    }
  }
}

/** Starts an agent: the one place that knows which implementation stands behind each port. */
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

  const kzg = createKzg();
  const engine = teardown.add(
    await WorkerEngine.open({ path: file("engine"), genesis: genesisOf(config) }, { onCrash: onFatal }),
    (part) => part.close(),
  );
  onReady();
  const deployment = await awaitDeployment(config.l1.deploymentFile, clock, signal);
  const l1 = teardown.add(l1Provider(config, deployment), (part) => part.destroy());
  const ref = { provider: l1, rollup: deployment.rollup };
  assertChainId("L1", deployment.chainId, await l1ChainIdOf(l1, config.l1.rpcUrl));
  const onL1 = await getConfig(ref);
  assertChainId("L2", config.l2.chainId, onL1.l2ChainId);
  const parameters = parametersOf(onL1, config.timing);
  const timetable = new Timetable(parameters, onL1.genesisTime);
  const identity = { chainId: BigInt(deployment.chainId), rollup: deployment.rollup };

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
  const keeper = new ChainKeeper(await restoreState(store.load(), engine), {
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
  const sets = new L1ValidatorSets(ref, timetable, () =>
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

function genesisOf({ l2 }: AgentConfig): GenesisConfig {
  return {
    chainId: l2.chainId,
    timestamp: l2.genesisTimestamp,
    gasLimit: l2.gasLimit,
    baseFeePerGasWei: l2.baseFeePerGasWei,
    alloc: Object.fromEntries(Object.entries(l2.alloc).map(([address, balanceWei]) => [address, { balanceWei }])),
  };
}

function l1Provider(config: AgentConfig, deployment: Deployment): JsonRpcProvider {
  const network = L1Network.from(deployment.chainId);
  // No caching: a decision is made on what L1 is now, not on what it was a quarter of a second ago.
  const request = new FetchRequest(config.l1.rpcUrl);
  request.timeout = L1_TIMEOUT_MS;
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1 });
}

async function l1ChainIdOf(l1: JsonRpcProvider, url: string): Promise<number> {
  try {
    return Number(await l1.send("eth_chainId", []));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError("l1-unreachable", `l1.rpcUrl: expected an L1 node that answers at ${url}, got: ${reason}`);
  }
}

async function openValidator(
  blsSecretKey: Hex,
  config: AgentConfig,
  deployment: Deployment,
  teardown: Teardown,
): Promise<{ guard: LmdbSigningGuard; signer: LocalSigner }> {
  const directory = join(config.dataDir, "guard");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const guard = teardown.add(
    await LmdbSigningGuard.open({
      path: join(directory, "guard.mdb"),
      witnessPath: join(config.dataDir, "guard-witness.mdb"),
    }),
    (part) => part.close(),
  );
  const secretKey = Buffer.from(blsSecretKey.slice(2), "hex");
  return {
    guard,
    signer: new LocalSigner({ secretKey, chainId: deployment.chainId, rollup: deployment.rollup }, { guard }),
  };
}

interface PublisherSurroundings {
  config: AgentConfig;
  deployment: Deployment;
  l1: JsonRpcProvider;
  store: LmdbChainStore;
  kzg: Kzg;
  clock: SystemClock;
  timetable: Timetable;
  log: Logger;
}

async function openPublisher(accountKey: Hex, around: PublisherSurroundings): Promise<Publisher> {
  const { config, deployment, l1, store, kzg, clock, timetable, log } = around;
  const signer = new Wallet(accountKey, l1);
  const account = signer.address.toLowerCase() as Hex;
  const landing = simulateLanding(await createSimulator({ provider: l1, rollup: deployment.rollup }));
  const settler = new Settler({ provider: l1, rollup: deployment.rollup, timetable });
  const policy: SubmitPolicy = {
    ...DEFAULT_POLICY,
    l1SlotSeconds: timetable.parameters.l1SlotSeconds,
    caps: {
      ...DEFAULT_POLICY.caps,
      maxFeePerGasWei: config.l1.maxFeePerGasWei,
      maxFeePerBlobGasWei: config.l1.maxFeePerBlobGasWei,
    },
    blobWrapperVersion: config.l1.blobWrapperVersion,
  };
  const manager = await SubmissionManager.create<LandingRequest | SubmitRequest>(policy, {
    provider: l1,
    signer,
    journal: openJournal({ path: join(config.dataDir, "submissions.jsonl"), chainId: deployment.chainId, account }),
    simulate: (request, at) => ("call" in request ? landing(request, at) : settler.simulate(request, at.from)),
    landed: landedOn(deployment.rollup),
  });
  return new Publisher({
    manager,
    store,
    kzg,
    clock,
    timetable,
    blobWrapperVersion: config.l1.blobWrapperVersion,
    rollup: deployment.rollup,
    recipient: account,
    settler,
    log,
  });
}

/** Once an epoch, forgets signatures about which no evidence is taken any more; what is below is never signed again. */
function pruneGuard(events: PipelineEvents, guard: LmdbSigningGuard, onL1: RollupConfig): void {
  const { epochSlots, challengeWindowEpochs, evidenceWindowEpochs } = onL1;
  const keepSlots = (challengeWindowEpochs + evidenceWindowEpochs + 2) * epochSlots;
  events.on((event) => {
    if (event.type !== "submitted" || event.landed.slot % epochSlots !== 0) return;
    if (event.landed.slot > keepSlots) guard.prune(event.landed.slot - keepSlots);
  });
}

function logEvents(events: PipelineEvents, log: Logger): void {
  events.on((event) => {
    if (event.type === "discarded") {
      const { slot, reason, blocks } = event.discarded;
      log.warn({ slot, reason, blocks: blocks.length }, "checkpoint discarded");
    } else if (event.type === "submitted") {
      const { slot, landing } = event.landed;
      log.info(
        { slot, number: landing.number, onTime: landing.onTime, submitter: landing.submitter },
        "checkpoint on L1",
      );
    } else if (event.type !== "head") log.info({ ...event }, event.type);
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
