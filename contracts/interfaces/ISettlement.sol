// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {LogHead, LogRest} from "../types/CheckpointLog.sol";
import {Payout} from "../types/Payout.sol";

/// @title Moving the settled tip, and paying for what it passes.
interface ISettlement {
    /// @notice Checkpoints `first` to `last` settled; none of them ever changes again.
    /// @param payouts number, slot and credits of each, packed as `Payout`.
    event CheckpointsSettled(uint256 indexed first, uint256 indexed last, Payout[] payouts);
    /// @notice Part of a reward went to `account` for landing a checkpoint, and part of it was burned.
    event RewardShared(
        uint256 indexed number,
        uint256 indexed slot,
        address indexed account,
        uint256 sharedWei,
        uint256 burnedWei
    );
    /// @notice Part of a reward went to whoever proved a checkpoint, before it was split any further.
    event ProverPaid(uint256 indexed number, uint256 indexed slot, address indexed prover, uint256 proverWei);
    /// @notice The pool could not pay a whole reward.
    event RewardShort(uint256 indexed number, uint256 indexed slot, uint256 missingWei);

    /// @notice Thrown when a log is not the one that landed under its number, or there is no such number yet.
    error Settlement__LogMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the rest of a log is not the one its head names, or is missing (zero).
    error Settlement__RestMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the logs do not follow each other from the settled tip.
    error Settlement__OutOfOrder(uint256 expected, uint256 actual);
    /// @notice Thrown when none of the logs can settle yet.
    error Settlement__NothingToSettle(uint256 settled);

    /// @notice Settles as many of the logs, in order, as can be settled now, and credits their rewards.
    /// @dev Logs already settled are skipped. A checkpoint settles when it is verified or its challenge window is over;
    /// and it is proven, where a verifier is set; and, if it landed late, when its confirmation can no longer change: the
    /// handoff window of the slot after next is over, and it has no child, or its child, which then must be among the
    /// logs, is for a later slot, or past its challenge and proven, where a verifier is set.
    ///
    /// The reward T is that of the checkpoint's epoch, or what the pool holds if that is less. Where a verifier is set, the
    /// prover's share comes off first. On time, the coinbase gets all of it, less the share its header promises. Late, a part is burned, the landing is paid at the quote it was
    /// given, up to a cap, and the coinbase gets the rest if the checkpoint is confirmed: if its child is for the very
    /// next slot; else that is burned, too. In the successor's window a confirmed checkpoint's share is the child's
    /// coinbase's, whoever sent the transaction.
    ///
    /// Never reverts because of rewards. Effects: the settled tip and the pool move; accounts are credited; emits
    /// `CheckpointsSettled` once, and for each checkpoint it applies to `ProverPaid`, `RewardShared` and `RewardShort`.
    /// @param heads consecutive, and one more where the last one's confirmation depends on it.
    /// @param rests one for each head whose facts say that its reward is shared (late, or shared by its proposer), in their
    /// order; those of heads that cannot settle yet may be left out.
    function settle(LogHead[] calldata heads, LogRest[] calldata rests) external;
}
