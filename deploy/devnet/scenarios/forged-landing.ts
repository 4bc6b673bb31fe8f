import { FORGER } from "../report.ts";
import type { Check, Evidence, Scenario } from "./interface.ts";

/** The forger is bonded by then. */
const SLOT = 3;
/** Part of the slot before it in which the forgery is sent: the first L1 block of the slot holds it. */
const SENT_AT = SLOT - 0.08;

export const forgedLanding: Scenario = {
  expectation:
    "a bonded submitter lands a checkpoint that nobody signed: an agent challenges it and lands the right one in one transaction; the bond is slashed",
  slots: 5,
  cast: { outsider: "forger" },
  async plan(stage) {
    return {
      acts: [
        {
          atMs: stage.slotStartMs(SENT_AT),
          act() {
            stage.forge(SLOT);
            stage.say(`the ${FORGER} sends a checkpoint of slot ${SLOT} that nobody signed`);
          },
        },
      ],
      forger: FORGER,
      judge: (evidence) => [isReplaced(evidence), isSlashed(evidence)],
    };
  },
};

function isReplaced({ events, nameOf }: Evidence): Check {
  const what = `the forgery of slot ${SLOT} lands, and gives way to what was signed in one transaction`;
  const landings = events.flatMap((event) =>
    event.type === "submitted" && event.checkpoint.slot === SLOT ? [{ ...event.checkpoint, at: event.at }] : [],
  );
  const [forged, right] = landings;
  const removed = events.find((event) => event.type === "removed" && event.slot === SLOT);
  if (forged === undefined || nameOf(forged.submitter) !== FORGER)
    return { what, ok: false, found: "no forgery landed" };
  if (right === undefined || removed === undefined) return { what, ok: false, found: "the forgery stands" };
  const ok = removed.at.transactionHash === right.at.transactionHash;
  const found = `L1 block ${forged.at.blockNumber}, removed in ${removed.at.blockNumber}; the right one is in ${right.at.blockNumber}, by ${nameOf(right.submitter)}`;
  return { what, ok, found };
}

function isSlashed({ events, nameOf }: Evidence): Check {
  const slashed = events.find((event) => event.type === "bond-slashed" && nameOf(event.submitter) === FORGER);
  const found = slashed?.type === "bond-slashed" ? `half of it went to ${nameOf(slashed.informer)}` : "it is not";
  return { what: `the ${FORGER}'s bond is slashed`, ok: slashed !== undefined, found };
}
