import type { ValidatorSigner } from "../../sdk/agent/guard/interface.ts";
import type { SignatureKind } from "../../sdk/agent/types/messages.ts";
import { SKIP_DIGEST } from "../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../sdk/types/hex.ts";

/** One signature that left a signer. */
export interface Signed {
  /** Its public key. */
  validator: Hex;
  kind: SignatureKind;
  slot: number;
  digest: Hex;
  sequence: string;
}

/** Two signatures of one validator of which it may have given one. */
export interface DoubleSignature {
  held: Signed;
  other: Signed;
}

/** All signatures ever given, whatever crashed since; what the guards are judged by. */
export class SignatureLedger {
  readonly #held = new Map<string, Signed>();
  /** Validators that gave a vote, by its content; and those that gave any, by slot. */
  readonly #votes = new Map<string, Set<Hex>>();
  readonly #proposed = new Set<string>();
  /** What anybody attested, by slot. */
  readonly #attested = new Map<number, Set<Hex>>();
  readonly #membersOf: (slot: number) => ReadonlySet<Hex>;
  readonly #isHonest: (validator: Hex) => boolean;
  /** Of honest validators: there is none. */
  readonly doubles: DoubleSignature[] = [];

  /**
   * @param membersOf Who may vote in a slot.
   * @param isHonest Whether a signature of this public key comes by its guard.
   */
  constructor(membersOf: (slot: number) => ReadonlySet<Hex>, isHonest: (validator: Hex) => boolean = () => true) {
    this.#membersOf = membersOf;
    this.#isHonest = isHonest;
  }

  /** The same signer, its signatures written down. */
  watch(signer: ValidatorSigner): ValidatorSigner {
    const validator = signer.publicKey;
    return {
      publicKey: validator,
      sign: async (kind, slot, digest, sequence = "") => {
        const signature = await signer.sign(kind, slot, digest, sequence);
        this.record({ validator, kind, slot, digest, sequence });
        return signature;
      },
    };
  }

  record(signed: Signed): void {
    const { validator, kind, slot, digest, sequence } = signed;
    const isVote = kind === "attestation" || kind === "skip";
    const key = `${validator}/${isVote ? "vote" : kind}/${slot}/${sequence}`;
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, signed);
    else if (this.#isHonest(validator) && (held.digest !== digest || held.kind !== kind))
      this.doubles.push({ held, other: signed });
    if (kind === "attestation") this.#attested.set(slot, (this.#attested.get(slot) ?? new Set()).add(digest));
    if (kind === "proposal") this.#proposed.add(`${validator}/${slot}`);
    if (isVote) for (const content of [voteOf(kind, slot, digest), `any/${slot}`]) this.#voters(content).add(validator);
  }

  /** Every signature that left, the first of its place. */
  get signed(): Signed[] {
    return [...this.#held.values()];
  }

  attestations(slot: number, digest: Hex): ReadonlySet<Hex> {
    return this.#voters(voteOf("attestation", slot, digest));
  }

  /** Whether a quorum has attested something in this slot. */
  isCertified(slot: number): boolean {
    return [...(this.#attested.get(slot) ?? [])].some((digest) => this.isQuorum(this.attestations(slot, digest), slot));
  }

  skips(slot: number): ReadonlySet<Hex> {
    return this.#voters(voteOf("skip", slot, SKIP_DIGEST));
  }

  hasProposed(validator: Hex, slot: number): boolean {
    return this.#proposed.has(`${validator}/${slot}`);
  }

  /** Whether it is in a slot's set, and has not voted in it. */
  mayVote(validator: Hex, slot: number): boolean {
    return this.#membersOf(slot).has(validator) && !this.#voters(`any/${slot}`).has(validator);
  }

  /** More than two thirds of a slot's set. */
  isQuorum(voters: ReadonlySet<Hex>, slot: number): boolean {
    return 3 * voters.size > 2 * this.#membersOf(slot).size;
  }

  #voters(content: string): Set<Hex> {
    const held = this.#votes.get(content) ?? new Set<Hex>();
    this.#votes.set(content, held);
    return held;
  }
}

const voteOf = (kind: SignatureKind, slot: number, digest: Hex): string => `${kind}/${slot}/${digest}`;
