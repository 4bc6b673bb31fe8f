import type { Scenario, Stage } from "./interface.ts";

/** Slots that run undisturbed first. */
const FIRST_SLOT = 3;
/** The schedule of the first epochs is fixed at genesis; in this range some proposer follows another. */
const LAST_SLOT = 8;

export const offlineProposer: Scenario = {
  expectation: "one agent is killed for good: the slots it proposes are lost, and no others",
  slots: 5,
  cast: {},
  async plan(stage) {
    const { name, fromSlot } = await firstToFollowAnother(stage);
    const isGone = (row: { slot: number; proposer: string }): boolean => row.proposer === name && row.slot >= fromSlot;
    return {
      acts: [
        {
          atMs: stage.slotStartMs(fromSlot - 1),
          async act() {
            await stage.kill(name);
            stage.say(`${name} is killed before it can build slot ${fromSlot}`);
          },
        },
      ],
      due: (row) => (isGone(row) ? "lost" : "landed"),
      judge({ rows }) {
        const gone = rows.filter(isGone).map(({ slot }) => slot);
        return [{ what: `slots of ${name} fall into the run`, ok: gone.length > 0, found: `slots ${gone.join(", ")}` }];
      },
    };
  },
};

/**
 * The first slot whose proposer differs from the one before: killed at its boundary, a proposer of two slots in a row
 * would take along the one it has built already.
 */
export async function firstToFollowAnother(
  stage: Pick<Stage, "proposerOf">,
): Promise<{ name: string; fromSlot: number }> {
  for (let fromSlot = FIRST_SLOT; fromSlot <= LAST_SLOT; fromSlot++) {
    const name = await stage.proposerOf(fromSlot);
    if (name !== (await stage.proposerOf(fromSlot - 1))) return { name, fromSlot };
  }
  throw new Error(`slots ${FIRST_SLOT - 1} to ${LAST_SLOT} all have one proposer: nothing to show`);
}
