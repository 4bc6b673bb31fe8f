// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointLog} from "../types/CheckpointLog.sol";
import {
    BondStatus,
    InboxStatus,
    LandingTerms,
    LogStatus,
    Overview,
    PoolRunway,
    Proposer,
    QuoteRequest,
    ValidatorRecord,
    Window
} from "../types/LensAnswers.sol";
import {IRollup} from "./IRollup.sol";

/// @title What clients ask of a rollup, each in one call.
/// @dev Reads one rollup through its own views, and holds nothing but its constants. Nothing depends on it: it has no right,
/// and any number of them can be deployed at any time. Where a time matters it is an argument: what a client means is the
/// block its transaction will be in, not the one it reads.
///
/// Nothing here reverts because of the rollup's state. Answers are as large as the range asked for: a node's limit for
/// calls bounds it.
interface IRollupLens {
    /// @return the rollup it reads.
    function rollup() external view returns (IRollup);

    /// @notice When a checkpoint for `slot` may land, and whether the slot is open at `time` (seconds) as the chain stands.
    function window(uint256 slot, uint256 time) external view returns (Window memory);

    /// @notice What landing is quoted at, by the rule `submit` has. All zero but the phase outside the slot's window; whether
    /// something has landed is not looked at.
    function quote(QuoteRequest calldata request) external view returns (LandingTerms memory);

    /// @notice Every tip at once.
    function overview() external view returns (Overview memory);

    /// @notice Log hashes of the unsettled ones among `count` checkpoints from `from` on.
    /// @return first number among them; the hashes follow in order, none if there is none.
    function unsettledLogs(uint256 from, uint256 count) external view returns (uint256 first, bytes32[] memory hashes);

    /// @notice Whether a log is the one that landed, and what can still become of it at `time` (seconds).
    /// @dev `settleableFrom` assumes that its child, if it has one for the next slot, stays.
    function logStatus(CheckpointLog calldata log, uint256 time) external view returns (LogStatus memory);

    /// @notice Bonds of several submitters.
    function bonds(address[] calldata submitters) external view returns (BondStatus[] memory);

    /// @notice What each account could claim, wei: rewards, and shares of what was slashed.
    function credits(address[] calldata accounts) external view returns (uint256[] memory amountsWei);

    /// @notice How long the pool lasts, if a checkpoint lands in every slot from that of `time` (seconds) on.
    /// @dev Takes in every budget that is queued, in its epoch, and takes out the unsettled checkpoints first, each at the
    /// reward of the tip's epoch. Slots that stay empty make the pool last longer.
    function runway(uint256 time) external view returns (PoolRunway memory);

    /// @notice Whether the withdrawals with these indices were paid.
    function withdrawn(uint256[] calldata indices) external view returns (bool[] memory paid);

    /// @notice The inbox as a checkpoint for `slot` on the submitted tip would meet it.
    function inbox(uint256 slot) external view returns (InboxStatus memory);

    /// @notice Proposers of `count` slots from `firstSlot` on; fewer where a seed is not known yet.
    function schedule(uint256 firstSlot, uint256 count) external view returns (Proposer[] memory);

    /// @notice The validators among `count` indices from `firstIndex` on, ascending; indices that are free are left out.
    function validators(uint256 firstIndex, uint256 count) external view returns (ValidatorRecord[] memory);
}
