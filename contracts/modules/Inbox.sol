// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IInbox} from "../interfaces/IInbox.sol";
import {Context} from "../types/Context.sol";
import {Delegated} from "./Delegated.sol";
import {InboxCounts} from "./InboxCounts.sol";

/// @notice Messages to L2.
abstract contract Inbox is Delegated, InboxCounts, IInbox {
    /// @inheritdoc IInbox
    function deposit(address l2Recipient) external payable atRollup {
        if (msg.value < MIN_DEPOSIT_WEI) revert Inbox__DepositTooSmall(MIN_DEPOSIT_WEI, msg.value);
        if (msg.value % 1 gwei != 0) revert Inbox__NotWholeGwei(msg.value);

        Context context = _context;
        uint256 index = context.inboxTotal();
        bytes32 hash = keccak256(abi.encode(_inboxHashes[index], index, l2Recipient, msg.value, block.timestamp));
        _inboxHashes[index + 1] = hash;
        _depositTimes[index] = uint40(block.timestamp);
        _context = context.withInboxTotal(index + 1);
        _bridgedWei += msg.value;

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
}
