import { AGENT_NAMES } from "../agents.ts";
import type { Scenario } from "./interface.ts";

/** When all agents are killed, in slots: in the middle of one. */
const KILLED_AT = 2.5;
/** Agents that start again read L1 and ask their peers before they take up their duties. */
const RECOVERY_MS = 4_000;
/** What was under way when they were killed, and what they were too late for. */
const MOST_LOST = 3;

export const restartAll: Scenario = {
  expectation:
    "all agents are killed in the middle of a slot and started again: nobody signs twice, and only what was being built without them is lost",
  slots: 7,
  cast: {},
  async plan(stage) {
    let loadedMs = Number.POSITIVE_INFINITY;
    const isTouched = ({ slot }: { slot: number }): boolean =>
      slot > KILLED_AT && stage.slotStartMs(slot - 1) < loadedMs + RECOVERY_MS;
    return {
      acts: [
        {
          atMs: stage.slotStartMs(KILLED_AT),
          async act() {
            stage.say("all agents are killed and started again");
            await stage.restart(AGENT_NAMES);
            loadedMs = Date.now();
            stage.say("all agents are loaded again");
          },
        },
      ],
      due: (row) => (isTouched(row) ? "either" : "landed"),
      judge({ rows }) {
        const touched = rows.filter((row) => isTouched(row));
        const lost = touched.filter(({ status }) => status === "lost").map(({ slot }) => slot);
        const after = rows.filter((row) => row.slot > KILLED_AT && !touched.includes(row)).map(({ slot }) => slot);
        return [
          {
            what: "no more is lost than was built, or due to be, without them",
            ok: lost.length <= MOST_LOST,
            found: lost.length === 0 ? "nothing is" : `slots ${lost.join(", ")}`,
          },
          { what: "there is a later slot", ok: after.length > 0, found: `slots ${after.join(", ")}` },
        ];
      },
    };
  },
};
