import type { Log } from "ethers";
import type { InboxMessage } from "../../../sdk/digest/inbox.ts";
import { decodeEvents, type RollupEvent } from "../../../sdk/get/events.ts";
import type { LandedCheckpoint } from "../../../sdk/get/landed.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SimulatedL1 } from "../l1/chain.ts";
import type { SignatureLedger } from "../ledger.ts";
import { Violation } from "../violation.ts";

/** A checkpoint on the canonical L1 chain. */
export interface OnL1 {
  slot: number;
  digest: Hex;
  lastBlockHash: Hex;
  late: boolean;
  blockNumber: number;
}

/** The same, and all that its event tells. */
export interface Landing extends OnL1 {
  number: number;
  /** A quorum signed it; what somebody lands that none did must go again. */
  signed: boolean;
  checkpoint: LandedCheckpoint;
}

/** Who may lose a stake, a bond or a landing: they deserve it. */
export interface Outlaws {
  /** Indices of validators. */
  validators: ReadonlySet<number>;
  /** L1 accounts. */
  accounts: ReadonlySet<Hex>;
}

const NOBODY: Outlaws = { validators: new Set(), accounts: new Set() };

interface RpcLog {
  blockNumber: Hex;
  blockHash: Hex;
  transactionHash: Hex;
  logIndex: Hex;
  topics: Hex[];
  data: Hex;
  address: Hex;
}

/** What L1 says of the rollup, read anew after each of its changes, and what must hold of it. */
export class L1Rules {
  readonly #l1: SimulatedL1;
  readonly #ledger: SignatureLedger;
  readonly #validators: readonly Hex[];
  readonly #outlaws: Outlaws;
  readonly #events = new Map<string, RollupEvent[]>();
  #landed: Landing[] = [];
  #newestMs = 0;
  #slashed = new Set<number>();
  #messages: InboxMessage[] = [];
  #settled = 0;

  /** @param validators Public keys of the genesis set, by index. */
  constructor(l1: SimulatedL1, ledger: SignatureLedger, validators: readonly Hex[], outlaws: Outlaws = NOBODY) {
    this.#l1 = l1;
    this.#ledger = ledger;
    this.#validators = validators;
    this.#outlaws = outlaws;
  }

  /** The canonical checkpoints, oldest first, without what nobody signed: nobody follows that. */
  get landed(): readonly Landing[] {
    return this.#landed;
  }

  /** Stamp of the newest L1 block that ever was. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** Indices of the validators that lost their stakes. */
  get slashed(): ReadonlySet<number> {
    return this.#slashed;
  }

  /** What the inbox was sent, from the first on. */
  get messages(): readonly InboxMessage[] {
    return this.#messages;
  }

  /** Number of the last settled checkpoint; 0 before the first. */
  get settled(): number {
    return this.#settled;
  }

  /** @throws Violation. */
  async check(): Promise<void> {
    const head = await this.#l1.read<{ timestamp: Hex }>("eth_getBlockByNumber", ["latest", false]);
    this.#newestMs = Math.max(this.#newestMs, 1000 * Number(head.timestamp));
    const { rollup } = this.#l1.deployment;
    const filter = { address: rollup, fromBlock: "0x0", toBlock: "latest" };
    const logs = await this.#l1.read<RpcLog[]>("eth_getLogs", [filter]);
    const events = logs.flatMap((log) => this.#decode(log));
    const landed: Landing[] = [];
    this.#slashed = new Set();
    this.#messages = [];
    this.#settled = 0;
    for (const event of events) this.#apply(event, landed);
    this.#landed = landed.filter(({ signed }) => signed);
  }

  #apply(event: RollupEvent, landed: Landing[]): void {
    const { accounts, validators } = this.#outlaws;
    switch (event.type) {
      case "submitted":
        landed.push(this.#landing(event, landed.at(-1)));
        break;
      case "removed": {
        const gone = landed.pop();
        if (gone?.number !== event.number || gone.signed) dishonour(event, `slot ${event.slot}`);
        break;
      }
      case "deposited":
      case "forced":
        this.#messages.push(event.message);
        break;
      case "settled": {
        const forged = landed.find(({ number, signed }) => number <= event.last && !signed);
        this.#settled = event.last;
        if (forged === undefined) break;
        throw new Violation("what nobody signed is taken off L1", `slot ${forged.slot} settled`);
      }
      case "bond-slashed":
        if (!accounts.has(event.submitter)) dishonour(event, event.submitter);
        break;
      case "validator-slashed":
        this.#slashed.add(event.index);
        if (!validators.has(event.index)) dishonour(event, `validator ${event.index}`);
    }
  }

  #landing(event: Extract<RollupEvent, { type: "submitted" }>, before: OnL1 | undefined): Landing {
    const { submission, late, number, submitter } = event.checkpoint;
    const { header, digest, attestation } = submission;
    const { slot, lastBlockHash } = header;
    if (before !== undefined && before.slot >= slot) {
      throw new Violation("one checkpoint a slot on L1, in order", `slot ${slot} after slot ${before.slot}`);
    }
    const missing = this.#missingQuorum(slot, digest, attestation.signers);
    if (missing !== undefined && !this.#outlaws.accounts.has(submitter)) {
      throw new Violation("what lands was signed by a quorum", missing);
    }
    const { blockNumber } = event.at;
    const { checkpoint } = event;
    return { slot, number, digest, lastBlockHash, late, blockNumber, signed: missing === undefined, checkpoint };
  }

  /** Each log is read once, however often it is seen. */
  #decode(log: RpcLog): RollupEvent[] {
    const key = `${log.blockHash}/${log.logIndex}`;
    const known = this.#events.get(key);
    if (known !== undefined) return known;
    const events = decodeEvents([toLog(log)]);
    this.#events.set(key, events);
    return events;
  }

  #missingQuorum(slot: number, digest: Hex, signers: bigint): string | undefined {
    const named = this.#validators.filter((_, index) => ((signers >> BigInt(index)) & 1n) === 1n);
    const attested = this.#ledger.attestations(slot, digest);
    const voters = new Set(named.filter((validator) => attested.has(validator)));
    if (this.#ledger.isQuorum(voters, slot)) return undefined;
    return `slot ${slot}, ${digest}: ${voters.size} of ${this.#validators.length} signed it`;
  }
}

function dishonour({ type, at }: RollupEvent, whom: string): never {
  throw new Violation("nobody honest is slashed or rolled back", `${type} of ${whom} in L1 block ${at.blockNumber}`);
}

function toLog(log: RpcLog): Log {
  return { ...log, blockNumber: Number(log.blockNumber), index: Number(log.logIndex) } as unknown as Log;
}
