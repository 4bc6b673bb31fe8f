// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice A validator set, from one epoch until the next version's. Two storage words; never changed once its first
/// epoch is less than two ahead.
struct SetVersion {
    /// Bit i is set iff the validator with index i is a member.
    uint256 members;
    /// First epoch it is in force.
    uint32 fromEpoch;
    /// How many members there are, at most 256.
    uint16 count;
    /// Creation nonce of the code that holds the sum of the members' keys.
    uint24 aggregateNonce;
}
