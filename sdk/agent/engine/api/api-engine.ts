import { randomUUID } from "node:crypto";
import type { Common } from "@ethereumjs/common";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../types/payload.ts";
import type { Clock } from "../../time/interface.ts";
import { createChainRules } from "../chain-rules.ts";
import { keccak } from "../crypto/keccak.ts";
import { MAX_TRANSACTION_BYTES } from "../execution/forced.ts";
import { InvalidTransaction, TransactionDecoder } from "../execution/transactions.ts";
import { buildGenesis, type GenesisConfig } from "../genesis.ts";
import { headerError } from "../header-rules.ts";
import { isHex, toBytes, toHex } from "../hex.ts";
import {
  type AppendResult,
  EngineError,
  type ExecutionEngine,
  type ForkchoiceState,
  MAX_OPEN_PAYLOADS,
  type PayloadStatus,
} from "../interface.ts";
import { attributesFormatError, forkchoiceFormatError, payloadFormatError } from "../payload-format.ts";
import { Serial } from "../serial.ts";
import { ClientBlocks } from "./client-blocks.ts";
import { ClientReader } from "./client-reader.ts";
import { ClientRefusal, ClientRpc } from "./client-rpc.ts";
import { EngineMethods, type ForkchoiceAnswer } from "./engine-methods.ts";
import { ForcedJudge } from "./forced-judge.ts";
import { RecentBlocks } from "./recent-blocks.ts";

export interface ApiEngineOptions {
  /** The client's authenticated endpoint. */
  engineUrl: string;
  /** Where the client answers `eth_` methods. */
  rpcUrl: string;
  /** The secret shared with the client, 32 bytes. */
  jwtSecret: Uint8Array;
  genesis: GenesisConfig;
  /** How long the client collects transactions of its pool for a block, milliseconds. */
  buildMs: number;
  /** A request without an answer for this long counts as failed. */
  timeoutMs: number;
}

export interface ApiEngineDependencies {
  clock: Clock;
  /** Called if the client does not answer when its head must move: agent and client then differ until both start again. */
  onLost: (error: EngineError) => void;
}

interface Build {
  readonly parent: Hex;
  readonly attributes: PayloadAttributes;
}

const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;
const LOST: ReadonlySet<EngineError["code"]> = new Set(["unavailable", "unauthorized"]);
/** A pool's word for a transaction that it holds already. */
const HELD = /already (known|in|exists|imported)|known transaction/i;

/**
 * An execution client behind the Engine API. What the port asks for and the API does not have:
 * - A block's content is chosen by the client, from its own pool: appending offers a transaction to that pool.
 * - So no block can be begun with what is forced upon the chain; blocks of others are judged as everywhere.
 * - Gas limit and extra data are the client's configuration: a block that comes out otherwise is refused here.
 * - State can be read at canonical blocks.
 * A client that was started again and lacks recent blocks is given them again.
 */
export class ApiEngine extends ClientReader implements ExecutionEngine {
  readonly genesisHash: Hex;
  readonly #options: ApiEngineOptions;
  readonly #clock: Clock;
  readonly #onLost: ApiEngineDependencies["onLost"];
  readonly #rpcs: ClientRpc[];
  readonly #methods: EngineMethods;
  readonly #pool: ClientRpc;
  readonly #blocks: ClientBlocks;
  readonly #decoder: TransactionDecoder;
  readonly #judge: ForcedJudge;
  readonly #recent = new RecentBlocks();
  /** Oldest first. */
  readonly #builds = new Map<string, Build>();
  /** The client's head follows from the order of calls, so one runs at a time. */
  readonly #serial = new Serial();
  #closed = false;

  private constructor({ options, clock, onLost, engineRpc, rpc, methods, blocks, rules, genesisHash }: Parts) {
    super(rpc, blocks);
    this.genesisHash = genesisHash;
    this.#options = options;
    this.#clock = clock;
    this.#onLost = onLost;
    this.#rpcs = [engineRpc, rpc];
    this.#methods = methods;
    this.#pool = rpc;
    this.#blocks = blocks;
    this.#decoder = new TransactionDecoder(rules);
    this.#judge = new ForcedJudge(rules, this.#decoder, rpc, blocks);
  }

  /**
   * Connects. Rejects with EngineError "unavailable" or "unauthorized"; "unsupported" if the client lacks a method;
   * "other-chain" if it was initialised with another first block.
   */
  static async open(options: ApiEngineOptions, { clock, onLost }: ApiEngineDependencies): Promise<ApiEngine> {
    const { engineUrl, rpcUrl, jwtSecret: secret, timeoutMs, genesis } = options;
    const rules = createChainRules(genesis.chainId);
    const genesisHash = buildGenesis(rules, genesis).block.hash;
    const engineRpc = new ClientRpc({ url: engineUrl, secret, timeoutMs }, clock);
    // The token is also sent to `rpcUrl` if that is the authenticated endpoint itself.
    const rpc = rpcUrl === engineUrl ? engineRpc : new ClientRpc({ url: rpcUrl, timeoutMs }, clock);
    const methods = new EngineMethods(engineRpc);
    await methods.requireCapabilities();
    const blocks = new ClientBlocks(rules, rpc, methods, genesisHash);
    const found = (await blocks.header("earliest"))?.hash;
    if (found !== genesisHash) {
      const why = `the execution client at ${rpcUrl} has the first block ${found}, expected ${genesisHash}`;
      throw new EngineError("other-chain", `${why}: initialise it with what "baton genesis" prints`);
    }
    return new ApiEngine({ options, clock, onLost, engineRpc, rpc, methods, blocks, rules, genesisHash });
  }

  forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus> {
    return this.#run(async () => {
      const format = forkchoiceFormatError(state);
      if (format !== undefined) return { status: "INVALID", reason: format };
      const next: ForkchoiceState = {
        headBlockHash: lower(state.headBlockHash),
        safeBlockHash: this.#orGenesis(state.safeBlockHash),
        finalizedBlockHash: this.#orGenesis(state.finalizedBlockHash),
      };
      const { status } = await this.#forkchoice(next).catch((error: unknown) => {
        if (error instanceof EngineError && LOST.has(error.code)) this.#onLost(error);
        throw error;
      });
      if (status.status === "VALID") this.#blocks.tips = next;
      // Not every client looks before it moves.
      if (status.status === "INVALID") await this.#forkchoice(this.#blocks.tips);
      return status;
    });
  }

  newPayload(payload: ExecutionPayload, forced: readonly Hex[] = []): Promise<PayloadStatus> {
    return this.#run(async () => {
      const format = payloadFormatError(payload);
      if (format !== undefined) return { status: "INVALID", reason: format };
      const status = await this.#import(payload);
      if (status.status !== "VALID" || forced.length === 0) return status;
      const reason = await this.#judge.error(payload, forced);
      return reason === undefined ? status : { status: "INVALID", reason, code: "forced-transactions" };
    });
  }

  /** Rejects with EngineError "unsupported" if something is forced into the block. */
  startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string> {
    return this.#run(async () => {
      const format = attributesFormatError(attributes);
      if (format !== undefined) throw new EngineError("bad-request", `payload attributes: ${format}`);
      const parent = isHex(parentHash, 32) ? await this.#blocks.header(parentHash) : undefined;
      if (parent === undefined) throw new EngineError("unknown-block", `parent ${parentHash} is not known`);
      const before = this.#blocks.parentOf(parent);
      const error = headerError(before, {
        number: before.number + 1n,
        timestamp: BigInt(attributes.timestamp),
        gasLimit: attributes.gasLimit,
        baseFeePerGas: before.calcNextBaseFee(),
      });
      if (error !== undefined) throw new EngineError("bad-request", `payload attributes: ${error}`);
      if (attributes.forced !== undefined && attributes.forced.length > 0) {
        throw new EngineError("unsupported", "over the Engine API no block can begin with forced transactions");
      }
      const id = randomUUID();
      this.#builds.set(id, { parent: parent.hash, attributes });
      for (const oldest of this.#builds.keys()) {
        if (this.#builds.size <= MAX_OPEN_PAYLOADS) break;
        this.#builds.delete(oldest);
      }
      return id;
    });
  }

  /** Offers the transactions to the client's pool. What the pool does not take is "skipped": it does not tell for how long. */
  appendTransactions(payloadId: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]> {
    return this.#run(async () => {
      const { attributes } = this.#buildOf(payloadId);
      const results: AppendResult[] = [];
      for (const raw of transactions) {
        if (this.#clock.nowMs() >= untilMs) break;
        results.push(await this.#offer(raw, attributes.gasLimit));
      }
      return results;
    });
  }

  /**
   * Lets the client build, which takes `buildMs`. Rejects with EngineError "unsupported" if the client does not build on
   * that parent, or its block is not what the attributes ask for.
   */
  getPayload(payloadId: string): Promise<ExecutionPayload> {
    return this.#run(async () => {
      const build = this.#buildOf(payloadId);
      this.#builds.delete(payloadId);
      const payload = await this.#build(build);
      const difference = differenceFrom(build, payload);
      if (difference !== undefined)
        throw new EngineError("unsupported", `the client built another block: ${difference}`);
      const { status, reason } = await this.#import(payload);
      if (status === "VALID") return payload;
      throw new EngineError("unavailable", `the client finds its own block ${status}: ${reason}`);
    });
  }

  /** Ends what is running; the client goes on. Later calls reject with EngineError "closed". */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const rpc of this.#rpcs) rpc.close();
    await this.#serial.idle();
  }

  async #build(build: Build): Promise<ExecutionPayload> {
    const { tips } = this.#blocks;
    const isOnHead = build.parent === tips.headBlockHash;
    const base = isOnHead
      ? tips
      : { headBlockHash: build.parent, safeBlockHash: ZERO_HASH, finalizedBlockHash: ZERO_HASH };
    try {
      return await this.#buildOn(base, build.attributes);
    } catch (error) {
      // Started again in the meantime, it has forgotten what it was asked for.
      if (!(error instanceof EngineError && error.code === "unknown-payload")) throw error;
      return await this.#buildOn(base, build.attributes);
    } finally {
      if (!isOnHead) await this.#forkchoice(tips);
    }
  }

  async #buildOn(base: ForkchoiceState, attributes: PayloadAttributes): Promise<ExecutionPayload> {
    const { status, payloadId } = await this.#forkchoice(base, attributes);
    if (status.status !== "VALID" || payloadId === undefined) {
      const why = status.status === "VALID" ? "it may not build below its head" : `${status.status}: ${status.reason}`;
      throw new EngineError("unsupported", `the client does not build on ${base.headBlockHash}: ${why}`);
    }
    await this.#clock.sleepUntil(this.#clock.nowMs() + this.#options.buildMs);
    return this.#methods.getPayload(payloadId);
  }

  async #offer(raw: Hex, blockGasLimit: bigint): Promise<AppendResult> {
    const bytes = isHex(raw) ? toBytes(raw) : new Uint8Array(0);
    const hash = toHex(keccak(bytes));
    try {
      if (bytes.length > MAX_TRANSACTION_BYTES) {
        throw new InvalidTransaction(`${bytes.length} bytes, at most ${MAX_TRANSACTION_BYTES} are taken`);
      }
      const { gasLimit } = this.#decoder.decode(bytes).tx;
      if (gasLimit > blockGasLimit)
        throw new InvalidTransaction(`gas limit ${gasLimit} exceeds the block's ${blockGasLimit}`);
      await this.#pool.call("eth_sendRawTransaction", [raw]);
      return { hash, outcome: "offered" };
    } catch (error) {
      if (error instanceof InvalidTransaction) return { hash, outcome: "invalid", reason: error.message };
      if (!(error instanceof ClientRefusal)) throw error;
      return HELD.test(error.message)
        ? { hash, outcome: "offered" }
        : { hash, outcome: "skipped", reason: error.message };
    }
  }

  /** Gives the client a block, and before it what it lacks of the blocks it had. */
  async #import(payload: ExecutionPayload): Promise<PayloadStatus> {
    let status = await this.#methods.newPayload(payload);
    if (status.status === "SYNCING" && (await this.#replay(payload.parentHash))) {
      status = await this.#methods.newPayload(payload);
    }
    if (status.status === "VALID") this.#recent.add(payload);
    return status;
  }

  async #forkchoice(state: ForkchoiceState, attributes?: PayloadAttributes): Promise<ForkchoiceAnswer> {
    const answer = await this.#methods.forkchoiceUpdated(state, attributes);
    if (answer.status.status !== "SYNCING" || !(await this.#replay(state.headBlockHash))) return answer;
    return this.#methods.forkchoiceUpdated(state, attributes);
  }

  /** True if blocks are held that lead to `hash`, and the client now has them all. */
  async #replay(hash: Hex): Promise<boolean> {
    const lineage = this.#recent.lineage(hash);
    for (const block of lineage) {
      if ((await this.#methods.newPayload(block)).status !== "VALID") return false;
    }
    return lineage.length > 0;
  }

  #buildOf(id: string): Build {
    const build = this.#builds.get(id);
    if (build !== undefined) return build;
    throw new EngineError("unknown-payload", `no open payload ${id}: sealed before, or dropped for a newer one`);
  }

  #run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new EngineError("closed", "the engine is closed"));
    return this.#serial.run(task);
  }

  #orGenesis(hash: Hex): Hex {
    return hash === ZERO_HASH ? this.genesisHash : lower(hash);
  }
}

interface Parts extends ApiEngineDependencies {
  options: ApiEngineOptions;
  engineRpc: ClientRpc;
  rpc: ClientRpc;
  methods: EngineMethods;
  blocks: ClientBlocks;
  rules: Common;
  genesisHash: Hex;
}

/** In what a block is not the one that was asked for. */
function differenceFrom({ parent, attributes }: Build, payload: ExecutionPayload): string | undefined {
  const { timestamp, prevRandao, feeRecipient, gasLimit, withdrawals } = attributes;
  const expected = { parentHash: parent, timestamp, prevRandao, feeRecipient, gasLimit, extraData: "0x" as const };
  for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
    const [wanted, got] = [`${expected[name]}`.toLowerCase(), `${payload[name]}`.toLowerCase()];
    if (wanted !== got) return `${name}: expected ${wanted}, got ${got} (part of the client's configuration?)`;
  }
  if (payload.withdrawals.length === withdrawals.length) return undefined;
  return `expected ${withdrawals.length} withdrawals, got ${payload.withdrawals.length}`;
}

const lower = (hash: Hex): Hex => hash.toLowerCase() as Hex;
