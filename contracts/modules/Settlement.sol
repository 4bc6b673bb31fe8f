// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {Rewards} from "../libraries/Rewards.sol";
import {LogHead, LogRest} from "../types/CheckpointLog.sol";
import {Context} from "../types/Context.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Payout, PayoutLibrary} from "../types/Payout.sol";
import {Pool} from "../types/Pool.sol";
import {Budgets} from "./Budgets.sol";
import {Credits} from "./Credits.sol";

/// @notice Walks the logs from the settled tip, and credits their rewards.
abstract contract Settlement is Budgets, Credits, ISettlement {
    /// @inheritdoc ISettlement
    function settle(LogHead[] calldata heads, LogRest[] calldata rests) external {
        Context context = _context;
        uint256 first = context.settledNumber();
        uint256 tip = _tips.number();
        uint256 settled = first;
        uint256 slot = context.settledSlot();
        uint256 opened;
        Pool pool = _pool;
        Payout[] memory payouts = new Payout[](heads.length);
        for (uint256 i; i < heads.length; ++i) {
            LogFacts facts = heads[i].facts;
            uint256 number = facts.number();
            if (number <= first) {
                if (facts.isShared()) ++opened;
                continue;
            }
            if (number != settled + 1) revert Settlement__OutOfOrder(settled + 1, number);
            _requireLanded(heads[i], tip);
            if (!_isProven(number, context) || !_isFinal(facts) || !_isConfirmationFixed(heads, i, tip)) break;

            slot = facts.slot();
            uint256 rewardWei;
            (pool, rewardWei) = _draw(pool, number, slot);
            uint256 sharedWei;
            if (facts.isShared()) {
                if (opened >= rests.length) revert Settlement__RestMismatch(number, heads[i].inner, 0);
                (rewardWei, sharedWei) = _share(heads, i, rests[opened], rewardWei, tip);
                ++opened;
            }
            _credit(heads[i].coinbase, rewardWei);
            payouts[settled - first] = PayoutLibrary.pack(number, slot, rewardWei, sharedWei);
            settled = number;
        }
        if (settled == first) revert Settlement__NothingToSettle(first);
        _context = context.withSettled(settled, slot);
        _pool = pool;
        assembly ("memory-safe") {
            mstore(payouts, sub(settled, first))
        }
        emit CheckpointsSettled(first + 1, settled, payouts);
    }

    /// @dev Splits a shared reward, and credits all of it but the proposer's part.
    /// @return proposerWei the proposer's part, and what was credited to another.
    function _share(
        LogHead[] calldata heads,
        uint256 i,
        LogRest calldata rest,
        uint256 rewardWei,
        uint256 tip
    ) private returns (uint256 proposerWei, uint256 sharedWei) {
        LogFacts facts = heads[i].facts;
        bytes32 given = LogHash.ofRest(rest);
        if (given != heads[i].inner) revert Settlement__RestMismatch(facts.number(), heads[i].inner, given);
        address account;
        uint256 burnedWei;
        uint256 quotedWei = rest.details.submitter.amount();
        if (facts.isLate()) {
            bool confirmed = facts.number() != tip && heads[i + 1].facts.slot() == facts.slot() + 1;
            account = confirmed && facts.isSuccessors() ? heads[i + 1].coinbase : rest.details.recipient.account();
            (proposerWei, sharedWei, burnedWei) = Rewards.late(
                rewardWei,
                quotedWei,
                rest.details.recipient.amount(),
                BURN_BPS,
                CAP_BPS,
                confirmed
            );
        } else {
            account = rest.details.onTimeRecipient;
            (proposerWei, sharedWei) = Rewards.onTime(rewardWei, quotedWei, rest.details.onTimeCapBps);
        }
        _credit(account, sharedWei);
        emit RewardShared(facts.number(), facts.slot(), account, sharedWei, burnedWei);
    }

    function _isProven(uint256 number, Context context) private view returns (bool) {
        return VERIFIER == address(0) || number <= context.provenNumber();
    }

    /// @dev Past its challenge, or never open to one.
    function _isFinal(LogFacts facts) private view returns (bool) {
        return facts.isVerified() || _now() >= facts.time() + _challengeWindowSeconds();
    }

    /// @dev Whether a late checkpoint k is paid as confirmed depends on its child: on one for slot(k) + 1 that is past
    /// its challenge. That is fixed once such a child can land no more and the one there is, if any, cannot be removed.
    function _isConfirmationFixed(LogHead[] calldata heads, uint256 i, uint256 tip) private view returns (bool) {
        LogFacts facts = heads[i].facts;
        if (!facts.isLate()) return true;
        if (_now() < _startOf(facts.slot() + 2) + HANDOFF_WINDOW_SECONDS) return false;
        if (facts.number() == tip) return true;
        if (i + 1 == heads.length) return false;
        LogFacts child = heads[i + 1].facts;
        if (child.number() != facts.number() + 1) {
            revert Settlement__OutOfOrder(facts.number() + 1, child.number());
        }
        _requireLanded(heads[i + 1], tip);
        return child.slot() != facts.slot() + 1 || _isFinal(child);
    }

    function _requireLanded(LogHead calldata head, uint256 tip) private view {
        uint256 number = head.facts.number();
        bytes32 landed = number > tip ? bytes32(0) : _logHash(number);
        bytes32 given = LogHash.ofHead(head);
        if (given != landed) revert Settlement__LogMismatch(number, landed, given);
    }
}
