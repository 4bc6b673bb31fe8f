import type { Hex } from "../../types/hex.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Certificate } from "../types/messages.ts";
import { discardFrom } from "./blocks.ts";
import { noteSlot, slotRecord } from "./slots.ts";
import { bases, type ChainState, type Discarded } from "./state.ts";

/**
 * Records a certificate, whether the checkpoint it is for is here or not; a slot keeps the first of each kind. What it
 * shows to be without a future is discarded: whatever a skipped slot holds, and another checkpoint than the certified.
 */
export function addCertificate(
  state: ChainState,
  certificate: Certificate,
): { state: ChainState; discarded: Discarded[] } {
  const { slot, kind, digest } = certificate;
  const { attested, skipped } = slotRecord(state, slot);
  if (kind === "skip") return discardRefuted(noteSlot(state, slot, { skipped: skipped ?? certificate }));
  const noted = noteSlot(state, slot, { attested: attested ?? certificate });
  const unsubmitted = noted.unsubmitted.map((entry) =>
    entry.slot === slot && entry.proposed?.digest === digest && entry.proposed.certificate === undefined
      ? { ...entry, proposed: { ...entry.proposed, certificate } }
      : entry,
  );
  return discardRefuted({ ...noted, unsubmitted });
}

function discardRefuted(state: ChainState): { state: ChainState; discarded: Discarded[] } {
  for (const [at, { slot, proposed }] of state.unsubmitted.entries()) {
    if (proposed?.certificate !== undefined) continue;
    const { attested, skipped } = slotRecord(state, slot);
    if (skipped !== undefined) return discardFrom(state, at, "skipped");
    const isOther = attested !== undefined && proposed !== undefined && proposed.digest !== attested.digest;
    if (isOther) return discardFrom(state, at, "equivocated");
  }
  return { state, discarded: [] };
}

/**
 * Makes room for a certified checkpoint that was not followed here: what stands on its parent and is not it goes. A
 * certified one in its way stays: one of the two will be on L1, or dead, soon.
 * @param parentHash Of its first block.
 * @param isHeld What is held of its slot is the beginning of it.
 */
export function makeRoom(
  state: ChainState,
  slot: number,
  parentHash: Hex,
  isHeld: boolean,
): { state: ChainState; discarded: Discarded[] } {
  const depth = bases(state).findIndex((base) => base.blockHash === parentHash);
  const above = depth < 0 ? [] : state.unsubmitted.slice(depth);
  const isInPlace = isHeld && above[0]?.slot === slot;
  if (isInPlace || above.length === 0 || above.some(({ proposed }) => proposed?.certificate !== undefined)) {
    return { state, discarded: [] };
  }
  return discardFrom(state, depth, above[0]?.slot === slot ? "equivocated" : "superseded");
}

/** Within this many assumed hops of the last vote, its certificate is everywhere. */
const CERTIFICATE_HOPS = 2;

/**
 * Discards what has no certificate when none can be expected any more: two hops after the last moment for its votes.
 * Whoever builds next builds on the newest certified checkpoint. Should one have been certified all the same, its
 * certificate brings it back.
 */
export function discardOverdue(
  state: ChainState,
  nowMs: number,
  timetable: Timetable,
): { state: ChainState; discarded: Discarded[] } {
  const graceMs = CERTIFICATE_HOPS * 1000 * timetable.parameters.hopSeconds;
  const at = state.unsubmitted.findIndex(
    ({ slot, proposed }) =>
      proposed?.certificate === undefined && nowMs >= timetable.of(slot).attestationDeadlineMs + graceMs,
  );
  return at < 0 ? { state, discarded: [] } : discardFrom(state, at, "uncertified");
}
