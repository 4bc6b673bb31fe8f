/** What a trigger finds. */
export interface Found {
  /** The block is no longer wanted: the chain below it changed, or the agent stops. */
  cancelled: boolean;
  /** The best sealed candidate: there is none yet, all of it was shown before, or it has something new. */
  resolved: "none" | "shown" | "new";
}

/**
 * `publish`: show the candidate. `advance`: nothing is sealed; go on, past the block's end until something is.
 * `suppress`: nothing new to show; go on, or at the block's end take what was shown. `stop`: show nothing any more.
 */
export type TriggerAction = "publish" | "advance" | "suppress" | "stop";

/** What a trigger does. What was cancelled shows nothing, however good it is: it would be a sibling of the next block. */
export function triggerAction({ cancelled, resolved }: Found): TriggerAction {
  if (cancelled) return "stop";
  if (resolved === "new") return "publish";
  return resolved === "shown" ? "suppress" : "advance";
}
