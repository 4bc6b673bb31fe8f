// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The refunds that checkpoints of an epoch go by, until the next version's epoch. Final once its first epoch is
/// less than two ahead.
struct RefundsVersion {
    /// Hash over all refunds asked for up to then, in their order.
    bytes32 hash;
    /// First epoch it is in force.
    uint256 fromEpoch;
}
