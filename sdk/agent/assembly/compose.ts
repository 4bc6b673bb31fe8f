import type { Landed } from "../chain/state.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import { quickenEthers } from "../engine/crypto/ethers-keccak.ts";
import type { GuardRow } from "../guard/interface.ts";
import { Inbox } from "../l1/inbox.ts";
import { readLandedContent } from "../l1/landed-content.ts";
import { Landings } from "../l1/landings.ts";
import { L1BlockReader } from "../l1/reader.ts";
import { blockProposalCodec, blockProposalDigest } from "../messages/block-proposal.ts";
import { checkpointProposalCodec } from "../messages/checkpoint-proposal.ts";
import { transactionCodec } from "../messages/transaction.ts";
import { certificateCodec, voteCodec } from "../messages/votes.ts";
import type { QueueReading } from "../metrics/readings.ts";
import { requestTimes } from "../network/ask-in-turn.ts";
import { Announcer } from "../pipeline/announcer.ts";
import { Archivist } from "../pipeline/archivist.ts";
import { Attester } from "../pipeline/attester.ts";
import { CatchUp } from "../pipeline/catch-up.ts";
import { digestOf, heldCheckpoint } from "../pipeline/checkpoint.ts";
import { ClockWatch } from "../pipeline/clock-watch.ts";
import { Doppelgangers } from "../pipeline/doppelganger.ts";
import { PipelineEvents } from "../pipeline/events.ts";
import { EvidenceBook } from "../pipeline/evidence.ts";
import { Follower } from "../pipeline/follower.ts";
import type { Funding } from "../pipeline/funding.ts";
import { connectGossip, fetchCertificates, fetchCheckpoint, peerBlobs } from "../pipeline/gossip.ts";
import { Holdback } from "../pipeline/holdback.ts";
import type { RollupIdentity } from "../pipeline/identity.ts";
import { Intake } from "../pipeline/intake.ts";
import { ChainKeeper } from "../pipeline/keeper.ts";
import { L1Follower, MAX_HELD_BACK } from "../pipeline/l1-follower.ts";
import { LandedSignatures } from "../pipeline/landed-signatures.ts";
import { MissedDuties } from "../pipeline/missed-duties.ts";
import { PipelineNode } from "../pipeline/node.ts";
import { Proposer } from "../pipeline/proposer.ts";
import { Recovery } from "../pipeline/recovery.ts";
import { Repeater } from "../pipeline/repeater.ts";
import { restoreChain, shownTransactions } from "../pipeline/restore.ts";
import { MAX_WAITING } from "../pipeline/waiting.ts";
import { watchedSigner } from "../pipeline/watched-signer.ts";
import { L1ValidatorSets } from "../sets/l1-sets.ts";
import { OwnSlots } from "../sets/own-slots.ts";
import { Mailbox } from "../time/mailbox.ts";
import type { Timetable } from "../time/timetable.ts";
import type { CheckpointData } from "../types/messages.ts";
import { type Building, openBuilder } from "./builder.ts";
import type { AgentPorts, AgentSeams } from "./ports.ts";
import { openPublisher } from "./publisher.ts";

/** Work that may wait in the node's mailbox; a message beyond it is dropped and asked for again by its topic's rules. */
const MAILBOX_BOUND = 4096;

/** What of a composed agent others look at or start. */
export interface ComposedAgent {
  node: PipelineNode;
  keeper: ChainKeeper;
  events: PipelineEvents;
  evidence: EvidenceBook;
  building: Building;
  /** Absent in an agent that keeps no blobs. */
  archivist: Archivist | undefined;
  /** Absent in an agent without an L1 account. */
  funding: Funding | undefined;
  /** How full the pipeline's queues are. */
  queues: () => Record<"pipeline" | "waiting-room" | "l1-steps", QueueReading>;
}

/**
 * Puts the agent's parts together on its ports, with the chain as it was left on disk, and connects them to the
 * network, which is not started, as the node is not: the same for the process and for a simulation of many agents.
 */
