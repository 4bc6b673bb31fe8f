// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IInbox} from "../interfaces/IInbox.sol";
import {BitArray} from "../libraries/BitArray.sol";
import {RefundsVersion} from "../types/RefundsVersion.sol";
import {Bridge} from "./Bridge.sol";
import {Credits} from "./Credits.sol";
import {Delegated} from "./Delegated.sol";
import {InboxCounts} from "./InboxCounts.sol";

/// @notice Messages to L2.
abstract contract Inbox is Delegated, InboxCounts, Bridge, Credits, IInbox {
    using BitArray for mapping(uint256 word => uint256);

    /// @inheritdoc IInbox
    function deposit(address l2Recipient) external payable atRollup {
        if (msg.value < MIN_DEPOSIT_WEI) revert Inbox__DepositTooSmall(MIN_DEPOSIT_WEI, msg.value);
        if (msg.value % 1 gwei != 0) revert Inbox__NotWholeGwei(msg.value);

        uint256 index = _context.inboxTotal();
        bytes32 hash = _afterDeposit(index, l2Recipient, msg.value, block.timestamp);
        _append(index, hash);
        _bridgedWei += msg.value;

        emit Deposited(index, msg.sender, l2Recipient, msg.value, block.timestamp, hash);
    }

    /// @inheritdoc IInbox
    function force(bytes calldata transaction) external {
        if (transaction.length == 0 || transaction.length > MAX_FORCED_BYTES) {
            revert Inbox__ForcedLengthOutOfRange(transaction.length, MAX_FORCED_BYTES);
        }
        uint256 index = _context.inboxTotal();
        _countForced(index);
        bytes32 hash = keccak256(abi.encode(_inboxHashes[index], index, keccak256(transaction), block.timestamp));
        _append(index, hash);

        emit Forced(index, msg.sender, transaction, block.timestamp, hash);
    }

    /// @inheritdoc IInbox
    function requestRefund(uint256 index, address l2Recipient, uint256 amountWei, uint256 time) external {
        _requireDeposit(index, l2Recipient, amountWei, time);
        uint256 consumed = _tips.inboxCount();
        if (index < consumed) revert Inbox__AlreadyConsumed(index, consumed);
        _requireTime(index, time + uint256(REFUND_WINDOW_EPOCHS) * EPOCH_SLOTS * SLOT_SECONDS);
        uint256 fromEpoch = _refundEpochs[index];
        if (fromEpoch != 0) revert Inbox__RefundRequested(index, fromEpoch);

        fromEpoch = _changeEpoch();
        _refundEpochs[index] = fromEpoch;
        bytes32 hash = _extendRefunds(index, fromEpoch);
        _context = _context.withRefunds();

        emit RefundRequested(index, msg.sender, amountWei, fromEpoch, hash);
    }

    /// @inheritdoc IInbox
    function refund(uint256 index, address l2Recipient, uint256 amountWei, uint256 time, uint256 epoch) external {
        _requireDeposit(index, l2Recipient, amountWei, time);
        uint256 fromEpoch = _refundEpochs[index];
        if (fromEpoch == 0) revert Inbox__RefundNotRequested(index);
        // The last second in which a checkpoint of an earlier epoch lands, late or in a refilled slot, is the one before.
        _requireTime(index, _startOf(fromEpoch * EPOCH_SLOTS) + HANDOFF_WINDOW_SECONDS);
        uint256 consumed = _tips.inboxCount();
        if (index < consumed) {
            uint256 before = epoch < fromEpoch ? 0 : _consumedBefore[epoch];
            if (before == 0 || index < before - 1) revert Inbox__AlreadyConsumed(index, consumed);
        }
        if (!_refunded.set(index)) revert Inbox__AlreadyRefunded(index);
        _unbridge(amountWei);
        _credit(msg.sender, amountWei);

        emit Refunded(index, msg.sender, amountWei);
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

    /// @inheritdoc IInbox
    function refundOf(uint256 index) external view returns (uint256 fromEpoch, bool paid) {
        return (_refundEpochs[index], _refunded.get(index));
    }

    /// @inheritdoc IInbox
    function refundsHash(uint256 epoch) external view returns (bytes32) {
        return _refundsHashOf(epoch);
    }

    function _append(uint256 index, bytes32 hash) private {
        _inboxHashes[index + 1] = hash;
        _depositTimes[index] = uint40(block.timestamp);
        _context = _context.withInboxTotal(index + 1);
    }

    /// @dev The place of forced transaction j is that of j - `maxForced`: if that one is consumed, so are all before it.
    function _countForced(uint256 index) private {
        uint256 forced = _forcedCount;
        if (MAX_FORCED == 0) revert Inbox__ForcedFull(0, index);
        uint256 position = forced % MAX_FORCED;
        if (forced >= MAX_FORCED && _forcedIndices[position] >= _tips.inboxCount()) {
            revert Inbox__ForcedFull(MAX_FORCED, _forcedIndices[position]);
        }
        _forcedIndices[position] = index;
        _forcedCount = forced + 1;
    }

    /// @dev Appends a version of the refunds, or replaces the latest if that is for the same epoch.
    function _extendRefunds(uint256 index, uint256 fromEpoch) private returns (bytes32 hash) {
        hash = keccak256(abi.encode(_refundsHashOf(fromEpoch), index));
        uint256 versions = _refundsVersions.length;
        if (versions != 0 && _refundsVersions[versions - 1].fromEpoch == fromEpoch) {
            _refundsVersions[versions - 1].hash = hash;
        } else {
            _refundsVersions.push(RefundsVersion(hash, fromEpoch));
        }
    }

    /// @dev Reverts unless the message is this deposit, by the sender.
    function _requireDeposit(uint256 index, address l2Recipient, uint256 amountWei, uint256 time) private view {
        bytes32 expected = _inboxHashes[index + 1];
        bytes32 given = _afterDeposit(index, l2Recipient, amountWei, time);
        if (given != expected) revert Inbox__DepositMismatch(index, expected, given);
    }

    function _requireTime(uint256 index, uint256 refundableAt) private view {
        if (block.timestamp < refundableAt) revert Inbox__RefundTooEarly(index, refundableAt, block.timestamp);
    }

    /// @dev Rolling hash after a deposit by the sender.
    function _afterDeposit(
        uint256 index,
        address l2Recipient,
        uint256 amountWei,
        uint256 time
    ) private view returns (bytes32) {
        return keccak256(abi.encode(_inboxHashes[index], index, msg.sender, l2Recipient, amountWei, time));
    }
}
