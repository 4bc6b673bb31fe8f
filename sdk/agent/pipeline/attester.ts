import { BlsError } from "../../bls/error.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { SKIP_DIGEST, signingMessage } from "../../digest/signingMessage.ts";
import type { Hex } from "../../types/hex.ts";
import { isAttestable } from "../chain/proposals.ts";
import { slotsToSkip } from "../chain/skips.ts";
import { certificatesOf } from "../chain/slots.ts";
import { type SaidVotes, sayAgain } from "../chain/vote-repeats.ts";
import type { GuardRow, ValidatorSigner } from "../guard/interface.ts";
import type { ValidatorSet, ValidatorSets } from "../sets/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { Certificate, Vote } from "../types/messages.ts";
import { ACCEPT, ignore, reject, type Verdict } from "../types/verdict.ts";
import { Ballots } from "./ballots.ts";
import type { PipelineEvents } from "./events.ts";
import { type EvidenceBook, statementOf } from "./evidence.ts";
import { contextOf, type RollupIdentity } from "./identity.ts";
import type { ChainKeeper } from "./keeper.ts";
import { OwnVotes } from "./own-votes.ts";

/** Records of slots outlast their windows by this much: L1 may be seen late. */
const REMEMBERED_SLOTS = 2;

export interface AttesterParts {
  keeper: ChainKeeper;
  sets: ValidatorSets;
  timetable: Timetable;
  clock: Clock;
  identity: RollupIdentity;
  bls: SignatureScheme;
  /** Of this agent's validators. */
  signers: readonly ValidatorSigner[];
  evidence: Pick<EvidenceBook, "compare">;
  /** Runs a step in the node's mailbox and waits for it. */
  run: (task: () => Promise<void>) => Promise<void>;
  /** Whether signed blocks of a slot are here that cannot be executed yet. */
  isHeard: (slot: number) => boolean;
  /** Neither of these two rejects. */
  publishVote: (vote: Vote) => Promise<void>;
  publishCertificate: (certificate: Certificate) => Promise<void>;
  events: Pick<PipelineEvents, "emit">;
  /** Is told of every signature that was verified. */
  noteSignature: (signed: GuardRow) => void;
  log: Logger;
}

/**
 * Votes on checkpoints and gathers votes: attests what was validated here and is attestable, votes to skip a slot
 * whose proposal did not come, and turns more than two thirds of either into a certificate. Runs in the mailbox.
 */
export class Attester {
  readonly #parts: AttesterParts;
  readonly #ballots: Ballots;
  readonly #own: OwnVotes;
  /** By slot; pruned with the ballots. */
  readonly #said = new Map<number, SaidVotes>();

  constructor(parts: AttesterParts) {
    this.#parts = parts;
    this.#ballots = new Ballots(parts.bls);
    const { signers, events, log } = parts;
    this.#own = new OwnVotes({ signers, events, log, take: (vote, set) => this.#take(vote, set) });
  }

  /** Signatures gathered here for a checkpoint. */
  attestations(slot: number, digest: Hex): number {
    return this.#ballots.count("attestation", slot, digest);
  }

  /**
   * Judges votes over one content together: one pairing check unless somebody cheats. Only the sum of a group is known
   * to be good, so a group is counted whole or not at all: a validator has one vote in each round, and one that is held
   * to another vote already is judged alone.
   */
  async onVotes(votes: Vote[]): Promise<Verdict[]> {
    const verdicts = new Array<Verdict>(votes.length).fill(ACCEPT);
    let open = votes.map((vote, i) => ({ vote, i }));
    while (open.length > 0) {
      const firsts = Map.groupBy(open, ({ vote }) => `${vote.slot}/${vote.validatorIndex}`);
      const round = new Set([...firsts.values()].flatMap(([first]) => first ?? []));
      await this.#judgeRound([...round], verdicts);
      open = open.filter((one) => !round.has(one));
    }
    return verdicts;
  }

