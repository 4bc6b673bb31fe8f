import type { ContractError } from "../errors/contractError.ts";

/**
 * What would become of a submission.
 * - `notYet`: the same would land later.
 * - `duplicate`: its slot, or a later one, has landed.
 * - `stale`: its time has passed.
 * - `invalid`: it would not land at any time on that parent.
 */
export type Verdict = "ok" | "notYet" | "duplicate" | "stale" | "invalid";

/** The verdict an error of the contract amounts to. */
export function verdictOf(error: ContractError): Exclude<Verdict, "ok"> {
  switch (error.name) {
    case "Rollup__SlotAlreadySubmitted":
      return "duplicate";
    case "Rollup__DeadlinePassed":
      return "stale";
    case "Rollup__BeforeGenesis":
    case "Rollup__RingFull":
      return "notYet";
    case "Rollup__OutsideWindow":
      return error.args.slot > error.args.currentSlot ? "notYet" : "stale";
    default:
      return "invalid";
  }
}
