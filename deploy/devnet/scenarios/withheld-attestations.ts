import { AGENT_NAMES } from "../agents.ts";
import type { Check, Evidence, Scenario, Stage } from "./interface.ts";
import { proposersOf } from "./schedule.ts";

/** The agents have found each other by then. */
const SLOT = 3;
/** So many of four must keep their attestation back to hold up a quorum of more than two thirds. */
const WITHHOLDERS = 2;
/** Part of its slot after which they let go of it: shortly before attestations come too late to count. */
const UNTIL = 0.6;
/** A slot later the same again, but one peer alone hears of it, by whom the others do. */
const TO_ONE_PEER_FROM = 0.55;
const TO_ONE_PEER_UNTIL = 0.7;

export const withheldAttestations: Scenario = {
  expectation:
    "two of four keep back their attestations to the last moment, then show them to one peer only: both checkpoints land, late if need be",
  slots: 6,
  cast: { directed: true, links: true },
  async plan(stage) {
    const held: number[] = [SLOT, SLOT + 1];
    const withholders = new Map<number, string[]>();
    for (const slot of held) {
      withholders.set(slot, await bystanders(stage, slot));
      for (const name of withholders.get(slot) ?? []) {
        stage.direct(name, { type: "hold-attestation", slot, untilMs: stage.slotStartMs(slot + UNTIL) });
      }
    }
    const [first = [], second = []] = held.map((slot) => withholders.get(slot));
    const listener = await stage.proposerOf(SLOT + 2);
    return {
      acts: [
        {
          atMs: stage.slotStartMs(SLOT),
          act: () => stage.say(`${first.join(" and ")} keep back their attestations of slot ${SLOT}`),
        },
        {
          atMs: stage.slotStartMs(SLOT + 1),
          act: () => stage.say(`${second.join(" and ")} keep back their attestations of slot ${SLOT + 1}`),
        },
        {
          atMs: stage.slotStartMs(SLOT + 1 + TO_ONE_PEER_FROM),
          act() {
            stage.say(`of these, only ${listener} will hear when they let go of them`);
            stage.separate((one, other) => second.includes(one) && other !== listener);
          },
        },
        {
          atMs: stage.slotStartMs(SLOT + 1 + TO_ONE_PEER_UNTIL),
          act() {
            stage.heal();
            stage.say("everybody is connected again");
          },
        },
      ],
      races: true,
      judge: (evidence) => held.map((slot) => landsAfter(evidence, slot, stage.slotStartMs(slot + UNTIL))),
    };
  },
};

/** Agents that neither build a slot nor follow on it: the proposer would hold its own certificate at once. */
async function bystanders(stage: Stage, slot: number): Promise<string[]> {
  const busy = await proposersOf(stage, slot, slot + 1);
  const rest = AGENT_NAMES.filter((name) => !busy.includes(name));
  return rest.slice(0, WITHHOLDERS);
}

function landsAfter({ rows, timeOf }: Evidence, slot: number, releasedMs: number): Check {
  const what = `slot ${slot} is held up, and lands`;
  const row = rows.find((one) => one.slot === slot);
  if (row?.l1Block === undefined || row.l1Block === null) return { what, ok: false, found: "it is lost" };
  const afterSeconds = timeOf(row.l1Block) - releasedMs / 1000;
  const found = `landed ${row.onTime ? "on time" : "late"} by ${row.submitter}, ${afterSeconds.toFixed(1)} s after they let go`;
  return { what, ok: afterSeconds > 0, found };
}
