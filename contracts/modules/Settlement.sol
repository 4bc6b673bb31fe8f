// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {Rewards} from "../libraries/Rewards.sol";
import {LogHead, LogRest} from "../types/CheckpointLog.sol";
import {Context} from "../types/Context.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Payout, PayoutLibrary} from "../types/Payout.sol";
import {PlainSettlement} from "./PlainSettlement.sol";

/// @notice Walks the logs from the settled tip, and credits their rewards.
abstract contract Settlement is PlainSettlement, ISettlement {
    /// @inheritdoc ISettlement
    function settle(LogHead[] calldata heads, LogRest[] calldata rests) external {
        Context context = _context;
        Run memory run = _startRun(context);
        Purse memory purse = _openPurse();
        Payout[] memory payouts = new Payout[](heads.length);
        for (uint256 i; i < heads.length; ++i) {
            i = _settlePlain(heads, i, run, purse, payouts);
            if (i == heads.length) break;
            LogHead calldata head = _at(heads, i);
            LogFacts facts = head.facts;
            uint256 number = facts.number();
            if (number <= run.first) {
                if (facts.isShared()) ++run.opened;
                continue;
            }
            _requireNext(head, number, run);
            if (number > run.proven || !_isFinal(facts, run.finalTime)) break;

            uint256 slot = facts.slot();
            uint256 proposerWei;
            uint256 sharedWei;
            if (facts.isShared()) {
                (bool isFixed, LogHead calldata child) = _confirmation(heads, i, number, run);
                if (!isFixed) break;
                if (run.opened >= rests.length) revert Settlement__RestMismatch(number, head.inner, 0);
                (proposerWei, sharedWei) = _share(head, child, rests[run.opened++], _draw(purse, number, slot));
            } else {
                proposerWei = _draw(purse, number, slot);
            }
            _credit(head.coinbase, proposerWei);
            Payout payout = PayoutLibrary.pack(number, slot, proposerWei, sharedWei);
            unchecked {
                _put(payouts, number - run.first, payout);
            }
            run.settled = number;
        }
        _finish(context, run, purse, payouts);
    }

    function _startRun(Context context) private view returns (Run memory run) {
        run.first = context.settledNumber();
        run.settled = run.first;
        run.tip = _tips.number();
        run.proven = VERIFIER == address(0) ? run.tip : context.provenNumber();
        uint256 window = _challengeWindowSeconds();
        // Before the first window is over, nothing that landed is.
        run.finalTime = _now() < window ? 0 : _now() - window;
    }

    function _finish(Context context, Run memory run, Purse memory purse, Payout[] memory payouts) private {
        (uint256 first, uint256 last) = (run.first, run.settled);
        if (last == first) revert Settlement__NothingToSettle(first);
        _context = context.withSettled(last, payouts[last - first - 1].slot());
        _closePurse(purse);
        assembly ("memory-safe") {
            mstore(payouts, sub(last, first))
        }
        emit CheckpointsSettled(first + 1, last, payouts);
    }

    /// @dev Splits a shared reward, and credits all of it but the proposer's part.
    /// @param child the checkpoint that confirms this one if it is late, or this one itself.
    /// @return proposerWei the proposer's part, and what was credited to another.
    function _share(
        LogHead calldata head,
        LogHead calldata child,
        LogRest calldata rest,
        uint256 rewardWei
    ) private returns (uint256 proposerWei, uint256 sharedWei) {
        LogFacts facts = head.facts;
        (uint256 number, uint256 slot) = (facts.number(), facts.slot());
        bytes32 given = LogHash.ofRest(rest);
        if (given != head.inner) revert Settlement__RestMismatch(number, head.inner, given);
        address account;
        uint256 burnedWei;
        uint256 quotedWei = rest.details.submitter.amount();
        if (facts.isLate()) {
            uint256 paidWei = rest.details.recipient.amount();
            if (facts.isBatched()) paidWei += Rewards.shortfall(rewardWei, quotedWei, PREMIUM_BPS);
            bool confirmed = child.facts.slot() == slot + 1;
            account = confirmed && facts.isSuccessors() ? child.coinbase : rest.details.recipient.account();
            (proposerWei, sharedWei, burnedWei) = Rewards.late(
                rewardWei,
                quotedWei,
                paidWei,
                BURN_BPS,
                CAP_BPS,
                confirmed
            );
        } else {
            account = rest.details.onTimeRecipient;
            (proposerWei, sharedWei) = Rewards.onTime(rewardWei, quotedWei, rest.details.onTimeCapBps);
        }
        _credit(account, sharedWei);
        emit RewardShared(number, slot, account, sharedWei, burnedWei);
    }

    /// @dev Whether a late checkpoint k is paid as confirmed depends on its child: on one for slot(k) + 1 that is past
    /// its challenge. That is fixed once such a child can land no more and the one there is, if any, cannot be removed.
    /// @param i index of its head.
    /// @return whether it is fixed.
    /// @return child the child or, without one or on time, the checkpoint itself.
    function _confirmation(
        LogHead[] calldata heads,
        uint256 i,
        uint256 number,
        Run memory run
    ) private view returns (bool, LogHead calldata child) {
        child = heads[i];
        LogFacts facts = child.facts;
        if (!facts.isLate()) return (true, child);
        if (_now() < _startOf(facts.slot() + 2) + HANDOFF_WINDOW_SECONDS) return (false, child);
        if (number == run.tip) return (true, child);
        if (i + 1 == heads.length) return (false, child);
        child = heads[i + 1];
        if (child.facts.number() != number + 1) {
            revert Settlement__OutOfOrder(number + 1, child.facts.number());
        }
        _requireLanded(child, number + 1, run);
        // A child that is not proven may yet be pruned.
        bool stays = number < run.proven && _isFinal(child.facts, run.finalTime);
        return (child.facts.slot() != facts.slot() + 1 || stays, child);
    }

    function _requireNext(LogHead calldata head, uint256 number, Run memory run) private view {
        unchecked {
            if (number != run.settled + 1) revert Settlement__OutOfOrder(run.settled + 1, number);
        }
        _requireLanded(head, number, run);
    }

    function _requireLanded(LogHead calldata head, uint256 number, Run memory run) private view {
        bytes32 landed = number > run.tip ? bytes32(0) : _logHash(number);
        bytes32 given = LogHash.ofHead(head);
        if (given != landed) revert Settlement__LogMismatch(number, landed, given);
    }
}
