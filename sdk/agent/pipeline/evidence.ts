import { BlsError } from "../../bls/error.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { signingMessage } from "../../digest/signingMessage.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import { type ChainStore, MAX_EQUIVOCATIONS } from "../store/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { Certificate, Equivocation, Statement, Vote } from "../types/messages.ts";
import { contextOf, type RollupIdentity } from "./identity.ts";

export const statementOf = ({ kind, slot, digest, signature, ...by }: Vote | Certificate): Statement => ({
  kind,
  slot,
  digest,
  signature,
  signers: "signers" in by ? by.signers : 1n << BigInt(by.validatorIndex),
});

/** Who signed both of two statements that contradict each other, as a bitmap; 0 for nobody. */
export function offendersOf(first: Statement, second: Statement): bigint {
  if (first.slot !== second.slot) return 0n;
  const kinds = [first.kind, second.kind];
  const isTwice = first.kind === second.kind && first.kind !== "skip" && first.digest !== second.digest;
  const isBoth = kinds.includes("attestation") && kinds.includes("skip");
  return isTwice || isBoth ? first.signers & second.signers : 0n;
}

export interface EvidenceParts {
  store: Pick<ChainStore, "commit" | "equivocations">;
  sets: Pick<ValidatorSets, "setOf">;
  identity: RollupIdentity;
  bls: Pick<SignatureScheme, "verifyAggregate">;
  log: Logger;
}

/**
 * What validators were caught at: two proposals or two attestations for one slot, or an attestation and a skip vote.
 * One pair for each validator and slot, on disk; at most `MAX_EQUIVOCATIONS`, of which those that L1 has seen, then the
 * oldest, make way for new ones.
 */
export class EvidenceBook {
  readonly #parts: EvidenceParts;
  #pairs: readonly Equivocation[];

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
    this.#pairs = parts.store.equivocations();
  }

  /** Oldest first. */
  get pairs(): readonly Equivocation[] {
    return this.#pairs;
  }

  /**
   * Compares a statement with what else was signed for its slot, and keeps what contradicts it. Votes are verified as a
   * group, in which two can be shifted against each other, so each must hold by itself.
   */
  async compare(statement: Statement, others: readonly Statement[]): Promise<void> {
    for (const other of others) {
      const isNews = (): boolean => (offendersOf(other, statement) & ~this.#known(statement.slot)) !== 0n;
      if (!isNews() || !(await this.#holds(other)) || !(await this.#holds(statement)) || !isNews()) continue;
      const offenders = offendersOf(other, statement);
      this.#parts.log.warn(
        { slot: statement.slot, signers: offenders.toString(2), kinds: [other.kind, statement.kind] },
        "equivocation: validators signed two things for one slot",
      );
      await this.#keep([...this.#pairs, { first: other, second: statement, isOver: false }]);
    }
  }

  /** L1 takes it no more. */
  async close(pair: Equivocation): Promise<void> {
    await this.#keep(this.#pairs.map((held) => (held === pair ? { ...held, isOver: true } : held)));
  }

  /** Whose evidence for a slot is held. */
  #known(slot: number): bigint {
    const pairs = this.#pairs.filter(({ first }) => first.slot === slot);
    return pairs.reduce((bits, { first, second }) => bits | offendersOf(first, second), 0n);
  }

  async #keep(pairs: readonly Equivocation[]): Promise<void> {
    const excess = pairs.length - MAX_EQUIVOCATIONS;
    const expendable = [...pairs.filter(({ isOver }) => isOver), ...pairs.filter(({ isOver }) => !isOver)];
    const dropped = new Set(expendable.slice(0, Math.max(0, excess)));
    this.#pairs = pairs.filter((pair) => !dropped.has(pair));
    await this.#parts.store.commit({ equivocations: this.#pairs });
  }

  async #holds({ kind, slot, digest, signers, signature }: Statement): Promise<boolean> {
    const { sets, bls, identity } = this.#parts;
    const members = [...((await sets.setOf(slot))?.publicKeys ?? [])];
    const publicKeys = members.filter(([index]) => (signers >> BigInt(index)) & 1n).map(([, key]) => key);
    if (publicKeys.length === 0) return false;
    try {
      return bls.verifyAggregate(signingMessage(kind, contextOf(identity, slot), digest), signature, publicKeys);
    } catch (error) {
      if (error instanceof BlsError) return false;
      throw error;
    }
  }
}