  async #judgeRound(round: { vote: Vote; i: number }[], verdicts: Verdict[]): Promise<void> {
    for (const { vote, i } of round) verdicts[i] = await this.#screen(vote);
    const open = round.filter(({ i }) => verdicts[i]?.verdict === "accept");
    const groups = Map.groupBy(open, ({ vote }) =>
      this.#ballots.hasOther(vote) ? `${keyOf(vote)}/${vote.validatorIndex}` : keyOf(vote),
    );
    for (const group of groups.values()) {
      const { kind, slot, digest } = (group[0] as { vote: Vote }).vote;
      const set = (await this.#parts.sets.setOf(slot)) as ValidatorSet;
      const message = signingMessage(kind, contextOf(this.#parts.identity, slot), digest);
      const check = this.#parts.bls.checkVotes(
        message,
        group.map(({ vote }) => ({
          publicKey: set.publicKeys.get(vote.validatorIndex) as Hex,
          signature: vote.signature,
        })),
      );
      for (const bad of check.invalid) verdicts[group[bad]?.i as number] = reject("signature does not verify");
      for (const good of check.valid) {
        const { vote, i } = group[good] as { vote: Vote; i: number };
        this.#parts.noteSignature(signedBy(set.publicKeys.get(vote.validatorIndex) as Hex, vote));
        verdicts[i] = await this.#count(vote);
      }
      await this.#certify(kind, slot, digest, set);
    }
  }

  /** Judges a certificate made elsewhere. */
  async onCertificate(certificate: Certificate): Promise<Verdict> {
    const { slot, kind, digest, signers } = certificate;
    const window = this.#window(slot);
    if (window.verdict !== "accept") return window;
    if (this.#holds(certificate)) return ignore("a certificate for this content is held");
    const set = await this.#parts.sets.setOf(slot);
    if (set === undefined) return ignore("the slot's validator set is not known yet");
    if ((signers & ~set.members) !== 0n) return reject("signers outside the slot's set");
    const publicKeys = [...set.publicKeys].filter(([index]) => (signers >> BigInt(index)) & 1n).map(([, key]) => key);
    if (publicKeys.length < set.quorum)
      return reject(`signers: expected at least ${set.quorum}, got ${publicKeys.length}`);
    const message = signingMessage(kind, contextOf(this.#parts.identity, slot), digest);
    if (!this.#aggregateHolds(message, certificate.signature, publicKeys))
      return reject("aggregate signature does not verify");
    for (const publicKey of publicKeys) this.#parts.noteSignature(signedBy(publicKey, certificate));
    await this.#hold(certificate);
    await this.#compare(certificate);
    return ACCEPT;
  }

  /** Resolves when no vote of this agent's own is on its way. */
  settled(): Promise<void> {
    return this.#own.settled();
  }

  /** Does what is due now: discards what waited in vain, attests, votes to skip. */
  async tick(moment: Moment): Promise<void> {
    const { keeper } = this.#parts;
    await keeper.applyTime(moment);
    await this.#attest(moment);
    await this.#skip(moment);
    const oldest = Math.max(keeper.state.submitted.slot, this.#oldestOpenSlot(moment.nowMs));
    this.#ballots.prune(oldest);
    await this.#sayAgain(moment.nowMs, oldest);
    const remembered = Math.max(keeper.state.submitted.slot, oldest - REMEMBERED_SLOTS);
    keeper.pruneSlots(remembered);
    this.#own.prune(remembered);
  }

  async #attest(moment: Moment): Promise<void> {
    const { keeper, timetable, log } = this.#parts;
    for (const { slot, proposed } of keeper.state.unsubmitted) {
      if (proposed === undefined || !this.#own.isOpen(slot)) continue;
      if (moment.nowMs > timetable.of(slot).attestationDeadlineMs) continue;
      if (!isAttestable(keeper.state, slot, timetable)) continue;
      log.debug({ slot, digest: proposed.digest }, "attesting");
      await this.#vote("attestation", slot, proposed.digest);
    }
  }

  async #skip(moment: Moment): Promise<void> {
    const { keeper, timetable, isHeard, log } = this.#parts;
    for (const slot of slotsToSkip(keeper.state, moment, timetable, isHeard)) {
      if (!this.#own.isOpen(slot)) continue;
      log.info({ slot }, "its proposer was not heard of in time: voting to skip the slot");
      await this.#vote("skip", slot, SKIP_DIGEST);
    }
  }

  async #vote(kind: Vote["kind"], slot: number, digest: Hex): Promise<void> {
    const set = await this.#parts.sets.setOf(slot);
    if (set !== undefined) this.#own.begin(kind, slot, digest, set);
  }

  /** Counts an own vote and shows it to the others. */
  async #take(vote: Vote, set: ValidatorSet): Promise<void> {
    await this.#parts.run(async () => {
      await this.#count(vote);
      await this.#certify(vote.kind, vote.slot, vote.digest, set);
    });
    const votes = this.#said.get(vote.slot)?.votes ?? [];
    this.#said.set(vote.slot, { slot: vote.slot, votes: [...votes, vote], saidMs: this.#parts.clock.nowMs() });
    await this.#parts.publishVote(vote);
  }

  /** Those who were out of reach may not know how this agent's validators have voted. */
  async #sayAgain(nowMs: number, oldestOpenSlot: number): Promise<void> {
    const { keeper, timetable, publishVote, publishCertificate } = this.#parts;
    const slotMs = timetable.parameters.slotSeconds * 1000;
    for (const said of this.#said.values()) {
      if (said.slot < oldestOpenSlot) this.#said.delete(said.slot);
      const { votes, certificates } = sayAgain(keeper.state, said, nowMs, slotMs, oldestOpenSlot);
      if (votes.length + certificates.length === 0) continue;
      this.#said.set(said.slot, { ...said, saidMs: nowMs });
      for (const vote of votes) await publishVote(vote);
      for (const certificate of certificates) await publishCertificate(certificate);
    }
  }

  /** What can be judged without the signature. */
  async #screen(vote: Vote): Promise<Verdict> {
    const window = this.#window(vote.slot);
    if (window.verdict !== "accept") return window;
    if (this.#ballots.has(vote)) return ignore("counted before");
    if (this.#ballots.isEquivocator(vote)) return ignore("its validator has voted for two things in this slot");
    const set = await this.#parts.sets.setOf(vote.slot);
    if (set === undefined) return ignore("the slot's validator set is not known yet");
    if (!set.publicKeys.has(vote.validatorIndex))
      return reject(`validator ${vote.validatorIndex} is not in the slot's set`);
    if (vote.kind === "skip" && vote.digest !== SKIP_DIGEST) return reject("a skip vote names no digest");
    return ACCEPT;
  }

  /** Votes matter from the slot's build slot on, until no L1 block can take its checkpoint; this bounds what is kept. */
  #window(slot: number): Verdict {
    const { keeper, timetable, clock } = this.#parts;
    const nowMs = clock.nowMs();
    if (slot <= keeper.state.submitted.slot) return ignore("the slot is already on L1");
    if (slot > timetable.moment(nowMs + timetable.parameters.clockDisparityMs).buildSlot) {
      return ignore("the slot is too far ahead");
    }
    return slot < this.#oldestOpenSlot(nowMs) ? ignore("the slot's window on L1 is over") : ACCEPT;
  }

  /** Checkpoints of older slots can no longer land, whatever L1's newest block is. */
  #oldestOpenSlot(nowMs: number): number {
    const { timetable } = this.#parts;
    const { submissionSlot } = timetable.moment(nowMs);
    const disparityMs = timetable.parameters.clockDisparityMs;
    return nowMs < timetable.of(submissionSlot - 1).closesMs + disparityMs ? submissionSlot - 1 : submissionSlot;
  }

