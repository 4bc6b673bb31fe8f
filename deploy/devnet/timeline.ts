import type { Evidence } from "./scenarios/interface.ts";

/** Something that happened, Unix ms. */
export interface Moment {
  atMs: number;
  what: string;
}

/** What was done, as it was said, and what L1 shows of it, in the order of time. */
export function timelineLines(
  said: readonly Moment[],
  evidence: Evidence,
  slotStartMs: (slot: number) => number,
): string[] {
  const all = [...said, ...onL1(evidence)].sort((one, other) => one.atMs - other.atMs);
  return all.map(({ atMs, what }) => `${placeOf(atMs, slotStartMs)}  ${what}`);
}

/** The slot it was, and the seconds into it. */
function placeOf(atMs: number, slotStartMs: (slot: number) => number): string {
  const slotMs = slotStartMs(1) - slotStartMs(0);
  const slot = Math.floor((atMs - slotStartMs(0)) / slotMs);
  if (slot < 0) return "before genesis  ";
  return `slot ${String(slot).padStart(3)} + ${((atMs - slotStartMs(slot)) / 1000).toFixed(1).padStart(4)} s`;
}

function onL1({ events, timeOf, nameOf }: Evidence): Moment[] {
  return events.flatMap((event) => {
    const at = { atMs: timeOf(event.at.blockNumber) * 1000 };
    const where = `in L1 block ${event.at.blockNumber}`;
    switch (event.type) {
      case "submitted": {
        const { slot, late, submitter } = event.checkpoint;
        return [{ ...at, what: `${nameOf(submitter)} lands slot ${slot} ${late ? "late" : "on time"}, ${where}` }];
      }
      case "removed":
        return [{ ...at, what: `${nameOf(event.challenger)} takes slot ${event.slot} off L1, ${where}` }];
      case "bond-slashed":
        return [{ ...at, what: `${nameOf(event.submitter)} loses its bond, ${where}` }];
      case "validator-slashed":
        return [{ ...at, what: `validator ${event.index} is slashed for slot ${event.slot}, ${where}` }];
      default:
        return [];
    }
  });
}
