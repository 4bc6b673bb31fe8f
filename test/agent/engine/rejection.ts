import { EngineError } from "../../../sdk/agent/engine/interface.ts";

/** The EngineError a promise rejects with; fails if it resolves or rejects with anything else. */
export async function rejection(promise: Promise<unknown>): Promise<EngineError> {
  const error = await promise.then(
    () => new Error("expected a rejection"),
    (reason: unknown) => reason,
  );
  if (error instanceof EngineError) return error;
  throw error;
}