  async #count(vote: Vote): Promise<Verdict> {
    const isCounted = this.#ballots.add(vote);
    await this.#compare(vote);
    return isCounted ? ACCEPT : ignore("its validator has voted otherwise in this slot");
  }

  /** Whether its signers have said something else of the slot as well, alone or in a certificate. */
  #compare(signed: Vote | Certificate): Promise<void> {
    const { evidence, keeper } = this.#parts;
    const others = [...this.#ballots.votesOf(signed.slot), ...certificatesOf(keeper.state, signed.slot)];
    return evidence.compare(statementOf(signed), others.map(statementOf));
  }

  async #certify(kind: Vote["kind"], slot: number, digest: Hex, set: ValidatorSet): Promise<void> {
    if (this.#holds({ kind, slot, digest })) return;
    const certificate = this.#ballots.certificate(kind, slot, digest, set.quorum);
    if (certificate === undefined) return;
    await this.#hold(certificate);
    await this.#parts.publishCertificate(certificate);
  }

  async #hold(certificate: Certificate): Promise<void> {
    await this.#parts.keeper.addCertificate(certificate);
    if (certificate.kind === "skip") this.#parts.log.info({ slot: certificate.slot }, "slot skipped by certificate");
  }

  #holds({ kind, slot, digest }: Pick<Certificate, "kind" | "slot" | "digest">): boolean {
    const held = certificatesOf(this.#parts.keeper.state, slot);
    return held.some((one) => one.kind === kind && one.digest === digest);
  }

  #aggregateHolds(message: Hex, signature: Hex, publicKeys: readonly Hex[]): boolean {
    try {
      return this.#parts.bls.verifyAggregate(message, signature, publicKeys);
    } catch (error) {
      if (error instanceof BlsError) return false;
      throw error;
    }
  }
}

const signedBy = (validator: Hex, { kind, slot, digest }: Vote | Certificate): GuardRow => ({
  validator,
  kind,
  slot,
  sequence: "",
  digest,
});

const keyOf = ({ kind, slot, digest }: Pick<Certificate, "kind" | "slot" | "digest">): string =>
  `${kind}/${slot}/${digest}`;
