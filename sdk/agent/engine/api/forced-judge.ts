import type { Common } from "@ethereumjs/common";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { Executor } from "../execution/executor.ts";
import { forcedError, runOneForced } from "../execution/forced.ts";
import type { TransactionDecoder } from "../execution/transactions.ts";
import { toBytes } from "../hex.ts";
import { environmentOf } from "../payload-validator.ts";
import type { ClientBlocks } from "./client-blocks.ts";
import type { ClientRpc } from "./client-rpc.ts";
import { RemoteState } from "./remote-state.ts";

/**
 * Finds out which of the forced transactions can run at a block's start, which no method of an execution client tells:
 * by running them here, on state that the client proves. Each reads as much as its gas pays for, so one of them takes
 * at most some 250 proofs, one after another.
 */
export class ForcedJudge {
  readonly #rules: Common;
  readonly #decoder: TransactionDecoder;
  readonly #rpc: ClientRpc;
  readonly #blocks: ClientBlocks;

  constructor(rules: Common, decoder: TransactionDecoder, rpc: ClientRpc, blocks: ClientBlocks) {
    this.#rules = rules;
    this.#decoder = decoder;
    this.#rpc = rpc;
    this.#blocks = blocks;
  }

  /**
   * Why a valid block does not begin with the forced transactions that can run; undefined if it does.
   * Rejects with EngineError "unknown-block" if its parent is not on the client's canonical chain.
   */
  async error(payload: ExecutionPayload, forced: readonly Hex[]): Promise<string | undefined> {
    const { stateRoot } = await this.#blocks.require(payload.parentHash);
    const state = new RemoteState(this.#rpc, await this.#blocks.canonicalNumber(payload.parentHash));
    const executor = await Executor.create(this.#rules, state);
    const open = await state.complete(() => executor.open(toBytes(stateRoot), environmentOf(payload)));
    for (const raw of forced) await state.complete(() => runOneForced(executor, this.#decoder, open, raw));
    return forcedError(open, this.#decoder.decodeAll(payload.transactions.map(toBytes)));
  }
}
