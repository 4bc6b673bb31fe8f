import type { Hex } from "../types/hex.ts";
import type { StopReason, WaitReason } from "./decision.ts";
import type { Landing } from "./landing.ts";
import type { Fees } from "./types.ts";

/** What one step came to. */
export type StepOutcome =
  /** The node took it. */
  | { status: "sent"; action: "send" | "replace" | "cancel"; nonce: number; hash: Hex; fees: Fees }
  /** The node said no; nothing of it is live, and its price is forgotten. */
  | { status: "refused"; nonce: number; hash: Hex; reason: string }
  /** The node did not answer; the next step finds out whether it took it. */
  | { status: "unanswered"; nonce: number; hash: Hex; reason: string }
  /** Step again, at the next L1 block. */
  | { status: "waiting"; reason: WaitReason | "l1-unreachable" | "simulation-failed" | "not-yet"; detail?: string }
  /** Further steps with this request change nothing, unless L1 changes. `landing` is there when it landed. */
  | { status: "stopped"; reason: StopReason | "duplicate" | "stale" | "invalid"; detail?: string; landing?: Landing };
