// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {Budget} from "../types/Budget.sol";
import {PoolRunway} from "../types/LensAnswers.sol";
import {LensBase} from "./LensBase.sol";

/// @notice How long rewards are paid.
abstract contract PoolLens is LensBase {
    /// The pool at some slot ahead.
    struct Forecast {
        uint256 availableWei;
        uint256 rewardWei;
        uint256 fundedWei;
        /// Index of the next budget, how many there are, and the first slot the next one is in force at.
        uint256 next;
        uint256 count;
        uint256 nextSlot;
    }

    /// @inheritdoc IRollupLens
    function runway(uint256 time) external view returns (PoolRunway memory found) {
        (uint256 tipSlot, uint256 tip, , ) = ROLLUP.tips();
        (uint256 settled, ) = ROLLUP.settledTip();
        Forecast memory forecast = _open();
        found.availableWei = forecast.availableWei;
        found.queuedWei = ROLLUP.budget(forecast.count - 1).fundedWei - forecast.fundedWei;
        uint256 slot = _slotOf(time);
        found.rewardWei = ROLLUP.rewardOf(_epochOf(slot));
        found.unsettled = tip - settled;

        _takeIn(forecast, tipSlot);
        uint256 owedWei = found.unsettled * forecast.rewardWei;
        forecast.availableWei -= owedWei < forecast.availableWei ? owedWei : forecast.availableWei;
        _spend(forecast, slot > tipSlot ? slot : tipSlot + 1, found);
        if (!found.endless) found.epochs = _quotient(found.dryFromSlot - slot, EPOCH_SLOTS);
    }

    /// @dev Pays a reward a slot from `slot` on, budget by budget, until a whole one is more than there is.
    function _spend(Forecast memory forecast, uint256 slot, PoolRunway memory found) private view {
        while (true) {
            _takeIn(forecast, slot);
            if (forecast.rewardWei != 0) {
                uint256 whole = forecast.availableWei / forecast.rewardWei;
                uint256 slots = forecast.nextSlot - slot;
                if (whole < slots) {
                    found.checkpoints += whole;
                    found.dryFromSlot = slot + whole;
                    return;
                }
                found.checkpoints += slots;
                forecast.availableWei -= slots * forecast.rewardWei;
            } else if (forecast.next == forecast.count) {
                found.endless = true;
                found.checkpoints = 0;
                return;
            }
            slot = forecast.nextSlot;
        }
    }

    function _open() private view returns (Forecast memory forecast) {
        (forecast.availableWei, forecast.rewardWei, forecast.next) = ROLLUP.pool();
        forecast.fundedWei = ROLLUP.budget(forecast.next - 1).fundedWei;
        forecast.count = ROLLUP.budgetCount();
        _takeIn(forecast, 0);
    }

    /// @dev Takes in every budget that is in force at a slot.
    function _takeIn(Forecast memory forecast, uint256 slot) private view {
        forecast.nextSlot = type(uint256).max;
        for (; forecast.next < forecast.count; ++forecast.next) {
            Budget memory budget = ROLLUP.budget(forecast.next);
            forecast.nextSlot = uint256(budget.fromEpoch) * EPOCH_SLOTS;
            if (forecast.nextSlot > slot) return;
            forecast.availableWei += budget.fundedWei - forecast.fundedWei;
            forecast.fundedWei = budget.fundedWei;
            forecast.rewardWei = budget.rewardWei;
            forecast.nextSlot = type(uint256).max;
        }
    }
}
