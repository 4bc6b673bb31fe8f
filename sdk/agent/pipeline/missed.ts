import { GuardError, SignerError } from "../guard/interface.ts";

/** Why a duty was missed; what exactly happened stands beside it, in words. */
export type MissCode =
  /** The agent was behind L1, or was still asking peers what it had missed. */
  | "off-duty"
  /** There was nothing to build on, or too much below it was not on L1. */
  | "not-begun"
  /** What was being built went with the chain below it, and no time or no attempt was left for another. */
  | "dropped"
  | "no-attempt"
  | "too-late"
  /** The proposal of the checkpoint below did not come. */
  | "parent-silent"
  /** L1 was not read up to what the first block has to consume. */
  | "inbox-unread"
  | "guard"
  /** This machine's clock is off. */
  | "clock"
  | "signer"
  /** Its checkpoint was here, and could not be attested before the deadline. */
  | "not-attestable"
  /** Neither a checkpoint to attest nor a reason to skip was here. */
  | "nothing-to-attest"
  /** Certified in time, and no L1 node took a transaction with it. */
  | "not-sent"
  /** Sent, and in none of its slot's L1 blocks. */
  | "not-mined"
  /** Anything else: a bug, or a machine that does not keep up. */
  | "failed";

/** A duty that cannot be done any more. */
export class MissedDuty extends Error {
  readonly code: MissCode;
  constructor(code: MissCode, message: string) {
    super(message);
    this.name = "MissedDuty";
    this.code = code;
  }
}

export function missCodeOf(error: unknown): MissCode {
  if (error instanceof MissedDuty) return error.code;
  if (error instanceof GuardError) return error.code === "clock" ? "clock" : "guard";
  return error instanceof SignerError ? "signer" : "failed";
}
