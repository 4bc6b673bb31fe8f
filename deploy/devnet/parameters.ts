import { readParameters } from "../readParameters.ts";

/** The constants the devnet's rollup is deployed with: the same file that anybody can deploy with. */
export const ROLLUP_PARAMETERS = readParameters("devnet");
