// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Withdrawals from L2 to L1.
/// @notice Stands on L2 at 0x4200000000000000000000000000000000000016 from the first block on. Every withdrawal is a leaf
/// of one append-only tree of depth 32, whose root every checkpoint takes to L1: against a settled one the rollup pays.
/// @dev Ether sent here stays here for ever: no function gives it out. The balance is what was ever withdrawn, plus what
/// was forced upon the contract in other ways, which is lost.
contract L2Outbox {
    /// @notice A leaf was appended.
    /// @param index of the leaf, from 0; `recipient` is an account of L1.
    /// @param leaf what stands in the tree: see `leafOf`.
    event Withdrawal(
        uint256 indexed index,
        address indexed sender,
        address indexed recipient,
        uint256 amountWei,
        bytes32 leaf
    );

    /// @notice Thrown when no ether comes with the call.
    error L2Outbox__NothingToWithdraw();
    /// @notice Thrown when the recipient is the zero address.
    error L2Outbox__NoRecipient();
    /// @notice Thrown when the tree has no room left.
    error L2Outbox__Full(uint256 capacity);

    uint256 private constant DEPTH = 32;

    /// @notice Root of the tree; zero before the first withdrawal.
    /// @dev Slot 0. Nodes read it there, at the last block of each checkpoint.
    bytes32 public root;
    /// @notice The rollup contract on L1. Slot 1, low 160 bits; written at genesis.
    address public rollup;
    /// @notice Chain id of L1. Slot 1, next 64 bits; written at genesis.
    uint64 public l1ChainId;
    /// @notice Withdrawals ever made. Slot 1, high 32 bits; the last leaf's place stays empty so that this fits.
    uint32 public count;
    /// @dev Slot 2 and on. Where bit h of `count` is set: root of the newest full subtree of height h.
    bytes32[DEPTH] private _frontier;

    /// @notice Withdraws the value sent, any number of wei but none, to `l1Recipient` on L1.
    /// @dev Checked: the value, the recipient, room in the tree. NOT checked: that the recipient can be paid on L1.
    /// Takes the value out of circulation, appends a leaf, moves `root`, emits `Withdrawal`.
    /// @return index of the withdrawal.
    function withdraw(address l1Recipient) external payable returns (uint256 index) {
        if (msg.value == 0) revert L2Outbox__NothingToWithdraw();
        if (l1Recipient == address(0)) revert L2Outbox__NoRecipient();
        index = count;
        if (index == type(uint32).max) revert L2Outbox__Full(index);

        bytes32 leaf = leafOf(index, l1Recipient, msg.value);
        count = uint32(index) + 1;
        root = _append(leaf, index);

        emit Withdrawal(index, msg.sender, l1Recipient, msg.value, leaf);
    }

    /// @return what stands in the tree for a withdrawal; it means nothing on another L1 or to another rollup.
    function leafOf(uint256 index, address recipient, uint256 amountWei) public view returns (bytes32) {
        return keccak256(abi.encode(l1ChainId, rollup, index, recipient, amountWei));
    }

    /// @dev Walks from the new leaf up. At its first left turn the node is full, and waits there for its sibling; from
    /// there on everything to the right is empty.
    /// @return node the root.
    function _append(bytes32 leaf, uint256 index) private returns (bytes32 node) {
        node = leaf;
        bytes32 empty;
        bool isFull = true;
        for (uint256 height = 0; height < DEPTH; height++) {
            if ((index >> height) & 1 == 1) {
                node = keccak256(abi.encode(_frontier[height], node));
            } else {
                if (isFull) _frontier[height] = node;
                isFull = false;
                node = keccak256(abi.encode(node, empty));
            }
            empty = keccak256(abi.encode(empty, empty));
        }
    }
}
