// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {LogHead} from "../types/CheckpointLog.sol";

/// @title Moving the settled tip.
interface ISettlement {
    /// @notice A checkpoint settled; it never changes again.
    event CheckpointSettled(uint256 indexed number, uint256 indexed slot, bytes32 outboxRoot);

    /// @notice Thrown when a log is not the one that landed under its number, or there is no such number yet.
    error Settlement__LogMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the logs do not follow each other from the settled tip.
    error Settlement__OutOfOrder(uint256 expected, uint256 actual);
    /// @notice Thrown when none of the logs can settle yet.
    error Settlement__NothingToSettle(uint256 settled);

    /// @notice Settles as many of the logs, in order, as can be settled now.
    /// @dev Logs already settled are skipped. A checkpoint settles when it is verified or its challenge window is over
    /// and, if it landed late, when its confirmation can no longer change: the handoff window of the slot after next is
    /// over, and it has no child, or its child, which then must be among the logs, is past its challenge.
    /// Effects: the settled tip moves; emits `CheckpointSettled` per checkpoint.
    function settle(LogHead[] calldata heads) external;
}
