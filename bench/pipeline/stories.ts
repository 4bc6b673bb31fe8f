import { agentKeys } from "../../deploy/devnet/accounts.ts";
import type { Story } from "./play.ts";

/** Slots of which a story takes one as its example. */
const FIRST_EXAMPLE = 3;

/** Every `apart`th slot, from the third on, whose effects are over before the last that counts. */
export const examples = (slots: number, apart: number): number[] =>
  Array.from({ length: slots }, (_, i) => i + 1).filter(
    (slot) => slot >= FIRST_EXAMPLE && (slot - FIRST_EXAMPLE) % apart === 0 && slot + apart <= slots + 1,
  );

/** Nothing goes wrong. */
export const STEADY: Story = {};

/** Proposers that do everything but bring their checkpoint to L1. */
export const missedPublish = (withheld: readonly number[]): Story => ({ withheld: () => [...withheld] });

/** L1 makes no block in which a checkpoint could land, on time or late. */
export const failedRescue = (unlanded: readonly number[], slotMs: number, handoffMs: number): Story => ({
  faults: (startOf) => ({
    missed: unlanded.map((slot) => ({ fromMs: startOf(slot) + 1, toMs: startOf(slot) + slotMs + handoffMs })),
  }),
});

/** The first slot from the third on whose proposer has not the slot before it: there it goes down for good. */
export const firstAway = (proposers: readonly number[]): number =>
  proposers.findIndex((proposer, i) => i + 1 >= FIRST_EXAMPLE && proposers[i - 1] !== proposer) + 1;

/** Slots of an agent from one on, and the slots of others that come right after one of them. */
export function awaySlots(
  proposers: readonly number[],
  from: number,
  slots: number,
): { lost: number[]; children: number[] } {
  const of = (slot: number): number | undefined => proposers[slot - 1];
  const counted = Array.from({ length: slots - from + 1 }, (_, i) => from + i);
  return {
    lost: counted.filter((slot) => of(slot) === of(from)),
    children: counted.filter((slot) => of(slot) !== of(from) && slot > from && of(slot - 1) === of(from)),
  };
}

/** How long before the build slot of its first lost slot a proposer goes down. */
const BEFORE_MS = 2_000;

/** A proposer that goes down before it should build, and stays away. */
export const OFFLINE_PROPOSER: Story = {
  direct: ({ world: { startOf }, proposers, crash }) => {
    const slot = firstAway(proposers);
    crash(proposers[slot - 1] as number, startOf(slot - 1) - BEFORE_MS, Number.POSITIVE_INFINITY);
    return () => {};
  },
};

/** Proposers that go down when their checkpoint is gathering its signatures, and are away until its window is over. */
export const deadProposer = (slots: readonly number[]): Story => ({
  direct: ({ world: { loop, startOf, setting }, proposers, crash }) => {
    const left = new Set(slots);
    const awayMs = (setting.parameters.slotSeconds + setting.parameters.handoffWindowSeconds) * 1000;
    return (agent, event) => {
      if (event.type !== "proposed" || proposers[event.slot - 1] === agent || !left.delete(event.slot)) return;
      crash(proposers[event.slot - 1] as number, loop.nowMs(), startOf(event.slot) + awayMs);
    };
  },
});

/** Proposers that send in time, but no builder of L1 blocks hears of it before their slot is over. */
export const stuckProposer = (slots: readonly number[]): Story => ({
  direct: ({ world: { loop, startOf, l1, setting }, proposers }) => {
    const l1SlotMs = setting.parameters.l1SlotSeconds * 1000;
    for (const slot of slots) {
      const { l1Address } = agentKeys(proposers[slot - 1] as number);
      loop.at(startOf(slot) - l1SlotMs, () => l1.ignored.add(l1Address));
      loop.at(startOf(slot + 1) + 1, () => l1.ignored.delete(l1Address));
    }
    return () => {};
  },
});
