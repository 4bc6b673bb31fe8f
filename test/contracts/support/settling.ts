import type { HDNodeWallet } from "ethers";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import type { RollupEvent } from "../../../sdk/get/events.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, type LandOptions, logsIn, type TestRollup } from "../fixture.ts";
import { type CheckpointOptions, GENESIS, type Parent, type TestCheckpoint } from "./checkpoints.ts";

const { stranger, unbonded } = ACCOUNTS;

/** A checkpoint on L1. */
export interface Landing {
  checkpoint: TestCheckpoint;
  log: CheckpointLog;
}

type Terms = Partial<CheckpointOptions> & { slot: number; from?: HDNodeWallet; options?: LandOptions };

/** Lands a checkpoint verified, in the first second of its slot unless said otherwise. */
export async function land(test: TestRollup, { from = unbonded, options = {}, ...terms }: Terms): Promise<Landing> {
  const checkpoint = test.checkpoint(terms);
  const [log] = logsIn(await test.land(from, [checkpoint], options));
  return { checkpoint, log: log as CheckpointLog };
}

/** As `land`, several on each other. */
export async function landAll(test: TestRollup, landings: readonly Terms[]): Promise<CheckpointLog[]> {
  const logs: CheckpointLog[] = [];
  let parent: Parent = GENESIS;
  for (const landing of landings) {
    const { checkpoint, log } = await land(test, { ...landing, parent });
    logs.push(log);
    parent = checkpoint.tip;
  }
  return logs;
}

/** Lands a checkpoint in a second of the slot after its own. */
export function landLate(test: TestRollup, second: number, { options = {}, ...terms }: Terms): Promise<Landing> {
  const timeSec = test.time(terms.slot + 1, second);
  return land(test, { ...terms, options: { timeSec, ...options } });
}

/** What a settlement told of one checkpoint's reward. */
export interface Told {
  number: number;
  slot: number;
  proposerWei: bigint;
  sharedWei: bigint;
  /** Who the share was credited to, and what was burned, if anything was shared. */
  shared?: { account: Hex; burnedWei: bigint };
  missingWei?: bigint;
  proverWei?: bigint;
}

/** Settles logs, at a time at which the last of them and all before it can, if none is given. */
export async function settle(
  test: TestRollup,
  logs: readonly CheckpointLog[],
  timeSec = finalTime(test, logs),
): Promise<Told[]> {
  return toldIn(eventsOf(await test.call(stranger, "settle", buildSettlement(logs), { timeSec })));
}

/** What a settlement's events tell, by checkpoint. */
export function toldIn(events: readonly RollupEvent[]): Told[] {
  const settled = events.find((event) => event.type === "settled");
  return (settled?.payouts ?? []).map((payout) => {
    const told: Told = { ...payout };
    for (const event of events) {
      if (!("number" in event) || event.number !== payout.number) continue;
      if (event.type === "reward-short") told.missingWei = event.missingWei;
      if (event.type === "prover-paid") told.proverWei = event.proverWei;
      if (event.type !== "reward-shared") continue;
      if (event.sharedWei !== payout.sharedWei) throw new Error("the share and the payout differ");
      told.shared = { account: event.account, burnedWei: event.burnedWei };
    }
    return told;
  });
}

const SLOT_OFFSET = 32n;

/** When the confirmation of a checkpoint for the last log's slot, had it landed late, is fixed. */
function finalTime(test: TestRollup, logs: readonly CheckpointLog[]): number {
  const slots = logs.map(({ facts }) => Number(BigInt.asUintN(32, facts >> SLOT_OFFSET)));
  return test.time(Math.max(...slots) + 2, test.config.handoffWindowSeconds);
}
