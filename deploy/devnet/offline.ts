import type { Monitor } from "./monitor.ts";

/** Which agent is killed, and when. */
export interface Outage {
  name: string;
  /** The slot it builds when it is killed: at the start of its build slot, or well into it if it is restarted. */
  fromSlot: number;
  /** Started again at once. */
  restarted: boolean;
}

/** Slots that run undisturbed first. */
const FIRST_OUTAGE_SLOT = 3;
/** The schedule of the first epochs is fixed at genesis; in this range some proposer follows another. */
const LAST_OUTAGE_SLOT = 8;

/**
 * The first slot whose proposer differs from the one before: killed at its boundary, a proposer of two slots in a row
 * would take along the one it has built already.
 */
export async function planOutage(monitor: Monitor, restarted: boolean): Promise<Outage> {
  for (let slot = FIRST_OUTAGE_SLOT; slot <= LAST_OUTAGE_SLOT; slot++) {
    const name = await monitor.proposerOf(slot);
    if (name !== (await monitor.proposerOf(slot - 1))) return { name, fromSlot: slot, restarted };
  }
  throw new Error(`slots ${FIRST_OUTAGE_SLOT - 1} to ${LAST_OUTAGE_SLOT} all have one proposer: nothing to show`);
}
