// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {Premium} from "../libraries/Premium.sol";
import {Quote} from "../libraries/Quote.sol";
import {LandingTerms, Phase, QuoteRequest, Window} from "../types/LensAnswers.sol";
import {LensBase} from "./LensBase.sol";

/// @notice When a checkpoint may land, and for how much.
abstract contract LandingLens is LensBase {
    /// @inheritdoc IRollupLens
    function window(uint256 slot, uint256 time) external view returns (Window memory found) {
        (uint256 tipSlot, , , ) = ROLLUP.tips();
        found.onTimeFrom = _startOf(slot);
        found.onTimeUntil = _startOf(slot + 1);
        found.successorUntil = found.onTimeUntil + SUCCESSOR_WINDOW_SECONDS;
        found.lateUntil = found.onTimeUntil + HANDOFF_WINDOW_SECONDS;
        found.phase = _phase(slot, time);
        found.landed = slot <= tipSlot;
        found.refill = slot <= ROLLUP.refillSlot();
        found.open = !found.landed && found.phase != Phase.Ahead && found.phase != Phase.Over;
    }

    /// @inheritdoc IRollupLens
    function quote(QuoteRequest calldata request) external view returns (LandingTerms memory terms) {
        terms.phase = _phase(request.slot, request.time);
        if (terms.phase == Phase.Ahead || terms.phase == Phase.Over) return terms;

        if (terms.phase != Phase.OnTime && request.slot > ROLLUP.refillSlot()) {
            terms.late = true;
            terms.successor = terms.phase == Phase.Successor;
            terms.premiumBps = terms.successor ? PREMIUM_BPS : _grownPremium(_secondsIntoSlot(request.time));
        } else if (request.named) {
            terms.premiumBps = PREMIUM_BPS;
        } else {
            return terms;
        }
        terms.chargedWei = _priceOf(request, GAS_QUOTA, terms.premiumBps);
        // Two in one call are paid at cost.
        bool batched = terms.late && request.followed;
        terms.paidWei = batched ? _priceOf(request, GAS_QUOTA_BATCH, 0) : terms.chargedWei;
    }

    function _phase(uint256 slot, uint256 time) private view returns (Phase) {
        uint256 end = _startOf(slot + 1);
        if (time < _startOf(slot)) return Phase.Ahead;
        if (time < end) return Phase.OnTime;
        // A handoff window without seconds is empty, however long the successor's is.
        if (time >= end + HANDOFF_WINDOW_SECONDS) return Phase.Over;
        return time < end + SUCCESSOR_WINDOW_SECONDS ? Phase.Successor : Phase.Anyone;
    }

    function _grownPremium(uint256 secondsIntoSlot) private view returns (uint256) {
        uint256 secondsLate = secondsIntoSlot - SUCCESSOR_WINDOW_SECONDS;
        return Premium.grown(secondsLate, L1_SLOT_SECONDS, PREMIUM_BPS, PREMIUM_STEP_BPS, PREMIUM_MAX_BPS);
    }

    function _priceOf(QuoteRequest calldata request, uint256 gasQuota, uint256 premium) private view returns (uint256) {
        return Quote.price(gasQuota, request.baseFee, TIP_WEI, request.blobCount, request.blobBaseFee, premium);
    }
}
