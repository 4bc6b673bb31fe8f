// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Budget} from "../types/Budget.sol";

/// @title What rewards are paid from.
/// @dev Every change is in force for checkpoints of slots from two epochs ahead on, so none can touch the payout of a
/// checkpoint that has landed, or that somebody builds now. What is funded is spent on rewards, and nobody can take it
/// back; the governor sets how much a checkpoint is paid, and so how long the pool lasts, and nothing else.
interface IPool {
    /// @notice `amountWei` was added to the pool, to be spent from `fromEpoch` on.
    event Funded(address indexed funder, uint256 amountWei, uint256 fromEpoch);
    /// @notice A checkpoint's reward is `rewardWei` from `fromEpoch` on, unless set again before.
    event RewardSet(uint256 rewardWei, uint256 fromEpoch);

    /// @notice Thrown when nothing is sent to fund the pool with.
    error Pool__NothingFunded();
    /// @notice Thrown when all that was ever funded would exceed 96 bits.
    error Pool__FundedTooMuch(uint256 fundedWei, uint256 maximumWei);
    /// @notice Thrown when somebody else sets the reward.
    error Pool__NotGovernor(address governor, address actual);
    /// @notice Thrown when a budget is asked for that there is not.
    error Pool__NoSuchBudget(uint256 index, uint256 count);

    /// @notice Adds the value sent, which is not zero, to the pool. Anybody may.
    function fund() external payable;

    /// @notice Sets the reward of one checkpoint; zero stops rewards. Only the governor may; a reward of more than the
    /// pool holds pays what the pool holds, so the sum is not checked.
    function setReward(uint96 rewardWei) external;

    /// @return availableWei what the pool holds at the settled tip: budgets of later epochs are not in it yet.
    /// @return rewardWei reward of one checkpoint in the settled tip's epoch.
    /// @return nextBudget index of the first budget that is not in force there.
    function pool() external view returns (uint256 availableWei, uint256 rewardWei, uint256 nextBudget);

    /// @return the reward of one checkpoint of a slot of `epoch`, if the pool holds as much. From two epochs ahead on it may
    /// still change.
    function rewardOf(uint256 epoch) external view returns (uint256);

    /// @return one budget; the first, of index 0, is that of the deployment.
    function budget(uint256 index) external view returns (Budget memory);

    /// @return how many budgets there are: at most one for each epoch, and one of the deployment.
    function budgetCount() external view returns (uint256);
}
