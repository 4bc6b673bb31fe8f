// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IInbox} from "../interfaces/IInbox.sol";
import {Context} from "../types/Context.sol";
import {Base} from "./Base.sol";

/// @notice How many messages a checkpoint must consume.
abstract contract InboxCounts is Base {
    /// @dev Reverts unless `count` is exactly what a checkpoint for `slot` on a parent with `parentCount` must have.
    /// Two neighbouring times are read, often of one word.
    /// @return hash what a digest says of the messages: zero if none is consumed; else the hash of the first `count` ones,
    /// with that of all refunds once there is one.
    function _consume(
        uint256 slot,
        uint256 count,
        uint256 parentCount,
        Context context
    ) internal view returns (bytes32 hash) {
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
            if (context.hasRefunds()) hash = keccak256(abi.encode(hash, _refundsHash));
        }
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
