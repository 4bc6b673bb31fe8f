import type { Hex } from "../../types/hex.ts";
import type { PayloadAttributes } from "../../types/payload.ts";
import {
  type AppendResult,
  type CandidateEngine,
  EngineError,
  type ExecutionEngine,
  type SealedCandidate,
  sealsCandidates,
} from "../engine/interface.ts";

/** One payload of an engine, from its opening to its end. */
export interface Workshop {
  /** Whether it can be sealed while it grows. If not, the one seal ends it. */
  readonly isContinuous: boolean;
  append(transactions: Hex[], untilMs: number): Promise<AppendResult[]>;
  undo(count: number): Promise<void>;
  seal(from: number, best: Hex | undefined): Promise<SealedCandidate>;
  keep(blockHash: Hex): Promise<void>;
  drop(): Promise<void>;
}

/** Opens a payload. Rejects as `startPayload` does. */
export async function openWorkshop(
  engine: ExecutionEngine,
  parentHash: Hex,
  attributes: PayloadAttributes,
  isContinuous: boolean,
): Promise<Workshop> {
  const id = await engine.startPayload(parentHash, attributes);
  return isContinuous && sealsCandidates(engine) ? growing(engine, id) : sealedOnce(engine, id);
}

function growing(engine: CandidateEngine, id: string): Workshop {
  return {
    isContinuous: true,
    append: (transactions, untilMs) => engine.appendTransactions(id, transactions, untilMs),
    undo: (count) => engine.undoTransactions(id, count),
    seal: (from, best) => engine.sealCandidate(id, from, best),
    keep: (blockHash) => engine.keepCandidate(id, blockHash),
    drop: () => engine.dropPayload(id),
  };
}

/** What is in it is known when it is done. It is shown in no parts, so nobody is told what came of them. */
function sealedOnce(engine: ExecutionEngine, id: string): Workshop {
  return {
    isContinuous: false,
    append: (transactions, untilMs) => engine.appendTransactions(id, transactions, untilMs),
    undo: () => Promise.reject(new EngineError("unsupported", "this engine takes nothing back out of a payload")),
    seal: async () => ({ payload: await engine.getPayload(id), receipts: [], balancesWei: {} }),
    keep: () => Promise.resolve(),
    drop: () => Promise.resolve(),
  };
}
