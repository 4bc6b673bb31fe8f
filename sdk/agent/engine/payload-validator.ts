import type { Common } from "@ethereumjs/common";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import { assembleBlock, type BlockEnvironment, type KnownBlock } from "./chain/block.ts";
import type { ChainStore } from "./chain/chain-store.ts";
import type { Executor, SealedBlock } from "./execution/executor.ts";
import { forcedError, runForced } from "./execution/forced.ts";
import { type DecodedTransaction, InvalidTransaction, type TransactionDecoder } from "./execution/transactions.ts";
import { headerError } from "./header-rules.ts";
import { toBytes, toHex } from "./hex.ts";
import type { PayloadStatus } from "./interface.ts";
import { payloadFormatError } from "./payload-format.ts";

/** Verdict on a payload; `sealed` is there iff it is VALID and was not known before. */
export interface Judgement {
  status: PayloadStatus;
  sealed?: SealedBlock;
}

/** Judges blocks from outside by executing them. Stores nothing: what is not VALID leaves no trace. */
export class PayloadValidator {
  readonly #rules: Common;
  readonly #store: ChainStore;
  readonly #executor: Executor;
  readonly #decoder: TransactionDecoder;

  constructor(rules: Common, store: ChainStore, executor: Executor, decoder: TransactionDecoder) {
    this.#rules = rules;
    this.#store = store;
    this.#executor = executor;
    this.#decoder = decoder;
  }

  /** Cheapest checks first; the signatures of all transactions before the first one runs. */
  async judge(payload: ExecutionPayload, forced: readonly Hex[]): Promise<Judgement> {
    const format = payloadFormatError(payload);
    if (format !== undefined) return invalid(format);
    const claimed = this.#assemble(payload);
    if (typeof claimed === "string") return invalid(claimed);
    if (claimed.hash !== payload.blockHash.toLowerCase()) {
      return invalid(`block hash of this content is ${claimed.hash}, payload says ${payload.blockHash}`);
    }
    if (forced.length === 0 && this.#isKnown(claimed)) return VALID;
    const parent = this.#store.block(toHex(claimed.header.parentHash));
    if (parent === undefined) {
      return { status: { status: "SYNCING", reason: `parent ${payload.parentHash} is not known` } };
    }
    const env = environmentOf(payload);
    const header = headerError(parent.header, env);
    if (header !== undefined) return invalid(header);
    try {
      const transactions = this.#decoder.decodeAll(claimed.transactions);
      return await this.#execute(parent, env, claimed, { transactions, forced });
    } catch (error) {
      if (error instanceof InvalidTransaction) return invalid(error.message);
      throw error;
    }
  }

  /** A block that was executed before is not executed again; but what was forced upon it then may be something else. */
  #isKnown({ hash }: KnownBlock): boolean {
    return this.#store.block(hash) !== undefined;
  }

  /** The block as the payload claims it to be, or why no header can say that. */
  #assemble(payload: ExecutionPayload): KnownBlock | string {
    try {
      return assembleBlock(
        this.#rules,
        environmentOf(payload),
        payload.transactions.map(toBytes),
        payload.withdrawals,
        {
          stateRoot: toBytes(payload.stateRoot),
          receiptTrie: toBytes(payload.receiptsRoot),
          logsBloom: toBytes(payload.logsBloom),
          gasUsed: payload.gasUsed,
        },
      );
    } catch (error) {
      return `header cannot be built: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #execute(
    parent: KnownBlock,
    env: BlockEnvironment,
    claimed: KnownBlock,
    { transactions, forced }: { transactions: DecodedTransaction[]; forced: readonly Hex[] },
  ): Promise<Judgement> {
    const open = await this.#executor.open(parent.header.stateRoot, env);
    await runForced(this.#executor, this.#decoder, open, forced);
    const unforced = forcedError(open, transactions);
    if (unforced !== undefined) return invalid(unforced, "forced-transactions");
    if (this.#isKnown(claimed)) return VALID;
    for (let index = open.transactions.length; index < transactions.length; index++) {
      const result = await this.#executor.run(open, transactions[index] as DecodedTransaction);
      if (result.outcome !== "included") return invalid(`transaction ${index}: ${result.reason}`);
    }
    const sealed = await this.#executor.seal(open, claimed.withdrawals);
    if (sealed.block.hash !== claimed.hash) return invalid(difference(sealed.block, claimed));
    return { status: { status: "VALID" }, sealed };
  }
}

/** What was known of a block before it was executed. */
export function environmentOf(payload: ExecutionPayload): BlockEnvironment {
  return {
    parentHash: toBytes(payload.parentHash),
    number: BigInt(payload.blockNumber),
    timestamp: BigInt(payload.timestamp),
    prevRandao: toBytes(payload.prevRandao),
    feeRecipient: toBytes(payload.feeRecipient),
    gasLimit: payload.gasLimit,
    baseFeePerGas: payload.baseFeePerGas,
    extraData: toBytes(payload.extraData),
  };
}

/** Names the first header field in which execution and claim differ; two blocks with equal fields have equal hashes. */
function difference({ header: ours }: KnownBlock, { header: theirs }: KnownBlock): string {
  if (ours.gasUsed !== theirs.gasUsed) return `gas used is ${ours.gasUsed}, payload says ${theirs.gasUsed}`;
  for (const field of ["receiptTrie", "logsBloom", "stateRoot"] as const) {
    const [mine, claimed] = [toHex(ours[field]), toHex(theirs[field])];
    if (mine !== claimed) return `${field} is ${mine}, payload says ${claimed}`;
  }
  return "header differs from the executed block's";
}

const VALID: Judgement = { status: { status: "VALID" } };

const invalid = (reason: string, code?: PayloadStatus["code"]): Judgement => ({
  status: { status: "INVALID", reason, ...(code && { code }) },
});