export async function composeAgent(
  config: AgentConfig,
  deployment: Deployment,
  timetable: Timetable,
  ports: AgentPorts,
  seams: AgentSeams = {},
): Promise<ComposedAgent> {
  quickenEthers();
  const { clock, engine, mempool, store, kzg, bls, validators, log, archive, blobSources = [] } = ports;
  const network = seams.network?.(ports.network) ?? ports.network;
  const l1 = seams.l1?.(ports.l1) ?? ports.l1;
  const { parameters } = timetable;
  const identity = { chainId: BigInt(deployment.chainId), rollup: deployment.rollup };
  const events = new PipelineEvents((error) => log.error({ error: String(error) }, "a listener failed"));
  const keeper = new ChainKeeper(await restoreChain(store, engine), {
    engine,
    mempool,
    store,
    events,
    timetable,
    onState: () => proposer?.dropStale(),
  });
  await mempool.onDiscard(shownTransactions(store));
  const mailbox = new Mailbox(MAILBOX_BOUND, (error) =>
    log.error({ error: errorText(error) }, "a step of the pipeline failed"),
  );

  const inbox = new Inbox(timetable);
  const epochAt = (seconds: number): number => timetable.epochOf(timetable.moment(seconds * 1000).submissionSlot);
  const sets = new L1ValidatorSets(
    { provider: l1, rollup: deployment.rollup },
    timetable,
    () => epochAt(keeper.state.l1.timestamp),
    () => epochAt(reader.headSeconds),
  );
  const landings = new Landings();
  const signatures = new LandedSignatures({
    sets,
    identity,
    bls,
    state: () => keeper.state,
    pause: () => clock.sleepUntil(clock.nowMs() + 1),
  });
  const rules = { timetable, gasLimit: config.l2.gasLimit };
  const doppelgangers = new Doppelgangers({
    validators,
    clock,
    timetable,
    listenSlots: config.doppelgangerSlots,
    log,
  });
  const clockWatch = new ClockWatch({
    network,
    clock,
    timetable,
    l1Seconds: () => keeper.state.l1.timestamp,
    timeoutMs: requestTimes(parameters).timeoutMs,
    log,
  });
  const noteSignature = (signed: GuardRow): void => doppelgangers.note(signed);
  const gated = validators.map((validator) => ({
    ...validator,
    signer: watchedSigner(clockWatch.gate(doppelgangers.gate(validator.signer)), events),
  }));
  const publicKeys = validators.map(({ signer }) => signer.publicKey);
  const ownSlots = new OwnSlots(sets, publicKeys);
  const announcer = new Announcer({ network, clock, timetable, log });
  const evidence = new EvidenceBook({ store, sets, identity, bls, log });
  const intake = new Intake({
    clock,
    timetable,
    sets,
    identity,
    bls,
    blockDigest: blockProposalDigest,
    evidence,
    noteSignature,
  });
  const follower = new Follower({ keeper, engine, store, inbox, kzg, identity, rules, clock, log });
  const attester: Attester = new Attester({
    evidence,
    keeper,
    sets,
    timetable,
    clock,
    identity,
    bls,
    signers: gated.map(({ signer }) => signer),
    events,
    noteSignature,
    run: (task) => node.run(task),
    isHeard: (slot) => follower.hasWaiting(slot),
    publishVote: (vote) => announcer.say("votes", vote.slot, voteCodec.encode(vote)),
    publishCertificate: (certificate) =>
      announcer.say("certificates", certificate.slot, certificateCodec.encode(certificate)),
    log,
  });
  const reader: L1BlockReader = new L1BlockReader(l1, deployment.rollup, deployment.deploymentBlock, {
    inbox,
    landings,
    isSigned: (checkpoint) => signatures.isSigned(checkpoint),
  });
  const { maxBlobsPerCheckpoint: maxBlobs } = parameters;
  const peers = { network, timeoutMs: requestTimes(parameters).timeoutMs };
  const recovery = new Recovery({
    identity,
    inbox,
    contentOf: (landed) => readLandedContent(l1, deployment.rollup, landed),
    sources: [...(archive ? [archive] : []), peerBlobs(peers, kzg), ...blobSources],
    log,
  });
  const l1Follower = new L1Follower({
    keeper,
    follower,
    mailbox,
    kzg,
    identity,
    maxBlobs,
    fetch: async (landed) => {
      const request = { slot: landed.slot, digest: landed.digest };
      const isMeant = (data: CheckpointData): boolean => isOf(identity, landed, data);
      const held = heldCheckpoint(store, request) ?? (await fetchCheckpoint(peers, request, kzg, maxBlobs, isMeant));
      if (held !== undefined) return held;
      const recovered = await recovery.recover(landed);
      if (recovered !== undefined) events.emit({ type: "recovered", slot: landed.slot });
      return recovered;
    },
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
    clock,
    fetch: async (request) => heldCheckpoint(store, request) ?? fetchCheckpoint(peers, request, kzg, maxBlobs),
    fetchCertificates: (slot) => fetchCertificates(peers, slot),
    peerCount: () => network.peerCount(),
    run: (task) => node.run(task),
    log,
  });
  const holdback = new Holdback(() => keeper.state);
  if (config.silent) {
    events.on(() => void holdback.look().catch((error: unknown) => log.warn({ error: errorText(error) }, "not shown")));
  }
  /** Own blocks and proposals go the way of everybody's, unless they are to be held back. */
  const showOwn = async (slot: number, take: () => Promise<void>, send: () => Promise<void>): Promise<void> => {
    if (!config.silent) return void (await Promise.all([take(), send()]));
    await take();
    await holdback.show(slot, send);
  };
  const building = openBuilder(ports, config, parameters, events, () => keeper.tips.head.blockHash);
  const proposer =
    validators.length === 0
      ? undefined
      : new Proposer({
          keeper,
          builder: building.builder,
          chain: engine,
          store,
          inbox,
          kzg,
          clock,
          identity,
          rules,
          validators: gated,
          events,
          blockDigest: blockProposalDigest,
          passOver: (baseHash) => node.run(() => keeper.passOver(baseHash)),
          publishBlock: async (block) => {
            intake.noteOwnBlock(block);
            await showOwn(
              block.slot,
              () => node.run(() => follower.onBlock(block)),
              () => announcer.say("blocks", block.slot, blockProposalCodec.encode(block)),
            );
          },
          publishProposal: async (proposal) => {
            intake.noteOwnProposal(proposal, digestOf(identity, proposal));
            await showOwn(
              proposal.header.slot,
              () => node.run(() => follower.onProposal(proposal)),
              () => announcer.say("checkpoints", proposal.header.slot, checkpointProposalCodec.encode(proposal)),
            );
          },
          log,
        });
  const opened =
    config.l1.accountKeys.length === 0
      ? undefined
      : await openPublisher({
          ...ports,
          l1,
          config,
          deployment,
          timetable,
          rank: (slot) => ownSlots.rankOf(slot),
          landings,
          signatures,
          sets,
          identity,
          evidence,
          publicKeys,
          events,
        });
  const repeater = new Repeater({
    mempool,
    chain: engine,
    timetable,
    peerId: network.peerId,
    publish: (raw) => network.publish("transactions", transactionCodec.encode(Buffer.from(raw.slice(2), "hex"))),
    log,
  });
  const node: PipelineNode = new PipelineNode({
    clock,
    timetable,
    mailbox,
    keeper,
    intake,
    follower,
    attester,
    l1Follower,
    catchUp,
    repeater,
    announcer,
    clockWatch,
    l1: reader,
    ownSlots,
    missed: new MissedDuties({
      keeper,
      timetable,
      ownSlots,
      sets,
      validators: publicKeys,
      hasAccount: opened !== undefined,
      events,
      log,
    }),
    proposer,
    publisher: opened && (seams.publisher?.(opened.publisher) ?? opened.publisher),
    log,
  });
  const shelf = { store, keeper, archive, isHeldBack: (slot: number) => holdback.isHeld(slot) };
  connectGossip(network, node, mempool, shelf, (hash) => repeater.noteHeard(hash, clock.nowMs()));
  const archivist = archive && new Archivist({ archive, store, state: () => keeper.state, events, maxBlobs, log });
  const queues: ComposedAgent["queues"] = () => ({
    pipeline: { length: mailbox.waiting, bound: MAILBOX_BOUND, dropped: mailbox.dropped },
    "waiting-room": { length: follower.waiting.size, bound: MAX_WAITING, dropped: follower.waiting.dropped },
    // L1 is not read on while it is full: nothing of it is lost.
    "l1-steps": { length: l1Follower.heldBack, bound: MAX_HELD_BACK, dropped: 0 },
  });
  return { node, keeper, events, evidence, building, archivist, funding: opened?.funding, queues };
}

/** Whether what a peer serves is what landed. */
const isOf = (identity: RollupIdentity, { digest }: Landed, { proposal }: CheckpointData): boolean =>
  digestOf(identity, proposal) === digest;

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
