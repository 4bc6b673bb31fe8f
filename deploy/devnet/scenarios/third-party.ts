import { AGENT_NAMES } from "../agents.ts";
import { THIRD_PARTY } from "../report.ts";
import type { Scenario } from "./interface.ts";

/** The agents have found each other by then. */
const SLOT = 3;

export const thirdParty: Scenario = {
  expectation:
    "no agent publishes one checkpoint: `baton submit`, run by an outsider, lands it late and shows its ledger",
  slots: 5,
  cast: { directed: true, outsider: "submitter" },
  async plan(stage) {
    for (const name of AGENT_NAMES) stage.direct(name, { type: "hold-checkpoint", slot: SLOT });
    stage.say(`all agents will keep back the checkpoint of slot ${SLOT}`);
    return {
      acts: [],
      judge({ rows }) {
        const row = rows.find(({ slot }) => slot === SLOT);
        const ok = row?.onTime === false && row.submitter === THIRD_PARTY;
        return [{ what: `slot ${SLOT} is landed late by the outsider`, ok, found: `by ${row?.submitter ?? "nobody"}` }];
      },
    };
  },
};
