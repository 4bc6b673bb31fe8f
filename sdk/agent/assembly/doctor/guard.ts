import { existsSync } from "node:fs";
import { BlsError } from "../../../bls/error.ts";
import type { AgentConfig } from "../../config/interface.ts";
import { GuardError } from "../../guard/interface.ts";
import { LmdbSigningGuard } from "../../guard/lmdb-signing-guard.ts";
import { guardFilesOf, publicKeysOf } from "../validator.ts";
import { type Finding, fail, failed, ok, warn } from "./finding.ts";

/** Whether the agent could open its guard now. Makes none, and holds the one there is for a moment. */
export async function examineGuard(config: AgentConfig): Promise<Finding[]> {
  if (config.validators.length === 0) return [ok("guard", "none is needed: without a validator nothing is signed")];
  const files = guardFilesOf(config);
  if (!existsSync(files.path)) {
    if (existsSync(files.witnessPath)) {
      return [fail("guard", `${files.path} is gone, and was there`, "Put it back, or import its newest export")];
    }
    return [
      warn(
        "guard",
        `${files.path} is not there, so the agent starts as one that never signed`,
        "If this key has signed elsewhere, run baton guard import first",
      ),
    ];
  }
  try {
    const validators = publicKeysOf(config);
    const guard = await LmdbSigningGuard.open(files, validators);
    const known = validators.map(
      (validator) => `generation ${guard.generation(validator)} of ${validator.slice(0, 18)}`,
    );
    await guard.close();
    return [ok("guard", `${files.path} has ${known.join(", ")}`)];
  } catch (error) {
    // That a key is none is said where the keys are examined.
    if (error instanceof BlsError) return [];
    if (!(error instanceof GuardError)) throw error;
    return [failed("guard", error, "An agent with this configuration will not start before that is done")];
  }
}
