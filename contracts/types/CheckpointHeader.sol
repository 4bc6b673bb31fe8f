// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a quorum attests of one checkpoint. Part of the digest as eight ABI words, in this order.
/// @dev Numbers are whole words, so that reading one costs no check. `slot` and `inboxCount` fit 32 bits whenever the
/// contract accepts a header, because both must equal values it derives itself.
/// The width of `onTimeCapBps` gives `submit` a low selector, which the dispatcher compares early.
struct CheckpointHeader {
    /// Submission slot of the checkpoint.
    uint256 slot;
    /// Hash of the checkpoint's last L2 block.
    bytes32 lastBlockHash;
    /// Number of the checkpoint's last L2 block.
    uint256 lastBlockNumber;
    /// Inbox messages consumed by the chain so far, this checkpoint included.
    uint256 inboxCount;
    /// Root of the cumulative outbox tree after this checkpoint.
    bytes32 outboxRoot;
    /// Credited with the proposer's reward.
    address coinbase;
    /// Whom the proposer pays for an on-time landing; zero for nobody.
    address onTimeRecipient;
    /// Upper bound of that payment, in basis points of the reward.
    uint32 onTimeCapBps;
}
