import { agentKeys, SUBMITTER } from "../../../deploy/devnet/accounts.ts";
import { blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { digestOf } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { contextOf, type RollupIdentity } from "../../../sdk/agent/pipeline/identity.ts";
import type { BlockProposal, CheckpointProposal, SignatureKind, Vote } from "../../../sdk/agent/types/messages.ts";
import type { Kzg } from "../../../sdk/blob/kzg.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import type { SignatureScheme } from "../../../sdk/bls/scheme.ts";
import { SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { type Hex, hexToBytes } from "../../../sdk/types/hex.ts";
import type { Chance } from "../chance.ts";
import type { SharedExecution } from "../engine.ts";
import { isWithin, type Villainy } from "../faults/plan.ts";
import type { SimulatedL1 } from "../l1/chain.ts";
import type { SignatureLedger } from "../ledger.ts";
import type { EventLoop } from "../loop.ts";
import type { SelectiveHub } from "../network.ts";
import type { Setting } from "../setting.ts";
import type { Trace } from "../trace.ts";

/** What a villain has of the world beside its agent's ports. */
export interface Haunts {
  setting: Setting;
  loop: EventLoop;
  hub: SelectiveHub;
  l1: SimulatedL1;
  execution: SharedExecution;
  bls: SignatureScheme;
  kzg: Kzg;
  ledger: SignatureLedger;
  trace: Trace;
  startOf: (slot: number) => number;
}

/** What real work of its own takes. */
const WORK = { thereMs: 1, backMs: 1 };

/** A validator with its keys, and without the guard that keeps them from harm. */
export class Villain {
  readonly index: number;
  readonly name: string;
  readonly chance: Chance;
  readonly haunts: Haunts;
  readonly identity: RollupIdentity;
  readonly #villainy: Villainy;
  /** Its index in the set; a villain acts for one of its validators. */
  readonly validator: number;
  readonly #secretKey: Uint8Array;
  readonly #publicKey: Hex;
  /** When it first said two things that it can be slashed for, to everybody; undefined: it has not. */
  perjuredMs: number | undefined;

  constructor(villainy: Villainy, chance: Chance, haunts: Haunts) {
    const { deployment } = haunts.l1;
    this.index = villainy.agent;
    this.name = agentKeys(villainy.agent).name;
    this.chance = chance;
    this.haunts = haunts;
    this.identity = { chainId: BigInt(deployment.chainId), rollup: deployment.rollup };
    this.#villainy = villainy;
    this.validator = haunts.setting.validatorsOf[villainy.agent]?.[0] as number;
    this.#secretKey = hexToBytes(agentKeys(this.validator).blsSecretKey);
    this.#publicKey = publicKeyOf(this.#secretKey);
  }

  /** Of its own and of its helpers, on L1. */
  get accounts(): Hex[] {
    return [agentKeys(this.index).l1Address, SUBMITTER.address];
  }

  /** Whether it is its time. */
  get isActive(): boolean {
    return isWithin([this.#villainy], this.haunts.loop.nowMs());
  }

  /** The other agents, in an order of its own. */
  others(): string[] {
    const all = this.haunts.setting.validatorsOf.map((_, index) => agentKeys(index).name);
    const names = all.filter((name) => name !== this.name);
    const first = this.chance.whole(0, names.length - 1);
    return [...names.slice(first), ...names.slice(0, first)];
  }

  /** When the window for a slot's proposal closes. */
  proposalDeadlineMs(slot: number): number {
    return this.haunts.startOf(slot) + this.haunts.setting.parameters.proposalWindowSeconds * 1000;
  }

  /** Real work, such as an execution. */
  work<T>(task: () => Promise<T>): Promise<T> {
    return this.haunts.loop.call(task, WORK);
  }

  note(what: string): void {
    this.haunts.trace.add(this.haunts.loop.nowMs(), this.name, `VILLAIN ${what}`);
  }

  /** Signs whatever it is, without asking anybody. */
  sign(kind: SignatureKind, slot: number, digest: Hex, sequence = ""): Hex {
    this.haunts.ledger.record({ validator: this.#publicKey, kind, slot, digest, sequence });
    return this.haunts.bls.sign(signingMessage(kind, contextOf(this.identity, slot), digest), this.#secretKey);
  }

  signBlock(block: Omit<BlockProposal, "signature">): BlockProposal {
    const { slot, attempt, index } = block;
    return { ...block, signature: this.sign("block", slot, blockProposalDigest(block), `${attempt}/${index}`) };
  }

  signProposal(content: Omit<CheckpointProposal, "signature">): CheckpointProposal {
    const digest = digestOf(this.identity, content);
    return { ...content, signature: this.sign("proposal", content.header.slot, digest) };
  }

  vote(kind: Vote["kind"], slot: number, digest: Hex = SKIP_DIGEST): Vote {
    return { kind, slot, digest, validatorIndex: this.validator, signature: this.sign(kind, slot, digest) };
  }

  /** It has said two things in one slot: from now on somebody can show it. */
  perjures(slot: number): void {
    this.perjuredMs ??= this.haunts.loop.nowMs();
    this.note(`said two things in slot ${slot}`);
  }
}
