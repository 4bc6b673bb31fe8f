// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IInbox} from "../interfaces/IInbox.sol";
import {Context} from "../types/Context.sol";
import {Base} from "./Base.sol";

/// @notice Deposits, and how many of them a checkpoint must consume.
abstract contract Inbox is Base, IInbox {
    /// @inheritdoc IInbox
    function deposit(address l2Recipient) external payable {
        if (msg.value < MIN_DEPOSIT_WEI) revert Inbox__DepositTooSmall(MIN_DEPOSIT_WEI, msg.value);
        if (msg.value % 1 gwei != 0) revert Inbox__NotWholeGwei(msg.value);

        Context context = _context;
        uint256 index = context.inboxTotal();
        bytes32 hash = keccak256(abi.encode(_inboxHashes[index], index, l2Recipient, msg.value, block.timestamp));
        _inboxHashes[index + 1] = hash;
        _depositTimes[index] = uint40(block.timestamp);
        _context = context.withInboxTotal(index + 1);

        emit Deposited(index, l2Recipient, msg.value, block.timestamp, hash);
    }

    /// @inheritdoc IInbox
    function inboxCountBefore(uint256 slot) external view returns (uint256) {
        return _countBefore(_cutOff(slot));
    }

    /// @inheritdoc IInbox
    function inboxCountDue(uint256 slot) external view returns (uint256) {
        uint256 most = _tips.inboxCount() + MAX_MESSAGES;
        uint256 before = _countBefore(_cutOff(slot));
        return before < most ? before : most;
    }

    /// @inheritdoc IInbox
    function inboxHash(uint256 count) external view returns (bytes32) {
        uint256 total = _context.inboxTotal();
        if (count > total) revert Inbox__NoSuchMessage(count, total);
        return _inboxHashes[count];
    }

    /// @inheritdoc IInbox
    function inboxTotal() external view returns (uint256) {
        return _context.inboxTotal();
    }

    /// @dev Reverts unless `count` is exactly what a checkpoint for `slot` on a parent with `parentCount` must have.
    /// Two neighbouring times are read, often of one word.
    /// @return hash of the first `count` messages if any are consumed, else zero.
    function _consume(
        uint256 slot,
        uint256 count,
        uint256 parentCount,
        uint256 total
    ) internal view returns (bytes32 hash) {
        uint256 cutOff = _cutOff(slot);
        uint256 most = parentCount + MAX_MESSAGES;
        bool due =
            count >= parentCount &&
                count <= total &&
                count <= most &&
                (count == parentCount || _depositTimes[count - 1] < cutOff) &&
                (count == total || count == most || _depositTimes[count] >= cutOff);
        if (!due) {
            uint256 before = _countBefore(cutOff);
            revert Inbox__CountNotDue(before < most ? before : most, count);
        }
        if (count != parentCount) hash = _inboxHashes[count];
    }

    /// @dev Messages from before this time are due; see the constructor for why it does not underflow.
    function _cutOff(uint256 slot) private view returns (uint256) {
        return _startOf(slot) - uint256(INBOX_LAG_SLOTS) * SLOT_SECONDS;
    }

    /// @dev Deposit times ascend, so the count of those before a time is found by halving.
    function _countBefore(uint256 time) private view returns (uint256 low) {
        uint256 high = _context.inboxTotal();
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_depositTimes[middle] < time) low = middle + 1;
            else high = middle;
        }
    }
}
