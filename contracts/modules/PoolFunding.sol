// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IPool} from "../interfaces/IPool.sol";
import {Budget} from "../types/Budget.sol";
import {Pool} from "../types/Pool.sol";
import {Budgets} from "./Budgets.sol";
import {Delegated} from "./Delegated.sol";

/// @notice Funding the pool, and setting what is paid out of it.
abstract contract PoolFunding is Delegated, Budgets, IPool {
    /// @inheritdoc IPool
    function fund() external payable atRollup {
        if (msg.value == 0) revert Pool__NothingFunded();
        emit Funded(msg.sender, msg.value, _appendBudget(_budgets[_budgetCount - 1].rewardWei, msg.value));
    }

    /// @inheritdoc IPool
    function setReward(uint96 rewardWei) external {
        if (msg.sender != GOVERNOR) revert Pool__NotGovernor(GOVERNOR, msg.sender);
        emit RewardSet(rewardWei, _appendBudget(rewardWei, 0));
    }

    /// @inheritdoc IPool
    function pool() external view returns (uint256 availableWei, uint256 rewardWei, uint256 nextBudget) {
        Pool current = _pool;
        return (current.availableWei(), current.rewardWei(), current.nextBudget());
    }

    /// @inheritdoc IPool
    function rewardOf(uint256 epoch) external view returns (uint256) {
        return _budgets[_budgetOf(epoch, 0)].rewardWei;
    }

    /// @inheritdoc IPool
    function budget(uint256 index) external view returns (Budget memory) {
        if (index >= _budgetCount) revert Pool__NoSuchBudget(index, _budgetCount);
        return _budgets[index];
    }

    /// @inheritdoc IPool
    function budgetCount() external view returns (uint256) {
        return _budgetCount;
    }

    /// @dev Changes the last budget if it is of the same epoch, and else adds one: whoever makes many changes makes no more
    /// than one entry an epoch.
    /// @return fromEpoch first epoch that the change is in force.
    function _appendBudget(uint96 rewardWei, uint256 addedWei) private returns (uint256 fromEpoch) {
        uint256 last = _budgetCount - 1;
        Budget memory previous = _budgets[last];
        fromEpoch = _changeEpoch();
        uint256 fundedWei = previous.fundedWei + addedWei;
        if (fundedWei > type(uint96).max) revert Pool__FundedTooMuch(fundedWei, type(uint96).max);
        if (previous.fromEpoch != fromEpoch) _budgetCount = ++last + 1;
        _budgets[last] = Budget(uint32(fromEpoch), rewardWei, uint96(fundedWei));
    }
}
