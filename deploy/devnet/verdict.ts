import type { LoadReport, SlotReport } from "./report.ts";
import type { Check, Due, Evidence, Plan } from "./scenarios/interface.ts";
import { doubleSends } from "./sends.ts";

/** A run without a scenario. */
export const NOTHING_PLANNED: Plan = { acts: [], judge: () => [] };

/** Everything asked of a run that came to its end: what is asked of every run, then what its scenario was to show. */
export function checksOf(evidence: Evidence, plan: Plan): Check[] {
  const { rows, load } = evidence;
  return [
    checkpointsCheck(rows, plan.due),
    transactionsCheck(load),
    agentsCheck(evidence),
    slashedCheck(evidence, plan),
    sendsCheck(evidence, plan),
    ...plan.judge(evidence),
  ];
}

/** What failed, in words. */
export function complaintsOf(checks: readonly Check[]): string[] {
  return checks.filter(({ ok }) => !ok).map(({ what, found }) => `${what}: ${found}`);
}

/** @param due What must become of a slot; left out: it must land. */
export function checkpointsCheck(rows: readonly SlotReport[], due: (row: SlotReport) => Due = () => "landed"): Check {
  const wrong = rows.flatMap((row) => {
    const expected = due(row);
    if (row.status === "lost" && expected === "landed") return [`slot ${row.slot} of ${row.proposer} did not land`];
    if (row.status === "submitted" && expected === "lost") return [`slot ${row.slot} landed, ${row.proposer} was gone`];
    return [];
  });
  const landed = rows.filter(({ status }) => status === "submitted");
  const late = landed.filter(({ onTime }) => onTime === false).length;
  const found = [`${landed.length} of ${rows.length} landed, ${late} late`, ...wrong].join("; ");
  return { what: "no checkpoint is lost that need not be", ok: wrong.length === 0, found };
}

function transactionsCheck({ sent, landed, lost, resent }: LoadReport): Check {
  const found = `${landed} of ${sent} are in checkpoints on L1; ${resent} that no block had shown were sent again`;
  return { what: "no transaction is lost", ok: lost === 0, found };
}

function agentsCheck({ agents }: Evidence): Check {
  const apart = agents.filter(({ agrees }) => !agrees).map(({ name }) => name);
  const found = apart.length === 0 ? `${agents.length} agents agree` : `not on it: ${apart.join(", ")}`;
  return { what: "all agents are on the chain that is on L1", ok: agents.length > 0 && apart.length === 0, found };
}

/** Whoever signs two things for a slot is slashed: the agents see to that. */
function slashedCheck({ events, nameOf }: Evidence, { forger }: Plan): Check {
  const slashed = events.flatMap((event) => {
    if (event.type === "validator-slashed") return [`validator ${event.index}`];
    return event.type === "bond-slashed" && nameOf(event.submitter) !== forger ? [nameOf(event.submitter)] : [];
  });
  return { what: "nobody honest is slashed", ok: slashed.length === 0, found: slashed.join(", ") || "nobody is" };
}

function sendsCheck({ sends }: Evidence, { races }: Plan): Check {
  const doubles = doubleSends(sends);
  const inVain = sends.filter(({ succeeded }) => !succeeded);
  const gas = inVain.reduce((sum, { gasUsed }) => sum + gasUsed, 0);
  const found = `${doubles} of ${sends.length} L1 transactions; ${inVain.length} landed nothing, for ${gas} gas`;
  return { what: "no checkpoint is mined twice without need", ok: doubles === 0 || races === true, found };
}
