import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes, Withdrawal } from "../../../types/payload.ts";
import { EngineError, type ForkchoiceState, type PayloadStatus } from "../interface.ts";
import { ClientRefusal, type ClientRpc } from "./client-rpc.ts";
import {
  builtPayload,
  forkchoiceAnswer,
  NO_BEACON_ROOT,
  payloadBodies,
  payloadStatus,
  read,
  toWireAttributes,
  toWirePayload,
} from "./wire.ts";

/** The Engine API's methods for Prague, the fork of this chain from its first block. */
const METHODS = {
  forkchoiceUpdated: "engine_forkchoiceUpdatedV3",
  newPayload: "engine_newPayloadV4",
  getPayload: "engine_getPayloadV4",
  bodies: "engine_getPayloadBodiesByHashV1",
} as const;

const INVALID_FORKCHOICE_STATE = -38002;
const INVALID_PARAMS = -32602;

/** What became of a forkchoice; `payloadId` is there if the client began to build. */
export interface ForkchoiceAnswer {
  status: PayloadStatus;
  payloadId?: string;
}

export interface PayloadBody {
  transactions: Hex[];
  withdrawals: Withdrawal[];
}

/** The methods of the Engine API that the adapter uses, typed. */
export class EngineMethods {
  readonly #rpc: ClientRpc;

  constructor(rpc: ClientRpc) {
    this.#rpc = rpc;
  }

  /** Rejects with EngineError "unsupported" if the client lacks one of the methods. */
  async requireCapabilities(): Promise<void> {
    const needed = Object.values(METHODS);
    const offered = read(
      z.array(z.string()),
      await this.#rpc.call("engine_exchangeCapabilities", [needed]),
      "capabilities",
    );
    const lacking = needed.filter((method) => !offered.includes(method));
    if (lacking.length === 0) return;
    throw new EngineError("unsupported", `the execution client lacks ${lacking.join(", ")}: expected one with Prague`);
  }

  /**
   * The status "INVALID" also stands for a safe or finalized block off the head's chain, for which some clients answer
   * "invalid params" and not what the specification says.
   */
  async forkchoiceUpdated(state: ForkchoiceState, attributes?: PayloadAttributes): Promise<ForkchoiceAnswer> {
    const wire = attributes === undefined ? null : toWireAttributes(attributes);
    let answer: unknown;
    try {
      answer = await this.#rpc.call(METHODS.forkchoiceUpdated, [state, wire], true);
    } catch (error) {
      if (error instanceof ClientRefusal && [INVALID_FORKCHOICE_STATE, INVALID_PARAMS].includes(error.rpcCode)) {
        return { status: { status: "INVALID", reason: error.message } };
      }
      throw error;
    }
    const { payloadStatus: status, payloadId } = read(forkchoiceAnswer, answer, METHODS.forkchoiceUpdated);
    return { status: verdict(status), ...(payloadId && { payloadId }) };
  }

  async newPayload(payload: ExecutionPayload): Promise<PayloadStatus> {
    // No blobs and no execution requests: the client answers INVALID to a block that has either.
    const params = [toWirePayload(payload), [], NO_BEACON_ROOT, []];
    return verdict(read(payloadStatus, await this.#rpc.call(METHODS.newPayload, params), METHODS.newPayload));
  }

  /** Rejects with EngineError "unknown-payload" if the client has forgotten the id. */
  async getPayload(payloadId: string): Promise<ExecutionPayload> {
    return read(builtPayload, await this.#rpc.call(METHODS.getPayload, [payloadId]), METHODS.getPayload);
  }

  /** Transactions and withdrawals of a block; undefined if the client does not have it. */
  async body(blockHash: Hex): Promise<PayloadBody | undefined> {
    const [body] = read(payloadBodies, await this.#rpc.call(METHODS.bodies, [[blockHash]]), METHODS.bodies);
    return body ? { transactions: body.transactions, withdrawals: body.withdrawals ?? [] } : undefined;
  }
}

/** The port's verdict. What the client keeps without having executed it may become valid: it is asked again later. */
function verdict({ status, validationError }: z.output<typeof payloadStatus>): PayloadStatus {
  switch (status) {
    case "VALID":
      return { status };
    case "SYNCING":
      return { status, reason: validationError ?? "the client does not have all that comes before" };
    case "ACCEPTED":
      return { status: "SYNCING", reason: "the client keeps the block and has not executed it" };
    default:
      return { status: "INVALID", reason: validationError ?? `the client answered ${status}` };
  }
}
