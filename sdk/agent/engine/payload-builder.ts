import { randomUUID } from "node:crypto";
import type { Hex } from "../../types/hex.ts";
import type { PayloadAttributes } from "../../types/payload.ts";
import { type BlockEnvironment, type KnownBlock, toPayload } from "./chain/block.ts";
import { describeReceipts } from "./chain/receipts.ts";
import { keccak } from "./crypto/keccak.ts";
import type { Executor, OpenBlock, SealedBlock } from "./execution/executor.ts";
import { MAX_TRANSACTION_BYTES, runForced } from "./execution/forced.ts";
import { type DecodedTransaction, InvalidTransaction, type TransactionDecoder } from "./execution/transactions.ts";
import { headerError } from "./header-rules.ts";
import { isHex, toBytes, toHex } from "./hex.ts";
import { type AppendResult, EngineError, MAX_OPEN_PAYLOADS, type SealedCandidate } from "./interface.ts";
import { attributesFormatError, MAX_BLOCK_BYTES } from "./payload-format.ts";

interface Payload {
  readonly open: OpenBlock;
  readonly attributes: PayloadAttributes;
  /** Sealed ones that may yet be kept, by block hash: the newest, and the best. */
  readonly candidates: Map<Hex, SealedBlock>;
  bytes: number;
  isDropped: boolean;
}

/** Blocks under construction. Each is a lineage: what failed leaves no trace, what is undone leaves none either. */
export class PayloadBuilder {
  readonly #executor: Executor;
  readonly #decoder: TransactionDecoder;
  readonly #nowMs: () => number;
  /** Oldest first. */
  readonly #payloads = new Map<string, Payload>();

  constructor(executor: Executor, decoder: TransactionDecoder, nowMs: () => number) {
    this.#executor = executor;
    this.#decoder = decoder;
    this.#nowMs = nowMs;
  }

  async start(parent: KnownBlock, attributes: PayloadAttributes): Promise<string> {
    const env: BlockEnvironment = environment(parent, attributes);
    const open = await this.#executor.open(parent.header.stateRoot, env);
    await runForced(this.#executor, this.#decoder, open, attributes.forced ?? []);
    const id = randomUUID();
    const bytes = bytesOf(open);
    this.#payloads.set(id, { open, attributes, candidates: new Map(), bytes, isDropped: false });
    for (const oldest of this.#payloads.keys()) {
      if (this.#payloads.size <= MAX_OPEN_PAYLOADS) break;
      this.drop(oldest);
    }
    return id;
  }

  async append(id: string, transactions: readonly Hex[], untilMs: number): Promise<AppendResult[]> {
    const payload = this.#get(id);
    const results: AppendResult[] = [];
    let nowMs = this.#nowMs();
    for (const raw of transactions) {
      if (nowMs >= untilMs || payload.isDropped) break;
      const startedMs = nowMs;
      const result = await this.#appendOne(payload, raw);
      nowMs = this.#nowMs();
      results.push(result.outcome === "included" ? { ...result, tookMs: nowMs - startedMs } : result);
    }
    return results;
  }

  undo(id: string, count: number): void {
    const payload = this.#get(id);
    this.#executor.undo(payload.open, count);
    payload.bytes = bytesOf(payload.open);
  }

  async seal(id: string): Promise<SealedBlock> {
    const { open, attributes } = this.#get(id);
    this.#payloads.delete(id);
    return this.#executor.seal(open, attributes.withdrawals);
  }

  async sealCandidate(id: string, from: number, best: Hex | undefined): Promise<SealedCandidate> {
    const { open, attributes, candidates } = this.#get(id);
    const sealed = await this.#executor.seal(open, attributes.withdrawals, from);
    const { block, receipts, balances } = sealed;
    for (const hash of candidates.keys()) if (hash !== best) candidates.delete(hash);
    candidates.set(block.hash, sealed);
    const { gasUsed, logCount } = open.marks[from] ?? open;
    const before = { transactions: from, gasUsed, logs: logCount };
    return {
      payload: toPayload(block),
      receipts: describeReceipts(block, open.transactions.slice(from), receipts.slice(from), before),
      balancesWei: Object.fromEntries(balances.map(({ address, balanceWei }) => [toHex(address), balanceWei])),
    };
  }

  /** Takes a held candidate out of its payload, which ends. */
  take(id: string, hash: Hex): SealedBlock {
    const candidate = this.#get(id).candidates.get(hash);
    if (candidate === undefined) {
      throw new EngineError("unknown-payload", `payload ${id} holds no candidate ${hash}: replaced by a newer one`);
    }
    this.drop(id);
    return candidate;
  }

  /** Takes effect at once, also on what is being appended. */
  drop(id: string): void {
    const payload = this.#payloads.get(id);
    if (payload !== undefined) payload.isDropped = true;
    this.#payloads.delete(id);
  }

  async #appendOne(payload: Payload, hex: Hex): Promise<AppendResult> {
    const transaction = this.#decode(hex);
    if ("outcome" in transaction) return transaction;
    const { hash, raw } = transaction;
    if (payload.bytes + raw.length > MAX_BLOCK_BYTES) {
      return { hash, outcome: "skipped", reason: `block would exceed ${MAX_BLOCK_BYTES} bytes` };
    }
    const result = await this.#executor.run(payload.open, transaction);
    if (result.outcome !== "included") return { hash, ...result };
    payload.bytes += raw.length;
    return { hash, ...result, tookMs: 0 };
  }

  #decode(hex: Hex): DecodedTransaction | AppendResult {
    const zero: Hex = `0x${"0".repeat(64)}`;
    if (!isHex(hex)) return { hash: zero, outcome: "invalid", reason: "transaction is not hexadecimal" };
    const raw = toBytes(hex);
    try {
      if (raw.length > MAX_TRANSACTION_BYTES) {
        throw new InvalidTransaction(`${raw.length} bytes, at most ${MAX_TRANSACTION_BYTES} are taken`);
      }
      return this.#decoder.decode(raw);
    } catch (error) {
      if (!(error instanceof InvalidTransaction)) throw error;
      return { hash: toHex(keccak(raw)), outcome: "invalid", reason: error.message };
    }
  }

  #get(id: string): Payload {
    const payload = this.#payloads.get(id);
    if (payload === undefined) {
      throw new EngineError("unknown-payload", `no open payload ${id}: sealed before, or dropped for a newer one`);
    }
    return payload;
  }
}

const bytesOf = ({ transactions }: OpenBlock): number => transactions.reduce((sum, { raw }) => sum + raw.length, 0);

function environment(parent: KnownBlock, attributes: PayloadAttributes): BlockEnvironment {
  const format = attributesFormatError(attributes);
  if (format !== undefined) throw new EngineError("bad-request", `payload attributes: ${format}`);
  const env: BlockEnvironment = {
    parentHash: toBytes(parent.hash),
    number: parent.header.number + 1n,
    timestamp: BigInt(attributes.timestamp),
    prevRandao: toBytes(attributes.prevRandao),
    feeRecipient: toBytes(attributes.feeRecipient),
    gasLimit: attributes.gasLimit,
    baseFeePerGas: parent.header.calcNextBaseFee(),
    extraData: new Uint8Array(0),
  };
  const error = headerError(parent.header, env);
  if (error !== undefined) throw new EngineError("bad-request", `payload attributes: ${error}`);
  return env;
}
