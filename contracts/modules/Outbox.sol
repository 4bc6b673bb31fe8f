// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IOutbox} from "../interfaces/IOutbox.sol";
import {BitArray} from "../libraries/BitArray.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {OutboxTree} from "../libraries/OutboxTree.sol";
import {SettledRoot} from "../types/CheckpointLog.sol";
import {Bridge} from "./Bridge.sol";
import {Credits} from "./Credits.sol";

/// @notice Withdrawals from L2.
abstract contract Outbox is Bridge, Credits, IOutbox {
    using BitArray for mapping(uint256 word => uint256);

    /// @inheritdoc IOutbox
    function withdraw(
        SettledRoot calldata root,
        uint256 index,
        address recipient,
        uint256 amountWei,
        bytes32[32] calldata siblings
    ) external {
        uint256 number = root.facts.number();
        _requireSettled(root, number);
        if (index >= OutboxTree.CAPACITY) revert Outbox__IndexOutOfRange(index, OutboxTree.CAPACITY);
        bytes32 given = OutboxTree.rootOf(OutboxTree.leafOf(index, recipient, amountWei), index, siblings);
        if (given != root.outboxRoot) revert Outbox__ProofInvalid(index, root.outboxRoot, given);
        if (!_withdrawn.set(index)) revert Outbox__AlreadyWithdrawn(index);
        _unbridge(amountWei);

        emit Withdrawn(index, recipient, amountWei, number);
        _pay(recipient, amountWei);
    }

    /// @inheritdoc IOutbox
    function isWithdrawn(uint256 index) external view returns (bool) {
        return _withdrawn.get(index);
    }

    /// @inheritdoc IOutbox
    function bridgedWei() external view returns (uint256) {
        return _bridgedWei;
    }

    /// @dev The word at a settled number's place is its log's hash, or that of a later number, with which nothing agrees.
    function _requireSettled(SettledRoot calldata root, uint256 number) private view {
        uint256 settled = _context.settledNumber();
        if (number > settled) revert Outbox__NotSettled(number, settled);
        bytes32 landed = _logHash(number);
        bytes32 inner = LogHash.ofInner(root.outboxRoot, root.details);
        bytes32 given = keccak256(abi.encode(root.facts, root.coinbase, inner));
        if (given != landed) revert Outbox__LogMismatch(number, landed, given);
    }
}
