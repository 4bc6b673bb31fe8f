import type { Devnet } from "./devnet.ts";
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
/** A restart needs nothing before it but a chain to build on. */
const FIRST_RESTART_SLOT = 2;
/** The schedule of the first epochs is fixed at genesis; in this range some proposer follows another. */
const LAST_OUTAGE_SLOT = 8;
/** Part of its build slot after which a proposer is killed that is to be restarted: blocks are out, more are due. */
const RESTART_AFTER = 0.35;

/**
 * The first slot whose proposer differs from the one before: killed at its boundary, a proposer of two slots in a row
 * would take along the one it has built already.
 */
export async function planOutage(monitor: Pick<Monitor, "proposerOf">): Promise<Outage> {
  for (let slot = FIRST_OUTAGE_SLOT; slot <= LAST_OUTAGE_SLOT; slot++) {
    const name = await monitor.proposerOf(slot);
    if (name !== (await monitor.proposerOf(slot - 1))) return { name, fromSlot: slot, restarted: false };
  }
  throw new Error(`slots ${FIRST_OUTAGE_SLOT - 1} to ${LAST_OUTAGE_SLOT} all have one proposer: nothing to show`);
}

/**
 * The slot whose proposer has its next one soonest, though not the next: that one it would be building as well. It is
 * killed while it builds the first, and the second shows that it is back.
 */
export async function planRestart(monitor: Pick<Monitor, "proposerOf">): Promise<Outage> {
  const slots = Array.from({ length: LAST_OUTAGE_SLOT - FIRST_RESTART_SLOT + 1 }, (_, i) => FIRST_RESTART_SLOT + i);
  const names = new Map<number, string>();
  for (const slot of slots) names.set(slot, await monitor.proposerOf(slot));
  for (let distance = 2; distance < slots.length; distance++) {
    const fromSlot = slots.find(
      (slot) => names.get(slot) === names.get(slot + distance) && names.get(slot) !== names.get(slot + 1),
    );
    if (fromSlot !== undefined) return { name: names.get(fromSlot) as string, fromSlot, restarted: true };
  }
  throw new Error(
    `no proposer of slots ${FIRST_RESTART_SLOT} to ${LAST_OUTAGE_SLOT} has a second one: nothing to show`,
  );
}

/** What is done to the devnet for an outage, and when (Unix ms). */
export function outageEvents(
  devnet: Pick<Devnet, "killAgent" | "restartAgent">,
  outage: Outage | undefined,
  slotStartMs: (slot: number) => number,
): { atMs: number; act: () => Promise<void> }[] {
  if (outage === undefined) return [];
  const { name, fromSlot, restarted } = outage;
  if (restarted) {
    return [
      {
        atMs: slotStartMs(fromSlot - 1 + RESTART_AFTER),
        act: async () => {
          console.log(`${name} killed and started again while it builds slot ${fromSlot}`);
          await devnet.restartAgent(name);
        },
      },
    ];
  }
  return [
    {
      atMs: slotStartMs(fromSlot - 1),
      act: async () => {
        await devnet.killAgent(name);
        console.log(`${name} killed at the start of slot ${fromSlot - 1}, before it could build slot ${fromSlot}`);
      },
    },
  ];
}
