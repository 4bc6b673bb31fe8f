// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice Where a time stands to the window of a slot.
enum Phase {
    /// The slot has not begun.
    Ahead,
    /// In the slot itself.
    OnTime,
    /// In the next slot, while the credit for landing is the successor's.
    Successor,
    /// In the next slot, while it is anyone's.
    Anyone,
    /// Nothing lands for the slot any more.
    Over
}

/// @notice When a checkpoint for a slot may land. Seconds; each `until` is the first second after.
struct Window {
    uint256 onTimeFrom;
    /// End of the slot; landing is late from then on.
    uint256 onTimeUntil;
    uint256 successorUntil;
    uint256 lateUntil;
    /// Of the time asked about.
    Phase phase;
    /// A checkpoint for the slot, or for a later one, is the submitted tip.
    bool landed;
    /// A rollback has emptied the slot or a later one: landing in the next slot counts as on time.
    bool refill;
    /// `submit` accepts the slot at that time. What else it checks is not looked at.
    bool open;
}

/// @notice A landing to be priced.
struct QuoteRequest {
    uint256 slot;
    /// Timestamp of the L1 block, seconds.
    uint256 time;
    /// Base fee of that block, wei per gas, and blob base fee, wei per blob gas.
    uint256 baseFee;
    uint256 blobBaseFee;
    uint8 blobCount;
    /// Another checkpoint lands in the same call after it.
    bool followed;
    /// Its header names an on-time recipient.
    bool named;
}

/// @notice On what terms it would land.
struct LandingTerms {
    Phase phase;
    /// Paid as a late landing.
    bool late;
    /// The credit is the successor's, once the checkpoint is confirmed.
    bool successor;
    /// On the cost that is charged, basis points; zero when nothing is owed.
    uint256 premiumBps;
    /// Quotes that the proposer is charged and the landing is paid at: bounded by the reward when it settles, wei.
    uint256 chargedWei;
    uint256 paidWei;
}

/// @notice Where the chain stands on L1.
struct Overview {
    /// The L1 block this was read in, and its timestamp, seconds.
    uint256 l1Block;
    uint256 time;
    /// Slot and epoch of that time; zero before genesis, too.
    uint256 slot;
    uint256 epoch;
    /// The submitted tip, the inbox messages consumed up to it, and the low 160 bits of its digest.
    uint256 submittedNumber;
    uint256 submittedSlot;
    uint256 inboxCount;
    uint160 digest;
    /// The settled tip.
    uint256 settledNumber;
    uint256 settledSlot;
    /// Number of the last proven checkpoint; zero where no verifier is set.
    uint256 provenNumber;
    /// The highest slot a rollback has emptied.
    uint256 refillSlot;
}

/// @notice What can still become of a landed checkpoint.
struct LogStatus {
    /// The log given is the one that landed under its number, cures included, and is unsettled.
    bool landed;
    /// The settled tip has passed its number.
    bool settled;
    /// Its attestation was verified on L1.
    bool verified;
    /// First second at which it can be challenged no more; zero for a verified one.
    uint256 challengeableUntil;
    /// It landed, is unsettled and unverified, and its challenge window is not over at the time asked about.
    bool challengeable;
    /// It is proven, or no verifier is set.
    bool proven;
    /// It can be pruned at the time asked about, with all that follow it: it is the first that is not proven, and its proof
    /// window is over.
    bool pruneDue;
    /// First second after its proof window; zero where no verifier is set.
    uint256 prunableFrom;
    /// First second at which nothing but its proof and the checkpoints beside it keep it from settling.
    uint256 settleableFrom;
}

/// @notice A submitter's bond.
struct BondStatus {
    uint256 amountWei;
    /// It lands without verification, now and until it is released or slashed.
    bool active;
    /// It is at least the minimum, released or not.
    bool enough;
    /// From when on it can be withdrawn, seconds; zero while it is not being released. Until then it answers for what was
    /// landed on it.
    uint256 releaseAt;
}

/// @notice How long the pool lasts.
struct PoolRunway {
    /// What it holds at the settled tip, and what later budgets add, wei.
    uint256 availableWei;
    uint256 queuedWei;
    /// Reward of a checkpoint of the slot of the time asked about, wei.
    uint256 rewardWei;
    /// Checkpoints that landed, and are not paid yet.
    uint256 unsettled;
    /// Rewards end before the pool does; then the three below are zero.
    bool endless;
    /// Whole rewards it pays after the unsettled ones.
    uint256 checkpoints;
    /// First slot whose checkpoint is not paid in whole, and whole epochs from the slot of the time asked about to it.
    uint256 dryFromSlot;
    uint256 epochs;
}

/// @notice The inbox as a checkpoint for some slot on the submitted tip meets it. Numbers of messages.
struct InboxStatus {
    uint256 total;
    /// By checkpoints up to the submitted tip.
    uint256 consumed;
    /// Appended, and not consumed.
    uint256 backlog;
    /// From before the slot's cut-off, and not consumed.
    uint256 due;
    /// The inbox count its header must have: all that is due, or as many as one checkpoint may consume.
    uint256 inboxCount;
    /// What its digest says of the inbox: zero if it consumes nothing; else the rolling hash at that count, with that of the
    /// refunds in force in its epoch, if there is one.
    bytes32 inboxHash;
}

/// @notice Who may propose for a slot.
struct Proposer {
    uint256 slot;
    /// Of the validator.
    uint256 index;
    address owner;
}

/// @notice A validator as registered.
struct ValidatorRecord {
    uint256 index;
    address owner;
    /// First epoch it is a member, and first epoch it is one no more: zero while it is not leaving.
    uint256 fromEpoch;
    uint256 untilEpoch;
    /// Its stake was taken.
    bool slashed;
    /// BLS12-381 G2 point as EIP-2537 encodes it.
    bytes32[8] publicKey;
}
