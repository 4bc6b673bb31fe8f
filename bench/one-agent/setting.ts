import type { Setting } from "../../test/sim/setting.ts";
import { SETTINGS } from "../pipeline/settings.ts";

/** Ahead of the machine's time. Unix seconds. */
export const L1_START_SEC = 2_000_000_000;
/** Start of slot 0, when an L1 slot starts. */
export const GENESIS_SEC = L1_START_SEC + 40;

/**
 * Nothing is final before its challenge window is over, which with mainnet's epochs takes hours: with these, what is
 * final is pruned within a short run.
 */
const EPOCH_SLOTS = 2;

const { parameters, rollup, ...rest } = SETTINGS.measuredDelays;
const shortEpochs = { ...rollup, epochSlots: EPOCH_SLOTS };

/** One agent that is all of the validators: it proposes for every slot, makes the quorum, and lands everything. */
export const SETTING: Setting = {
  ...rest,
  parameters: { ...parameters, epochSlots: EPOCH_SLOTS },
  rollup: shortEpochs,
  validatorsOf: [[0, 1, 2, 3]],
};

/** Transactions a second that fill 95 % of three blobs. */
export const FULL_RATE = 66;

/** Final slots that are kept: far fewer than an operator may set, so that older ones go within a short run. */
export const KEEP_SLOTS = 2;
