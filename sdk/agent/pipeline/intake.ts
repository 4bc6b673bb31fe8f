import { BlsError } from "../../bls/error.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { signingMessage } from "../../digest/signingMessage.ts";
import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../../types/signature.ts";
import { blockSequence, type GuardRow } from "../guard/interface.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { BlockProposal, CheckpointProposal, Statement } from "../types/messages.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../types/verdict.ts";
import { digestOf } from "./checkpoint.ts";
import type { EvidenceBook } from "./evidence.ts";
import { contextOf, type RollupIdentity } from "./identity.ts";

export interface IntakeParts {
  clock: Clock;
  timetable: Timetable;
  sets: ValidatorSets;
  identity: RollupIdentity;
  bls: SignatureScheme;
  /** Digest a block proposal's signature covers. */
  blockDigest: (block: BlockProposal) => Hex;
  evidence: Pick<EvidenceBook, "compare">;
  /** Is told of every signature that was verified. */
  noteSignature: (signed: GuardRow) => void;
}

/** Messages remembered so that a second, different one is seen for what it is; a few slots' worth. */
const MAX_SEEN = 1024;
/** Proposals remembered with their signatures, the newest. */
const MAX_PROPOSALS = 16;

/**
 * The cheap checks that decide whether a proposal is forwarded: its window, its author's signature, and that its
 * author said nothing else in its place. Execution comes later and does not hold up gossip.
 */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #seen = new Map<string, Hex>();
  /** The first proposal of each slot. */
  readonly #proposals = new Map<number, Statement>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  async judgeBlock(block: BlockProposal): Promise<Verdict> {
    const { clock, timetable, identity, blockDigest } = this.#parts;
    const times = timetable.of(block.slot);
    const window = this.#window(clock.nowMs(), times.buildStartMs, times.proposalDeadlineMs, "block");
    if (window.verdict !== "accept") return window;
    if (block.index >= times.blocks.length) {
      return reject(`block index: expected below ${times.blocks.length}, got ${block.index}`);
    }
    const digest = blockDigest(block);
    const sequence = blockSequence(block.attempt, block.index);
    return this.#judge(blockKey(block), "block", block.slot, digest, block.signature, identity, sequence);
  }

  async judgeProposal(proposal: CheckpointProposal): Promise<Verdict> {
    const { clock, timetable, identity } = this.#parts;
    const { slot } = proposal.header;
    const times = timetable.of(slot);
    const window = this.#window(clock.nowMs(), times.buildStartMs, times.proposalDeadlineMs, "checkpoint proposal");
    if (window.verdict !== "accept") return window;
    const digest = digestOf(identity, proposal);
    return this.#judge(proposalKey(proposal), "proposal", slot, digest, proposal.signature, identity);
  }

  /** Judges the signature of a proposal that a peer served on request; when it counts is not judged here. */
  async judgeServed(proposal: CheckpointProposal): Promise<Verdict> {
    const { identity } = this.#parts;
    const digest = digestOf(identity, proposal);
    if (this.#seen.get(proposalKey(proposal)) === digest) return ACCEPT;
    return this.#judge(proposalKey(proposal), "proposal", proposal.header.slot, digest, proposal.signature, identity);
  }

  /** Marks our own block, so that a second instance's differing one is refused. */
  noteOwnBlock(block: BlockProposal): void {
    this.#remember(blockKey(block), this.#parts.blockDigest(block));
  }

  /** The same for our own checkpoint proposal. */
  noteOwnProposal(proposal: CheckpointProposal, digest: Hex): void {
    this.#remember(proposalKey(proposal), digest);
  }

  async #judge(
    key: string,
    kind: SignatureKind,
    slot: number,
    digest: Hex,
    signature: Hex,
    identity: RollupIdentity,
    sequence = "",
  ): Promise<Verdict> {
    if (this.#seen.get(key) === digest) return ignore("seen before");
    const [proposer, set] = await Promise.all([this.#parts.sets.proposerOf(slot), this.#parts.sets.setOf(slot)]);
    const publicKey = proposer === undefined ? undefined : set?.publicKeys.get(proposer);
    if (publicKey === undefined) return ignore(`the proposer of slot ${slot} is not known yet`);
    if (!this.#holds(signingMessage(kind, contextOf(identity, slot), digest), signature, publicKey)) {
      return reject(`signature is not the proposer's (validator ${proposer}, slot ${slot})`);
    }
    this.#parts.noteSignature({ validator: publicKey, kind, slot, sequence, digest });
    if (kind === "proposal") {
      await this.#compare({ kind, slot, digest, signers: 1n << BigInt(proposer as number), signature });
    }
    const seen = this.#seen.get(key);
    // Not the forwarder's fault: the proposer may have shown it this one first.
    if (seen !== undefined) return ignore(`equivocation: the proposer signed ${seen} and ${digest} for ${key}`);
    this.#remember(key, digest);
    return ACCEPT;
  }

  /** Two proposals of one slot are evidence, also when the second is of no other use. */
  async #compare(statement: Statement): Promise<void> {
    const first = this.#proposals.get(statement.slot);
    if (first !== undefined) return this.#parts.evidence.compare(statement, [first]);
    this.#proposals.set(statement.slot, statement);
    if (this.#proposals.size > MAX_PROPOSALS) this.#proposals.delete(this.#proposals.keys().next().value as number);
  }

  /** Whether a peer's signature holds; a malformed one does not. */
  #holds(message: Hex, signature: Hex, publicKey: Hex): boolean {
    try {
      return this.#parts.bls.verify(message, signature, publicKey);
    } catch (error) {
      if (error instanceof BlsError) return false;
      throw error;
    }
  }

  #window(nowMs: number, fromMs: number, toMs: number, what: string): Verdict {
    const slackMs = this.#parts.timetable.parameters.clockDisparityMs;
    if (nowMs < fromMs - slackMs) return ignore(`${what}: its window opens in ${fromMs - nowMs} ms`);
    if (nowMs > toMs + slackMs) return ignore(`${what}: its window closed ${nowMs - toMs} ms ago`);
    return ACCEPT;
  }

  #remember(key: string, digest: Hex): void {
    this.#seen.set(key, digest);
    if (this.#seen.size > MAX_SEEN) this.#seen.delete(this.#seen.keys().next().value as string);
  }
}

const blockKey = (block: BlockProposal): string => `block/${block.slot}/${block.attempt}/${block.index}`;
const proposalKey = (proposal: CheckpointProposal): string => `proposal/${proposal.header.slot}`;
