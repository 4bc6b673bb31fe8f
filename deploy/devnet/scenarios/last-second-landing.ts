import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { agentKeys } from "../accounts.ts";
import { AGENT_NAMES } from "../agents.ts";
import { doubleSends } from "../sends.ts";
import type { Check, Evidence, Scenario, Stage } from "./interface.ts";
import { slotWithSuccessor } from "./schedule.ts";

const { l1SlotSeconds, slotSeconds } = DEVNET_PARAMETERS;
/** Part of its slot before which the proposer does not send: what it sends then is in the last on-time L1 block. */
const LAST_BLOCK = 1 - (1.8 * l1SlotSeconds) / slotSeconds;
/** After its slot's end, the same moment at which the successor begins. */
const RACE_AFTER_MS = 100;

export const lastSecondLanding: Scenario = {
  expectation:
    "a proposer lands in the last L1 block that is on time; another sends late, against its rescue: every checkpoint lands, a transaction too many costs its gas",
  slots: 8,
  cast: { directed: true },
  async plan(stage) {
    const last = await slotWithSuccessor(stage);
    const raced = await slotWithSuccessor(stage, last + 2);
    await directLast(stage, last);
    await directRace(stage, raced);
    return {
      acts: [],
      races: true,
      judge: (evidence) => [isInLastBlock(evidence, last, stage), isRaced(evidence, raced)],
    };
  },
};

async function directLast(stage: Stage, slot: number): Promise<void> {
  const name = await stage.proposerOf(slot);
  stage.direct(name, { type: "hold-checkpoint", slot, untilMs: stage.slotStartMs(slot + LAST_BLOCK) });
  stage.say(`${name} will send slot ${slot} for its last on-time L1 block`);
}

async function directRace(stage: Stage, slot: number): Promise<void> {
  const name = await stage.proposerOf(slot);
  const rival = agentKeys(AGENT_NAMES.indexOf(await stage.proposerOf(slot + 1))).l1Address;
  stage.direct(name, { type: "race-successor", slot, fromMs: stage.slotStartMs(slot + 1) + RACE_AFTER_MS, rival });
  stage.say(`${name} will send slot ${slot} late, at the same time as its successor`);
}

function isInLastBlock({ rows, timeOf }: Evidence, slot: number, stage: Stage): Check {
  const what = `slot ${slot} lands in its last on-time L1 block, and nobody else sends it`;
  const row = rows.find((one) => one.slot === slot);
  if (row === undefined || row.l1Block === null) return { what, ok: false, found: "it is lost" };
  const beforeEndSeconds = stage.slotStartMs(slot + 1) / 1000 - timeOf(row.l1Block);
  const ok = row.submitter === row.proposer && row.onTime === true && beforeEndSeconds === l1SlotSeconds;
  return { what, ok, found: `landed by ${row.submitter}, ${beforeEndSeconds} s before the end of its slot` };
}

/** Both were mined, one of them for nothing, and the successor's own checkpoint landed as well. */
function isRaced({ rows, sends }: Evidence, slot: number): Check {
  const [row, next] = [slot, slot + 1].map((one) => rows.find((candidate) => candidate.slot === one));
  const carried = sends.filter((send) => send.slots.includes(slot));
  const ok = row?.onTime === false && next?.status === "submitted" && doubleSends(carried) > 0;
  const found = `${carried.length} transactions carried it, by ${carried.map(({ from }) => from).join(" and ")}; it landed by ${row?.submitter ?? "nobody"}`;
  return { what: `slot ${slot} is sent twice, and lands once beside slot ${slot + 1}`, ok, found };
}
