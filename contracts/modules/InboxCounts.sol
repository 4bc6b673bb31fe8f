// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IInbox} from "../interfaces/IInbox.sol";
import {Context} from "../types/Context.sol";
import {Base} from "./Base.sol";

/// @notice How many messages a checkpoint must consume.
abstract contract InboxCounts is Base {
    /// @dev Reverts unless `count` is exactly what a checkpoint for `slot` on a parent with `parentCount` must have.
    /// Two neighbouring times are read, often of one word. Notes, once a refund was asked for, what is consumed when.
    /// @return hash what a digest says of the messages: zero if none is consumed; else the hash of the first `count` ones,
    /// with that of the refunds in force, if there is one.
    function _consume(
        uint256 slot,
        uint256 count,
        uint256 parentCount,
        Context context
    ) internal returns (bytes32 hash) {
        uint256 total = context.inboxTotal();
        uint256 cutOff = _cutOff(slot);
        uint256 most;
        bool due;
        unchecked {
            // Counts are below 2^32, and a count above the parent's is not 0.
            most = parentCount + MAX_MESSAGES;
            due =
                count >= parentCount &&
                count <= total &&
                count <= most &&
                (count == parentCount || _depositTimes[count - 1] < cutOff) &&
                (count == total || count == most || _depositTimes[count] >= cutOff);
        }
        if (!due) {
            uint256 before = _countBefore(cutOff);
            revert IInbox.Inbox__CountNotDue(before < most ? before : most, count);
        }
        if (count != parentCount) {
            hash = _inboxHashes[count];
            if (context.hasRefunds()) {
                _noteConsumption(slot, count, parentCount);
                bytes32 refunds = _refundsHashOf(_epochOf(slot));
                if (refunds != 0) hash = keccak256(abi.encode(hash, refunds));
            }
        }
    }

    /// @dev Found from the latest backwards: later ones than the current epoch's are at most two.
    function _refundsHashOf(uint256 epoch) internal view returns (bytes32) {
        for (uint256 i = _refundsVersions.length; i != 0; --i) {
            if (_refundsVersions[i - 1].fromEpoch <= epoch) return _refundsVersions[i - 1].hash;
        }
        return 0;
    }

    /// @dev Makes `_consumedBefore` of an epoch e answer what refunds ask: a message that is not below it was not consumed by
    /// a checkpoint of an epoch before e, and will not be. The least parent's count of the epoch's landings, since rollbacks
    /// take the count back; and a late landing for the epoch before, which is possible only while nothing of the epoch
    /// itself stands, starts it anew.
    function _noteConsumption(uint256 slot, uint256 count, uint256 parentCount) private {
        uint256 epoch = _epochOf(slot);
        uint256 noted = _consumedBefore[epoch];
        if (noted == 0 || parentCount + 1 < noted) _consumedBefore[epoch] = parentCount + 1;
        uint256 landingEpoch = _epochAt(_now());
        if (landingEpoch != epoch) _consumedBefore[landingEpoch] = count + 1;
    }

    /// @dev Messages from before this time are due; see the constructor for why it does not underflow.
    function _cutOff(uint256 slot) internal view returns (uint256) {
        unchecked {
            return _startOf(slot) - uint256(INBOX_LAG_SLOTS) * SLOT_SECONDS;
        }
    }

    /// @dev Deposit times ascend, so the count of those before a time is found by halving.
    function _countBefore(uint256 time) internal view returns (uint256 low) {
        uint256 high = _context.inboxTotal();
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_depositTimes[middle] < time) low = middle + 1;
            else high = middle;
        }
    }
}
