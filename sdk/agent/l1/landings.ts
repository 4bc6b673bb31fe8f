import { buildLog, type CheckpointLog, curedLog } from "../../build/log.ts";
import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { RollupLog } from "./logs.ts";

/** A checkpoint on L1 that is not settled. */
export interface StandingCheckpoint {
  checkpoint: LandedCheckpoint;
  /** Its log as the contract holds it now. */
  log: CheckpointLog;
  /** L1 has verified its signature, when it landed or by a cure. */
  verified: boolean;
  l1BlockNumber: number;
}

/** What the rollup logged about landings. */
export type LandingEvent = Extract<RollupLog, { kind: "landing" | "removed" | "pruned" | "cured" | "settled" }>;

type Entry = LandingEvent & { l1BlockNumber: number };

/** L1 blocks after which what settled is forgotten: a longer reorg reads L1 again from further back. */
const KEPT_BLOCKS = 128;

/**
 * What stands on L1 above the settled tip, as far as L1 was read, with all that challenging and curing need. Its bound
 * is the contract's ring of logs, and what was logged in the last 128 L1 blocks.
 */
export class Landings {
  #entries: Entry[] = [];

  append(event: LandingEvent, l1BlockNumber: number): void {
    this.#entries.push({ ...event, l1BlockNumber });
    const final = this.#entries.findLast(
      (entry) => entry.kind === "settled" && entry.l1BlockNumber <= l1BlockNumber - KEPT_BLOCKS,
    );
    if (final !== undefined) {
      this.#entries = this.#entries.filter(
        (entry) => entry === final || lastOf(entry) > lastOf(final) || entry.l1BlockNumber > final.l1BlockNumber,
      );
    }
  }

  /** Ascending by number. */
  get standing(): StandingCheckpoint[] {
    const held = new Map<number, StandingCheckpoint>();
    for (const entry of this.#entries) apply(held, entry);
    return [...held.values()].sort((a, b) => a.checkpoint.number - b.checkpoint.number);
  }

  /** The submitted tip; its digest is undefined if it has settled. Number 0 before the first landing. */
  get tip(): { number: number; digest: Hex | undefined } {
    const last = this.standing.at(-1)?.checkpoint;
    if (last !== undefined) return { number: last.number, digest: last.submission.digest };
    const settled = this.#entries.findLast((entry) => entry.kind === "settled");
    return { number: settled === undefined ? 0 : lastOf(settled), digest: undefined };
  }

  /**
   * The L1 block from which to read on after a reorg to `l1BlockNumber`: an earlier one, if the reorg brings back
   * what had been taken off L1, so that it is seen landing once more.
   */
  readFrom(l1BlockNumber: number): number {
    let from = l1BlockNumber;
    for (const entry of this.#entries) {
      if (entry.l1BlockNumber <= l1BlockNumber || !isRemoval(entry)) continue;
      const first = entry.kind === "pruned" ? entry.first : entry.number;
      const landed = this.#entries.filter((other) => other.kind === "landing" && other.landing.number >= first);
      for (const { l1BlockNumber: at } of landed) from = Math.min(from, at - 1);
    }
    return from;
  }

  /** Forgets what stands above an L1 block that a reorg went back to. */
  rewind(l1BlockNumber: number): void {
    this.#entries = this.#entries.filter((entry) => entry.l1BlockNumber <= l1BlockNumber);
  }
}

const isRemoval = (entry: Entry): entry is Extract<Entry, { kind: "removed" | "pruned" }> =>
  entry.kind === "removed" || entry.kind === "pruned";

function lastOf(entry: LandingEvent): number {
  if (entry.kind === "landing") return entry.landing.number;
  return entry.kind === "pruned" ? entry.last : entry.number;
}

function apply(held: Map<number, StandingCheckpoint>, entry: Entry): void {
  switch (entry.kind) {
    case "landing": {
      const { checkpoint } = entry;
      const { number, verified } = checkpoint;
      held.set(number, { checkpoint, verified, log: buildLog(checkpoint), l1BlockNumber: entry.l1BlockNumber });
      return;
    }
    case "cured": {
      const cured = held.get(entry.number);
      if (cured) held.set(entry.number, { ...cured, verified: true, log: curedLog(cured.log, entry.attestation) });
      return;
    }
    case "removed":
      held.delete(entry.number);
      return;
    case "pruned":
      for (let number = entry.first; number <= entry.last; number++) held.delete(number);
      return;
    case "settled":
      for (const number of [...held.keys()]) if (number <= entry.number) held.delete(number);
  }
}
