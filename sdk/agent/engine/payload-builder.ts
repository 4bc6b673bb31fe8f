import { randomUUID } from "node:crypto";
import type { Hex } from "../../types/hex.ts";
import type { PayloadAttributes } from "../../types/payload.ts";
import type { BlockEnvironment, KnownBlock } from "./chain/block.ts";
import { keccak } from "./crypto/keccak.ts";
import type { Executor, OpenBlock, SealedBlock } from "./execution/executor.ts";
import { MAX_TRANSACTION_BYTES, runForced } from "./execution/forced.ts";
import { type DecodedTransaction, InvalidTransaction, type TransactionDecoder } from "./execution/transactions.ts";
import { headerError } from "./header-rules.ts";
import { isHex, toBytes, toHex } from "./hex.ts";
import { type AppendResult, EngineError, MAX_OPEN_PAYLOADS } from "./interface.ts";
import { attributesFormatError, MAX_BLOCK_BYTES } from "./payload-format.ts";

interface Payload {
  readonly open: OpenBlock;
  readonly attributes: PayloadAttributes;
  bytes: number;
}

/** Blocks under construction. Each is an append-only lineage: what was appended stays, what failed leaves no trace. */
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
    const bytes = open.transactions.reduce((sum, { raw }) => sum + raw.length, 0);
    this.#payloads.set(id, { open, attributes, bytes });
    for (const oldest of this.#payloads.keys()) {
      if (this.#payloads.size <= MAX_OPEN_PAYLOADS) break;
      this.#payloads.delete(oldest);
    }
    return id;
  }

  async append(id: string, transactions: readonly Hex[], untilMs: number): Promise<AppendResult[]> {
    const payload = this.#get(id);
    const results: AppendResult[] = [];
    for (const raw of transactions) {
      if (this.#nowMs() >= untilMs) break;
      results.push(await this.#appendOne(payload, raw));
    }
    return results;
  }

  async seal(id: string): Promise<SealedBlock> {
    const { open, attributes } = this.#get(id);
    this.#payloads.delete(id);
    return this.#executor.seal(open, attributes.withdrawals);
  }

  async #appendOne(payload: Payload, hex: Hex): Promise<AppendResult> {
    const transaction = this.#decode(hex);
    if ("outcome" in transaction) return transaction;
    const { hash, raw } = transaction;
    if (payload.bytes + raw.length > MAX_BLOCK_BYTES) {
      return { hash, outcome: "skipped", reason: `block would exceed ${MAX_BLOCK_BYTES} bytes` };
    }
    const result = await this.#executor.run(payload.open, transaction);
    if (result.outcome === "included") payload.bytes += raw.length;
    return { hash, ...result };
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
