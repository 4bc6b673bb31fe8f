import type { Scenario, Stage } from "./interface.ts";

/** A restart needs nothing before it but a chain to build on. */
const FIRST_SLOT = 2;
const LAST_SLOT = 8;
/** Part of its build slot after which the proposer is killed: blocks are out, more are due. */
const RESTART_AFTER = 0.35;

export const restartedProposer: Scenario = {
  expectation: "one agent is killed while it builds and started again: it goes on, and loses at most that slot",
  slots: 6,
  cast: {},
  async plan(stage) {
    const { name, slot } = await soonestAgain(stage);
    return {
      acts: [
        {
          atMs: stage.slotStartMs(slot - 1 + RESTART_AFTER),
          async act() {
            stage.say(`${name} is killed and started again while it builds slot ${slot}`);
            await stage.restart([name]);
            stage.say(`${name} is loaded again`);
          },
        },
      ],
      // Back in time or not: what it was building when it was killed may be lost, and nothing else.
      due: (row) => (row.slot === slot ? "either" : "landed"),
      judge({ rows }) {
        const later = rows.filter((row) => row.slot > slot && row.proposer === name && row.status === "submitted");
        const found = later.length === 0 ? "nothing" : `slot ${later.map((row) => row.slot).join(", ")}`;
        return [{ what: `${name} lands something after its restart`, ok: later.length > 0, found }];
      },
    };
  },
};

/**
 * The slot whose proposer has its next one soonest, though not the next: that one it would be building as well. It is
 * killed while it builds the first, and the second shows that it is back.
 */
export async function soonestAgain(stage: Pick<Stage, "proposerOf">): Promise<{ name: string; slot: number }> {
  const slots = Array.from({ length: LAST_SLOT - FIRST_SLOT + 1 }, (_, index) => FIRST_SLOT + index);
  const names = new Map<number, string>();
  for (const slot of slots) names.set(slot, await stage.proposerOf(slot));
  for (let distance = 2; distance < slots.length; distance++) {
    const found = slots.find(
      (slot) => names.get(slot) === names.get(slot + distance) && names.get(slot) !== names.get(slot + 1),
    );
    if (found !== undefined) return { name: names.get(found) as string, slot: found };
  }
  throw new Error(`no proposer of slots ${FIRST_SLOT} to ${LAST_SLOT} has a second one: nothing to show`);
}
