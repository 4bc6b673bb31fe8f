import type { SlotReport } from "../report.ts";
import type { Scenario } from "./interface.ts";
import { slotWithSuccessor } from "./schedule.ts";

export const missedPublish: Scenario = {
  expectation: "one proposer never publishes: its successor lands both checkpoints in one transaction",
  slots: 5,
  cast: { directed: true },
  async plan(stage) {
    const slot = await slotWithSuccessor(stage);
    const name = await stage.proposerOf(slot);
    stage.direct(name, { type: "hold-checkpoint", slot });
    stage.say(`${name} will keep back its checkpoint of slot ${slot}`);
    return {
      acts: [],
      judge({ rows }) {
        const rescued = rows.find((row) => row.slot === slot);
        const ok = rescued !== undefined && isRescue(rescued, rows);
        const found = rescued === undefined ? "no such slot" : `landed by ${rescued.submitter ?? "nobody"}`;
        return [{ what: `slot ${slot} is landed late by its successor`, ok, found }];
      },
    };
  },
};

/** Landed late, by the proposer of the slot after it. */
export function isRescue(row: SlotReport, rows: SlotReport[]): boolean {
  const successor = rows.find((other) => other.slot === row.slot + 1)?.proposer;
  return row.onTime === false && row.submitter === successor && row.submitter !== row.proposer;
}
