import { setTimeout as sleep } from "node:timers/promises";
import type { Act, Check, Evidence, Landing, Scenario, Stage } from "./interface.ts";

/** A landed checkpoint under which L1 replaces so many slots, with what they held or without. */
interface Reorg {
  slot: number;
  depth: number;
  keeps: boolean;
}

const MOVED: Reorg = { slot: 3, depth: 3, keeps: true };
/** Few enough that its proposer has the time to land it once more. */
const VANISHED: Reorg = { slot: 5, depth: 2, keeps: false };
/** Parts of its slot from and until which it is waited for that a checkpoint lies deep enough. */
const FROM = 0.2;
const UNTIL = 0.7;
const LOOK_MS = 100;

/** A checkpoint as it stood on L1 before L1 reorganised. */
interface Before {
  landing: Landing;
  slots: number;
}

export const l1Reorg: Scenario = {
  expectation:
    "L1 replaces its last blocks twice: once a landed checkpoint moves to another block, once it vanishes and is landed again",
  slots: 7,
  cast: {},
  async plan(stage) {
    const before = new Map<number, Before>();
    return {
      acts: [reorganizeUnder(stage, MOVED, before), reorganizeUnder(stage, VANISHED, before)],
      judge: (evidence) => [
        isOnL1Again(evidence, MOVED.slot, before.get(MOVED.slot), "moves to another L1 block"),
        isOnL1Again(evidence, VANISHED.slot, before.get(VANISHED.slot), "vanishes, and is landed again"),
      ],
    };
  },
};

function reorganizeUnder(stage: Stage, { slot, depth, keeps }: Reorg, before: Map<number, Before>): Act {
  return {
    atMs: stage.slotStartMs(slot + FROM),
    async act() {
      let landed = await stage.landingOf(slot);
      while ((landed?.depth ?? 0) < depth && Date.now() < stage.slotStartMs(slot + UNTIL)) {
        await sleep(LOOK_MS);
        landed = await stage.landingOf(slot);
      }
      if (landed === undefined) return stage.say(`slot ${slot} is not on L1 yet: nothing to take from it`);
      const slots = await stage.reorganizeL1(landed.depth, keeps);
      before.set(slot, { landing: landed.landing, slots });
      const what = keeps ? "with the same transactions in them" : "and forgets their transactions";
      stage.say(`L1 replaces the blocks of its last ${slots} slots ${what}: slot ${slot} had landed there`);
    },
  };
}

/** The same checkpoint, in a block of another hash. */
function isOnL1Again({ events }: Evidence, slot: number, before: Before | undefined, how: string): Check {
  const what = `slot ${slot} ${how}`;
  if (before === undefined) return { what, ok: false, found: "it had not landed when L1 reorganised" };
  const { landing, slots } = before;
  const again = events.find((event) => event.type === "submitted" && event.checkpoint.slot === slot);
  if (again?.type !== "submitted") return { what, ok: false, found: "it is lost" };
  const isSame = again.checkpoint.submission.digest === landing.digest;
  const transaction = again.at.transactionHash === landing.transactionHash ? "the same" : "another";
  const found = `${slots} L1 slots gone; ${isSame ? "the same" : "another"} checkpoint, from block ${landing.blockNumber} to ${again.at.blockNumber}, by ${transaction} transaction`;
  return { what, ok: isSame && slots > 1 && again.at.blockHash !== landing.blockHash, found };
}
