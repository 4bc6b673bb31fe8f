import type { ProtocolParameters } from "../../types/parameters.ts";
import { Timetable } from "../time/timetable.ts";

/**
 * Every window of one slot's checkpoint, a line each in the order of time, in seconds from the start of the slot in
 * which it is on time. Where two begin at once, the one that the protocol reaches first stands first.
 */
export function timetableLines(parameters: ProtocolParameters): string[] {
  const times = new Timetable(parameters, 0).of(0);
  const { blocks } = times;
  const l1Blocks = (fromMs: number, toMs: number): string => {
    const count = Math.round((toMs - fromMs) / (parameters.l1SlotSeconds * 1000));
    return `${count} L1 ${count === 1 ? "block" : "blocks"}`;
  };
  const moments: [atMs: number, what: string][] = [
    [times.buildStartMs, `its proposer builds: ${blocks.length} L2 ${blocks.length === 1 ? "block" : "blocks"}`],
    ...blocks.map(({ index, startMs, deadlineMs, last }): [number, string] => [
      startMs,
      `L2 block ${index}${last ? ", the last," : ""} is begun, sealed by ${seconds(deadlineMs)}`,
    ]),
    [times.livenessDeadlineMs, "a proposer that showed no block by now is taken to be silent"],
    [times.firstSendMs, "a transaction sent from now on is in no L1 block before the slot"],
    [times.startMs, `on time: ${l1Blocks(times.startMs, times.handoffMs)}`],
    [times.proposalDeadlineMs, "a checkpoint proposal is no longer accepted"],
    [times.attestationDeadlineMs, "attestations must be there"],
    [times.lastOnTimeBlockMs, "last L1 block on time"],
    [times.handoffMs, `late, credit to the successor: ${l1Blocks(times.handoffMs, times.openMs)}`],
    [times.openMs, `late, credit to whoever lands it: ${l1Blocks(times.openMs, times.closesMs)}`],
    [times.lastLateBlockMs, "last L1 block that accepts it"],
    [times.closesMs, "dead: it and what stands on it is discarded"],
  ];
  const sorted = moments.toSorted(([a], [b]) => a - b).map(([atMs, what]) => ({ at: seconds(atMs), what }));
  const width = Math.max(...sorted.map(({ at }) => at.length));
  return sorted.map(({ at, what }) => `${at.padStart(width)}  ${what}`);
}

/** Always with a sign but at zero, to the millisecond, without needless zeros. */
function seconds(atMs: number): string {
  const value = Math.round(atMs) / 1000;
  return `${value > 0 ? "+" : ""}${value} s`;
}
