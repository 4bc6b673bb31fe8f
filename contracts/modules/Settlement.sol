// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {LogHead} from "../types/CheckpointLog.sol";
import {Context} from "../types/Context.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Base} from "./Base.sol";

/// @notice Walks the logs from the settled tip.
abstract contract Settlement is Base, ISettlement {
    /// @inheritdoc ISettlement
    function settle(LogHead[] calldata heads) external {
        Context context = _context;
        uint256 first = context.settledNumber();
        uint256 tip = _tips.number();
        uint256 settled = first;
        uint256 slot = context.settledSlot();
        for (uint256 i; i < heads.length; ++i) {
            LogFacts facts = heads[i].facts;
            uint256 number = facts.number();
            if (number <= first) continue;
            if (number != settled + 1) revert Settlement__OutOfOrder(settled + 1, number);
            _requireLanded(heads[i], tip);
            if (!_isFinal(facts) || !_isConfirmationFixed(heads, i, tip)) break;
            settled = number;
            slot = facts.slot();
            emit CheckpointSettled(number, slot, heads[i].outboxRoot);
        }
        if (settled == first) revert Settlement__NothingToSettle(first);
        _context = context.withSettled(settled, slot);
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
