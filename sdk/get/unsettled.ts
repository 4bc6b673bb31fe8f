import { buildLog, buildLogHead, type CheckpointLog, curedLog, hashLog } from "../build/log.ts";
import { GetError } from "./error.ts";
import { getEvents, type RollupEvent } from "./events.ts";
import type { LandedCheckpoint } from "./landed.ts";
import { getLogHash, getSettledTip, getTips } from "./tips.ts";
import type { RollupRef } from "./view.ts";

/** A landed checkpoint that can still be challenged, cured or settled. */
export interface UnsettledCheckpoint {
  checkpoint: LandedCheckpoint;
  /** It was cured: verified now, although it did not land so. */
  cured: boolean;
  /** Its log as the contract holds it now. */
  log: CheckpointLog;
}

/**
 * The checkpoints above the settled tip, ascending by number, as the L1 block `atBlock` has them.
 * @param fromBlock An L1 block not later than the oldest of their landings; the deployment's always is.
 * @throws GetError "log-mismatch" when `fromBlock` was too late, or a log is not what the contract holds.
 */
export async function getUnsettled(ref: RollupRef, fromBlock: number, atBlock: number): Promise<UnsettledCheckpoint[]> {
  const [settled, tips, events] = await Promise.all([
    getSettledTip(ref, atBlock),
    getTips(ref, atBlock),
    getEvents(ref, fromBlock, atBlock),
  ]);
  const held = replay(events);
  const unsettled: UnsettledCheckpoint[] = [];
  for (let number = settled.number + 1; number <= tips.number; number++) {
    const entry = held.get(number);
    if (!entry)
      throw new GetError("log-mismatch", `checkpoint ${number} did not land in blocks ${fromBlock} to ${atBlock}`);
    unsettled.push(entry);
  }
  await Promise.all(unsettled.map((entry) => requireHeld(ref, entry, atBlock)));
  return unsettled;
}

/** The last landing of each number that was not removed again. */
function replay(events: readonly RollupEvent[]): Map<number, UnsettledCheckpoint> {
  const held = new Map<number, UnsettledCheckpoint>();
  for (const event of events) {
    if (event.type === "submitted") {
      const { checkpoint } = event;
      held.set(checkpoint.number, { checkpoint, cured: false, log: buildLog(checkpoint) });
    }
    if (event.type === "removed") held.delete(event.number);
    if (event.type === "pruned") for (let number = event.first; number <= event.last; number++) held.delete(number);
    const entry = event.type === "cured" ? held.get(event.number) : undefined;
    if (event.type === "cured" && entry) {
      held.set(event.number, { ...entry, cured: true, log: curedLog(entry.log, event.attestation) });
    }
  }
  return held;
}

async function requireHeld(ref: RollupRef, { checkpoint, log }: UnsettledCheckpoint, atBlock: number): Promise<void> {
  const expected = await getLogHash(ref, checkpoint.number, atBlock);
  const actual = hashLog(buildLogHead(log));
  if (expected === actual) return;
  throw new GetError(
    "log-mismatch",
    `checkpoint ${checkpoint.number}: the contract holds log ${expected}, its event gives ${actual}`,
  );
}
