import type { Timetable } from "../time/timetable.ts";
import type { Certificate } from "../types/messages.ts";
import type { ChainState, SlotRecord } from "./state.ts";

/** What is known of a slot; an empty record if nothing is. */
export function slotRecord(state: ChainState, slot: number): SlotRecord {
  const held = state.slots.find((record) => record.slot === slot);
  return (
    held ?? { slot, attested: undefined, skipped: undefined, stoodOn: undefined, buildableMs: undefined, parents: {} }
  );
}

/** Changes what is known of a slot. */
export function noteSlot(state: ChainState, slot: number, change: Partial<Omit<SlotRecord, "slot">>): ChainState {
  const record = { ...slotRecord(state, slot), ...change };
  const others = state.slots.filter((other) => other.slot !== slot);
  return { ...state, slots: [...others, record].sort((a, b) => a.slot - b.slot) };
}

/** Forgets slots below `slot`; the same state if there are none. */
export function pruneSlots(state: ChainState, slot: number): ChainState {
  const slots = state.slots.filter((record) => record.slot >= slot);
  return slots.length === state.slots.length ? state : { ...state, slots };
}

/** The certificate of a checkpoint of this slot that is not settled, if one is held; the checkpoint may not be. */
export function certificateOf(state: ChainState, slot: number): Certificate | undefined {
  const held = [...state.unsubmitted, ...state.unsettled.map(({ entry }) => entry)].find((one) => one.slot === slot);
  return held?.proposed?.certificate ?? slotRecord(state, slot).attested;
}

export const isSkipped = (state: ChainState, slot: number): boolean => slotRecord(state, slot).skipped !== undefined;

/** All certificates held for a slot, for a peer that asks: at most one of each kind. */
export function certificatesOf(state: ChainState, slot: number): Certificate[] {
  return [certificateOf(state, slot), slotRecord(state, slot).skipped].filter((one) => one !== undefined);
}

/** A slot that no canonical L1 block can hold any more; judged by L1's time alone, never by a local clock. */
export function isDead(slot: number, l1TimestampSeconds: number, timetable: Timetable): boolean {
  return l1TimestampSeconds * 1000 >= timetable.of(slot).lastLateBlockMs;
}

/** Whether a checkpoint of this slot may still land: its window is open, and what it stood on is not dead. */
export function isOpen(state: ChainState, slot: number, timetable: Timetable): boolean {
  const isLost = (one: number): boolean => isDead(one, state.l1.timestamp, timetable) && one > state.submitted.slot;
  const { stoodOn } = slotRecord(state, slot);
  return slot > state.submitted.slot && !isLost(slot) && (stoodOn === undefined || !isLost(stoodOn));
}

/** Whether a certified checkpoint that can still land on top of the submitted tip is not held here. */
export function isCertifiedElsewhere(state: ChainState, timetable: Timetable): boolean {
  return state.slots.some(({ slot, attested }) => {
    if (attested === undefined || !isOpen(state, slot, timetable)) return false;
    return !state.unsubmitted.some(({ proposed }) => proposed?.digest === attested.digest);
  });
}
