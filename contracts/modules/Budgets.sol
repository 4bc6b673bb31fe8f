// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Budget} from "../types/Budget.sol";
import {Pool, PoolLibrary} from "../types/Pool.sol";
import {Credits} from "./Credits.sol";

/// @notice Paying rewards out of the pool, as it stands in each checkpoint's epoch.
abstract contract Budgets is Credits {
    /// The pool while a run of checkpoints settles.
    struct Purse {
        uint256 availableWei;
        uint256 rewardWei;
        /// Index of the next budget, and the first slot it is in force at; out of every slot's reach if there is none.
        uint256 nextBudget;
        uint256 nextSlot;
    }

    function _openPurse() internal view returns (Purse memory purse) {
        Pool pool = _pool;
        purse.availableWei = pool.availableWei();
        purse.rewardWei = pool.rewardWei();
        purse.nextBudget = pool.nextBudget();
        purse.nextSlot = _firstSlotOf(_budgets[purse.nextBudget]);
    }

    function _closePurse(Purse memory purse) internal {
        _pool = PoolLibrary.pack(purse.availableWei, purse.rewardWei, purse.nextBudget);
    }

    /// @dev Takes in the budgets that are in force at a slot, takes the reward of its checkpoint out, or what the pool holds
    /// if that is less, and credits the prover's share of it, where a verifier is set.
    /// @return rewardWei what is left, to be split.
    function _draw(Purse memory purse, uint256 number, uint256 slot) internal returns (uint256 rewardWei) {
        if (slot >= purse.nextSlot) _takeIn(purse, slot);
        rewardWei = purse.rewardWei;
        if (rewardWei > purse.availableWei) {
            emit ISettlement.RewardShort(number, slot, rewardWei - purse.availableWei);
            rewardWei = purse.availableWei;
        }
        unchecked {
            purse.availableWei -= rewardWei;
        }
        if (VERIFIER != address(0)) rewardWei -= _payProver(number, slot, rewardWei);
    }

    /// @dev Index of the budget in force in an epoch, found by halving: one that nobody settled for years costs no more than
    /// a few words.
    /// @param low index of a budget that is in force then, or was before.
    function _budgetOf(uint256 epoch, uint256 low) internal view returns (uint256) {
        uint256 high = _budgetCount;
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (_budgets[middle].fromEpoch <= epoch) low = middle;
            else high = middle;
        }
        return low;
    }

    /// @dev Takes in all budgets up to the one in force at a slot, however many there are.
    function _takeIn(Purse memory purse, uint256 slot) private view {
        uint256 last = _budgetOf(_epochOf(slot), purse.nextBudget);
        Budget memory budget = _budgets[last];
        purse.availableWei += budget.fundedWei - _budgets[purse.nextBudget - 1].fundedWei;
        purse.rewardWei = budget.rewardWei;
        purse.nextBudget = last + 1;
        purse.nextSlot = _firstSlotOf(_budgets[last + 1]);
    }

    /// @return shareWei what whoever proved a checkpoint is credited out of its reward.
    function _payProver(uint256 number, uint256 slot, uint256 rewardWei) private returns (uint256 shareWei) {
        shareWei = (rewardWei * PROVER_BPS) / BASIS;
        if (shareWei == 0) return 0;
        address prover = _provers[_remainder(number, RING_SIZE)];
        _credit(prover, shareWei);
        emit ISettlement.ProverPaid(number, slot, prover, shareWei);
    }

    function _firstSlotOf(Budget storage budget) private view returns (uint256) {
        uint256 fromEpoch = budget.fromEpoch;
        // Only the first budget is from epoch 0 on, and that is never the next one; zero is none.
        return fromEpoch == 0 ? type(uint256).max : fromEpoch * EPOCH_SLOTS;
    }
}
