import type { Scenario } from "./options.ts";
import type { Outage } from "./outage.ts";
import { type LoadReport, type SlotReport, THIRD_PARTY } from "./report.ts";

/** What a run was meant to show. */
export interface Expectation {
  scenario: Scenario | undefined;
  /** The agent that is killed, and the slot it was to build then. */
  killed: Outage | undefined;
}

/** Everything that is not as it should be, in words; empty for a good run. */
export function complaintsOf(rows: SlotReport[], load: LoadReport, expectation: Expectation): string[] {
  return [
    ...rows.flatMap((row) => slotComplaints(row, expectation)),
    ...scenarioComplaints(rows, expectation),
    ...(load.lost > 0 ? [`${load.lost} of ${load.sent} transactions are in no checkpoint`] : []),
  ];
}

function slotComplaints(row: SlotReport, { killed }: Expectation): string[] {
  // Back in time or not: what it was building when it was killed may be lost, and nothing else.
  if (killed?.restarted && row.slot === killed.fromSlot) return [];
  const mustBeLost = killed?.restarted === false && row.proposer === killed.name && row.slot >= killed.fromSlot;
  if (row.status === "lost" && !mustBeLost) return [`slot ${row.slot} of ${row.proposer} did not land`];
  if (row.status === "submitted" && mustBeLost) return [`slot ${row.slot} landed though ${row.proposer} was gone`];
  return [];
}

function scenarioComplaints(rows: SlotReport[], { scenario, killed }: Expectation): string[] {
  if (scenario === "missed-publish") {
    return rows.some((row) => isRescue(row, rows)) ? [] : ["no checkpoint was landed late by its successor"];
  }
  if (scenario === "third-party") {
    const landed = rows.some((row) => row.onTime === false && row.submitter === THIRD_PARTY);
    return landed ? [] : ["no checkpoint was landed by the independent submitter"];
  }
  if (scenario === "offline-proposer") {
    if (killed === undefined) return ["no agent was killed"];
    return rows.some((row) => row.status === "lost") ? [] : [`no slot of ${killed.name} fell into the run`];
  }
  if (scenario === "restarted-proposer") {
    if (killed === undefined) return ["no agent was killed"];
    const { name, fromSlot } = killed;
    const back = rows.some((row) => row.slot > fromSlot && row.proposer === name && row.status === "submitted");
    return back ? [] : [`${name} landed nothing after its restart`];
  }
  return [];
}

/** Landed late, by the proposer of the slot after it. */
function isRescue(row: SlotReport, rows: SlotReport[]): boolean {
  const successor = rows.find((other) => other.slot === row.slot + 1)?.proposer;
  return row.onTime === false && row.submitter === successor && row.submitter !== row.proposer;
}
