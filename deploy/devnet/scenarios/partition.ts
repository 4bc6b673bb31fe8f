import { AGENT_NAMES } from "../agents.ts";
import type { SlotReport } from "../report.ts";
import type { Act, Due, Scenario, Stage } from "./interface.ts";

/** Two and two: neither side has a quorum. Slots, as moments. */
const HALVES = { from: 2.4, to: 3.4 };
/** One and three: three are a quorum. */
const ALONE = { from: 5.4, to: 6.4 };

export const partition: Scenario = {
  expectation:
    "the agents are cut two from two for a slot, later one from three: what was under way on the wrong side may be lost, no transaction is",
  slots: 8,
  cast: { links: true },
  async plan(stage) {
    const halves = [AGENT_NAMES.slice(0, 2), AGENT_NAMES.slice(2)];
    // The one that builds then, so that it matters.
    const alone = await stage.proposerOf(Math.ceil(ALONE.from) + 1);
    const others = AGENT_NAMES.filter((name) => name !== alone);
    return {
      acts: [...cut(stage, HALVES, halves), ...cut(stage, ALONE, [[alone], others])],
      due: (row) => dueOf(row, alone),
      judge({ rows }) {
        const before = rows.filter(({ slot }) => slot < HALVES.from);
        const after = rows.filter(({ slot }) => slot > ALONE.to + 1);
        const landed = [...before, ...after].filter(({ status }) => status === "submitted");
        const ok = after.length > 0 && landed.length === before.length + after.length;
        return [{ what: "slots before and after the cuts land", ok, found: landed.map(({ slot }) => slot).join(", ") }];
      },
    };
  },
};

function cut(stage: Stage, { from, to }: { from: number; to: number }, groups: string[][]): Act[] {
  return [
    {
      atMs: stage.slotStartMs(from),
      act() {
        stage.separate((one, other) => groups.some((names) => names.includes(one) && !names.includes(other)));
        stage.say(`cut: ${groups.map((names) => names.join(", ")).join(" | ")}`);
      },
    },
    {
      atMs: stage.slotStartMs(to),
      act() {
        stage.heal();
        stage.say("everybody is connected again");
      },
    },
  ];
}

/** A slot is touched by a cut from the beginning of its build slot to the time at which its attestations are in. */
function dueOf({ slot, proposer }: SlotReport, alone: string): Due {
  const isTouched = ({ from, to }: { from: number; to: number }): boolean => slot + 1 > from && slot - 1 < to;
  if (isTouched(HALVES)) return "either";
  return isTouched(ALONE) && proposer === alone ? "either" : "landed";
}
