import { certificatesOf } from "../../../sdk/agent/chain/slots.ts";
import { bases } from "../../../sdk/agent/chain/state.ts";
import { blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { Attester } from "../../../sdk/agent/pipeline/attester.ts";
import { CatchUp } from "../../../sdk/agent/pipeline/catch-up.ts";
import { digestOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { EvidenceBook } from "../../../sdk/agent/pipeline/evidence.ts";
import { Intake } from "../../../sdk/agent/pipeline/intake.ts";
import type { Certificate, CheckpointData, Vote } from "../../../sdk/agent/types/messages.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { standInBls } from "../../sim/stand-ins/bls.ts";
import { genesis, hash, timetable } from "../chain/support.ts";
import {
  checkpointOn,
  type FollowerHarness,
  followerOf,
  identity,
  KEYS,
  kzg,
  MemoryGuard,
  MemoryStore,
  sets,
} from "./support.ts";

const bls = standInBls();

export const signatureBy = (index: number, kind: Vote["kind"] | "block" | "proposal", slot: number, digest: Hex): Hex =>
  bls.sign(signingMessage(kind, { ...identity, slot }, digest), (KEYS[index] as (typeof KEYS)[number]).secretKey);

/** A checkpoint as its proposer signs and shows it. */
export async function signedCheckpoint(
  ...[parent, slot, variant]: Parameters<typeof checkpointOn>
): ReturnType<typeof checkpointOn> {
  const made = await checkpointOn(parent, slot, variant);
  const proposer = slot % 4;
  const blocks = made.data.blocks.map((block) => ({
    ...block,
    signature: signatureBy(proposer, "block", slot, blockProposalDigest(block)),
  }));
  const signature = signatureBy(proposer, "proposal", slot, digestOf(identity, made.data.proposal));
  return { ...made, data: { ...made.data, blocks, proposal: { ...made.data.proposal, signature } } };
}

/** An honest validator's node: the real parts that vote, follow and catch up, on an engine that finds all valid. */
export interface Peer extends FollowerHarness {
  index: number;
  guard: MemoryGuard;
  attester: Attester;
  intake: Intake;
  evidence: EvidenceBook;
  catchUp: CatchUp;
}

type Mail = { from: number } & ({ vote: Vote } | { certificate: Certificate });

/** The honest ones of four validators, between whom nothing passes but what the test delivers. */
export class Cluster {
  readonly peers: Peer[];
  /** All that was ever shown, for whoever asks by its digest. */
  readonly #shown = new Map<Hex, CheckpointData>();
  #mail: Mail[] = [];

  constructor(...honest: number[]) {
    this.peers = honest.map((index) => this.#peer(index));
  }

  peer(index: number): Peer {
    return this.peers.find((peer) => peer.index === index) as Peer;
  }

  /** Gossips a checkpoint's blocks and its proposal to these. */
  async show({ data, digest }: { data: CheckpointData; digest: Hex }, ...to: number[]): Promise<void> {
    this.#shown.set(digest, data);
    for (const { intake, follower } of to.map((index) => this.peer(index))) {
      for (const block of data.blocks) {
        if ((await intake.judgeBlock(block)).verdict === "accept") await follower.onBlock(block);
      }
      if ((await intake.judgeProposal(data.proposal)).verdict === "accept") await follower.onProposal(data.proposal);
    }
  }

  /** It is `nowMs`, and everybody does what is due. */
  async at(nowMs: number): Promise<void> {
    for (const { clock, attester, follower } of this.peers) {
      await clock.advanceTo(nowMs);
      await follower.retry();
      await attester.tick(timetable.moment(nowMs));
      await attester.settled();
    }
  }

  /** Delivers what was said to these, and what they say to that. */
  async deliver(...to: number[]): Promise<void> {
    for (let mail = this.#mail.splice(0); mail.length > 0; mail = this.#mail.splice(0)) {
      for (const one of mail) for (const index of to) if (index !== one.from) await this.#hand(one, this.peer(index));
    }
  }

  /** The faulty one votes before these. */
  async vote(from: number, kind: Vote["kind"], slot: number, digest: Hex, ...to: number[]): Promise<void> {
    const vote: Vote = { kind, slot, digest, validatorIndex: from, signature: signatureBy(from, kind, slot, digest) };
    for (const index of to) await this.peer(index).attester.onVotes([vote]);
  }

  /** A canonical L1 block with this timestamp is seen by all. */
  async l1(timestampMs: number): Promise<void> {
    const l1 = { blockNumber: 9, blockHash: hash("l1"), timestamp: timestampMs / 1000 };
    for (const { keeper } of this.peers) await keeper.applyL1Block(l1);
  }

  /** Who holds a certificate of a kind for a slot. */
  holders(kind: Certificate["kind"], slot: number): number[] {
    const holds = ({ keeper }: Peer): boolean => certificatesOf(keeper.state, slot).some((one) => one.kind === kind);
    return this.peers.filter(holds).map(({ index }) => index);
  }

  /** Slots of the unsubmitted checkpoints of each. */
  chains(): number[][] {
    return this.peers.map(({ keeper }) => keeper.state.unsubmitted.map(({ slot }) => slot));
  }

  async #hand(mail: Mail, { attester }: Peer): Promise<void> {
    if ("vote" in mail) await attester.onVotes([mail.vote]);
    else await attester.onCertificate(mail.certificate);
  }

  #served(slot: number, digest: Hex | undefined): CheckpointData | undefined {
    for (const { keeper } of this.peers) {
      const held = keeper.state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
      const data = held && this.#shown.get(held.digest);
      if (held !== undefined && data !== undefined && (digest === undefined || digest === held.digest)) {
        return { ...data, certificate: held.certificate };
      }
    }
    return undefined;
  }

  #peer(index: number): Peer {
    const harness = followerOf(genesis(), timetable.of(1).buildStartMs);
    const { keeper, follower, clock, log } = harness;
    const guard = new MemoryGuard();
    const evidence = new EvidenceBook({ store: new MemoryStore(), sets, identity, bls, log });
    const { publicKey } = KEYS[index] as (typeof KEYS)[number];
    const common = { sets, timetable, clock, identity, bls, evidence, noteSignature: () => {} };
    const attester = new Attester({
      ...common,
      keeper,
      events: harness.bus,
      signers: [
        {
          publicKey,
          async sign(kind, slot, digest, sequence = "") {
            await guard.record({ validator: publicKey, kind, slot, sequence, digest });
            return signatureBy(index, kind, slot, digest);
          },
        },
      ],
      run: (task) => task(),
      isHeard: (slot) => follower.hasWaiting(slot),
      publishVote: async (vote) => void this.#mail.push({ from: index, vote }),
      publishCertificate: async (certificate) => void this.#mail.push({ from: index, certificate }),
      log,
    });
    const intake = new Intake({ ...common, blockDigest: blockProposalDigest });
    const catchUp = new CatchUp({
      keeper,
      intake,
      follower,
      attester,
      kzg,
      identity,
      timetable,
      clock,
      fetch: async ({ slot, digest }) => this.#served(slot, digest),
      fetchCertificates: async (slot) =>
        this.peers.flatMap((peer) => certificatesOf(peer.keeper.state, slot)).slice(0, 1),
      peerCount: () => this.peers.length - 1,
      run: (task) => task(),
      log,
    });
    return { ...harness, index, guard, attester, intake, evidence, catchUp };
  }
}

/** The end of genesis, to build on. */
export const GENESIS_BASE = bases(genesis())[0] as ReturnType<typeof bases>[number];
