// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IRollupLens} from "../interfaces/IRollupLens.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {CheckpointLog} from "../types/CheckpointLog.sol";
import {LogStatus} from "../types/LensAnswers.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {LensBase} from "./LensBase.sol";

/// @notice What can still become of a landed checkpoint.
abstract contract LogLens is LensBase {
    /// @inheritdoc IRollupLens
    function logStatus(CheckpointLog calldata log, uint256 time) external view returns (LogStatus memory status) {
        LogFacts facts = log.facts;
        uint256 number = facts.number();
        (uint256 settled, ) = ROLLUP.settledTip();
        status.settled = number <= settled;
        status.landed = ROLLUP.logHash(number) == LogHash.ofLog(log);
        status.verified = facts.isVerified();
        status.settleableFrom = facts.time();
        if (!status.verified) {
            status.challengeableUntil = facts.time() + _challengeWindowSeconds();
            status.challengeable = status.landed && time < status.challengeableUntil;
            status.settleableFrom = status.challengeableUntil;
        }
        if (facts.isLate()) {
            uint256 confirmed = _startOf(facts.slot() + 2) + HANDOFF_WINDOW_SECONDS;
            if (confirmed > status.settleableFrom) status.settleableFrom = confirmed;
        }
        _setProofStatus(status, facts, time);
    }

    function _setProofStatus(LogStatus memory status, LogFacts facts, uint256 time) private view {
        status.proven = true;
        if (VERIFIER == address(0)) return;
        uint256 proven = ROLLUP.provenNumber();
        status.proven = facts.number() <= proven;
        status.prunableFrom = _startOf((_epochOf(facts.slot()) + 1 + PROOF_WINDOW_EPOCHS) * EPOCH_SLOTS);
        status.pruneDue = status.landed && facts.number() == proven + 1 && time >= status.prunableFrom;
    }
}
