import type { Villain } from "../actors/villain.ts";
import { type FaultPlan, mishapsOf } from "../faults/plan.ts";
import { Violation } from "../violation.ts";

/** An honest proposer brings it to L1 in its slot, and one slot in four may be the liar's own. */
const EVIDENCE_SLOTS = 4;

export interface EvidenceInput {
  villain: Villain | undefined;
  plan: FaultPlan;
  /** Indices of the validators that lost their stakes. */
  slashed: ReadonlySet<number>;
  startOf: (slot: number) => number;
  untilSlot: number;
}

/** Who said two things to everybody loses its stake, unless something else went wrong as well. @throws Violation. */
export function checkEvidence({ villain, plan, slashed, startOf, untilSlot }: EvidenceInput): void {
  if (villain?.perjuredMs === undefined || slashed.has(villain.index) || mishapsOf(plan).length > 0) return;
  if (villain.perjuredMs > startOf(untilSlot - EVIDENCE_SLOTS)) return;
  throw new Violation("who signs two things is slashed", `${villain.name} keeps its stake`);
}
