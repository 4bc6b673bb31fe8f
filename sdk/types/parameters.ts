/** Constants of one deployment. Durations in the unit of their name; every agent of a rollup must hold the same. */
export interface ProtocolParameters {
  l1SlotSeconds: number;
  /** Length of a rollup slot, a multiple of `l1SlotSeconds`. */
  slotSeconds: number;
  epochSlots: number;
  blockSeconds: number;
  minBlockSeconds: number;
  flashblockMs: number;
  /** Assumed gossip hop, used for deadlines only. */
  hopSeconds: number;
  /** A checkpoint proposal of slot q is accepted until `start(q) + proposalWindowSeconds`. */
  proposalWindowSeconds: number;
  /** A late checkpoint lands while fewer than this many seconds of the next slot have passed. */
  handoffWindowSeconds: number;
  /** The successor's exclusive credit within the handoff window. */
  successorWindowSeconds: number;
  maxBlobsPerCheckpoint: number;
  inboxLagSlots: number;
  maxMessages: number;
  /** Forced transactions in one checkpoint: what is forced beyond them is void. */
  maxForced: number;
  maxUnsubmitted: number;
  challengeWindowEpochs: number;
  clockDisparityMs: number;
}

/** For an L1 with slots of 12 s. */
export const MAINNET_PARAMETERS: ProtocolParameters = {
  l1SlotSeconds: 12,
  slotSeconds: 72,
  epochSlots: 32,
  blockSeconds: 6,
  minBlockSeconds: 2,
  flashblockMs: 200,
  hopSeconds: 2,
  proposalWindowSeconds: 3,
  handoffWindowSeconds: 48,
  successorWindowSeconds: 24,
  maxBlobsPerCheckpoint: 3,
  inboxLagSlots: 3,
  maxMessages: 1024,
  maxForced: 32,
  maxUnsubmitted: 2,
  challengeWindowEpochs: 1,
  clockDisparityMs: 500,
};

/** For an L1 with slots of 2 s: everything six times as fast, with smaller limits. */
export const DEVNET_PARAMETERS: ProtocolParameters = {
  ...MAINNET_PARAMETERS,
  l1SlotSeconds: 2,
  slotSeconds: 12,
  epochSlots: 8,
  blockSeconds: 1,
  minBlockSeconds: 0.4,
  hopSeconds: 0.2,
  proposalWindowSeconds: 1,
  handoffWindowSeconds: 8,
  successorWindowSeconds: 4,
  maxMessages: 64,
  maxForced: 8,
  clockDisparityMs: 100,
};
