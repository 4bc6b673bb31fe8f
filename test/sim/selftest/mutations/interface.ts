import type { ScenarioName } from "../scenarios.ts";

/** A deliberate breakage of one rule, and the scenario that must show it. */
export interface Mutation {
  name: string;
  /** The rule that is gone. */
  rule: string;
  edits: Edit[];
  scenario: ScenarioName;
  /** Invariants of which one must be found broken. */
  caughtBy: RegExp;
}

/** A piece of a source, which occurs in it once, and what stands there instead. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** @param file Below `sdk/`. */
export const edit = (file: string, from: string, to = ""): Edit => ({ file: `sdk/${file}`, from, to });
