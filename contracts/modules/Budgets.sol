// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Budget} from "../types/Budget.sol";
import {Pool, PoolLibrary} from "../types/Pool.sol";
import {Base} from "./Base.sol";

/// @notice Paying rewards out of the pool, as it stands in each checkpoint's epoch.
abstract contract Budgets is Base {
    /// @dev Takes in the budgets that are in force at a slot, and the reward of its checkpoint out.
    /// @return the pool after it, and the reward: what the pool holds, if that is less.
    function _draw(Pool pool, uint256 number, uint256 slot) internal returns (Pool, uint256 rewardWei) {
        uint256 availableWei = pool.availableWei();
        uint256 wholeWei = pool.rewardWei();
        uint256 next = pool.nextBudget();
        uint256 epoch = _epochOf(slot);
        for (; next != _budgetCount && _budgets[next].fromEpoch <= epoch; ++next) {
            Budget memory budget = _budgets[next];
            availableWei += budget.fundedWei;
            wholeWei = budget.rewardWei;
        }
        rewardWei = wholeWei;
        if (wholeWei > availableWei) {
            rewardWei = availableWei;
            emit ISettlement.RewardShort(number, slot, wholeWei - availableWei);
        }
        return (PoolLibrary.pack(availableWei - rewardWei, wholeWei, next), rewardWei);
    }
}
