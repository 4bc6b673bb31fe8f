// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice A change of what rewards are paid from, in force for checkpoints of slots from an epoch on.
struct Budget {
    /// First epoch it is in force.
    uint32 fromEpoch;
    /// Reward T of one checkpoint from then on, wei.
    uint96 rewardWei;
    /// All that was funded up to it, it included, wei: so that any number of budgets is taken in by reading the last.
    uint96 fundedWei;
}
