import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { ACCOUNTS, logsIn, type TestRollup } from "../fixture.ts";
import type { TestCheckpoint } from "./checkpoints.ts";

/** Slot of the good checkpoint; the forged one is in the next. */
export const SLOT = 5;

/** A checkpoint that a quorum signed, and the log of one on it that nobody did. */
export interface Forgery {
  good: TestCheckpoint;
  log: CheckpointLog;
}

/** Lands a good checkpoint, then a forged one on it by the bonded submitter. */
export async function landForgery(test: TestRollup): Promise<Forgery> {
  const good = test.checkpoint({ slot: SLOT });
  await test.land(ACCOUNTS.otherBonded, [good]);
  const mined = await test.land(ACCOUNTS.bonded, [test.forged({ slot: SLOT + 1, parent: good.tip })]);
  return { good, log: logsIn(mined)[0] as CheckpointLog };
}
