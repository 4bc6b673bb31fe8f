import type { Log } from "ethers";
import { decodeEvents, type RollupEvent } from "../../../sdk/get/events.ts";
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
  readonly #events = new Map<string, RollupEvent[]>();
  #landed: OnL1[] = [];
  #newestMs = 0;

  /** @param validators Public keys of the genesis set, by index. */
  constructor(l1: SimulatedL1, ledger: SignatureLedger, validators: readonly Hex[]) {
    this.#l1 = l1;
    this.#ledger = ledger;
    this.#validators = validators;
  }

  /** The canonical checkpoints, oldest first. */
  get landed(): readonly OnL1[] {
    return this.#landed;
  }

  /** Stamp of the newest L1 block that ever was. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /** @throws Violation. */
  async check(): Promise<void> {
    const head = await this.#l1.read<{ timestamp: Hex }>("eth_getBlockByNumber", ["latest", false]);
    this.#newestMs = Math.max(this.#newestMs, 1000 * Number(head.timestamp));
    const { rollup } = this.#l1.deployment;
    const filter = { address: rollup, fromBlock: "0x0", toBlock: "latest" };
    const logs = await this.#l1.read<RpcLog[]>("eth_getLogs", [filter]);
    const events = logs.flatMap((log) => this.#decode(log));
    const landed: OnL1[] = [];
    for (const event of events) {
      if (event.type === "removed" || event.type === "bond-slashed" || event.type === "validator-slashed") {
        throw new Violation(
          "nobody honest is slashed or rolled back",
          `${event.type} in L1 block ${event.at.blockNumber}`,
        );
      }
      if (event.type !== "submitted") continue;
      const { submission, late } = event.checkpoint;
      const { header, digest, attestation } = submission;
      const { slot, lastBlockHash } = header;
      const before = landed.at(-1);
      if (before !== undefined && before.slot >= slot) {
        throw new Violation("one checkpoint a slot on L1, in order", `slot ${slot} after slot ${before.slot}`);
      }
      this.#checkQuorum(slot, digest, attestation.signers);
      landed.push({ slot, digest, lastBlockHash, late, blockNumber: event.at.blockNumber });
    }
    this.#landed = landed;
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

  #checkQuorum(slot: number, digest: Hex, signers: bigint): void {
    const named = this.#validators.filter((_, index) => ((signers >> BigInt(index)) & 1n) === 1n);
    const attested = this.#ledger.attestations(slot, digest);
    const honest = new Set(named.filter((validator) => attested.has(validator)));
    if (this.#ledger.isQuorum(honest)) return;
    const what = `slot ${slot}, ${digest}: ${honest.size} of ${this.#validators.length} signed it`;
    throw new Violation("what lands was signed by a quorum", what);
  }
}

function toLog(log: RpcLog): Log {
  return { ...log, blockNumber: Number(log.blockNumber), index: Number(log.logIndex) } as unknown as Log;
}
