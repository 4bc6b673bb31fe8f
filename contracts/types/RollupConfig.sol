// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The constants of a deployment. Immutable; every one is checked by the constructor.
struct RollupConfig {
    /// Chain id of the L2.
    uint64 l2ChainId;
    /// Start of slot 0, seconds; must coincide with the start of an L1 slot, which the deployer answers for.
    uint64 genesisTime;
    /// L1 slot, seconds.
    uint32 l1SlotSeconds;
    /// Slot, seconds: a multiple of the L1 slot.
    uint32 slotSeconds;
    uint32 epochSlots;
    /// A checkpoint may land late while fewer seconds of the next slot have passed. A multiple of the L1 slot.
    uint32 handoffWindowSeconds;
    /// Seconds of the handoff window whose credit is the successor's. A multiple of the L1 slot.
    uint32 successorWindowSeconds;
    /// How long an unverified checkpoint can be challenged.
    uint32 challengeWindowEpochs;
    /// How long, after the challenge window, a stake stays for proofs and evidence.
    uint32 evidenceWindowEpochs;
    /// Logs kept: at most so many checkpoints are unsettled.
    uint32 ringSize;
    /// A checkpoint consumes messages from before the start of the slot so many before its own.
    uint32 inboxLagSlots;
    /// Most messages one checkpoint consumes.
    uint32 maxMessages;
    uint8 maxBlobsPerCheckpoint;
    /// Leaving may not take the set below this.
    uint16 minValidators;
    /// At most 256.
    uint16 maxValidators;
    /// Exact stake of a validator.
    uint96 stakeWei;
    /// Least bond for landing without verification.
    uint96 bondWei;
    /// Least deposit; a multiple of 1 gwei.
    uint96 minDepositWei;
    /// Reward T of one checkpoint from epoch 0 on, until the governor sets another.
    uint96 rewardWei;
    /// Gas a late landing is quoted at, alone and in one call with the next checkpoint.
    uint32 gasQuota;
    uint32 gasQuotaBatch;
    /// Priority fee a quote assumes.
    uint64 tipWei;
    /// Premium on a quote in the successor's window, its growth per L1 slot after it, and its bound.
    uint16 premiumBps;
    uint16 premiumStepBps;
    uint16 premiumMaxBps;
    /// Part of a late checkpoint's reward that is burned; 250 to 3,000 basis points.
    uint16 burnBps;
    /// Bound of the late submitter's share of the reward; with `burnBps` at most 10,000 basis points.
    uint16 capBps;
    /// Share of a reward that goes to whoever proved the checkpoint, before any other, in basis points.
    uint16 proverBps;
    /// Epochs after its own in which a checkpoint must be proven, where a verifier is set.
    uint32 proofWindowEpochs;
    /// Epochs after which a refund of a deposit that no checkpoint has consumed can be asked for.
    uint32 refundWindowEpochs;
    /// Most forced transactions that may wait at a time, and most bytes of one: together at most half of a checkpoint's
    /// blobs. Agents check that the transactions fit a block's gas as well.
    uint32 maxForced;
    uint32 maxForcedBytes;
    /// May set the reward of later epochs, and nothing else; zero for nobody.
    address governor;
    /// Checks validity proofs; zero where the quorum's word and the challenge window are enough.
    address verifier;
}
