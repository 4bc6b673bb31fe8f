// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {SettledRoot} from "../types/CheckpointLog.sol";

/// @title Withdrawals from L2 to L1.
/// @dev The outbox of L2 is an append-only tree of depth 32: a node is the hash of its two children, an empty leaf zero,
/// and the leaf of a withdrawal the hash of L1 chain id, rollup, index, recipient and amount. Each checkpoint's header has
/// the root after it.
interface IOutbox {
    /// @notice A withdrawal was paid.
    /// @param number of the checkpoint it was proven by.
    event Withdrawn(uint256 indexed index, address indexed recipient, uint256 amountWei, uint256 number);

    /// @notice Thrown when a withdrawal is proven by a checkpoint that has not settled.
    error Outbox__NotSettled(uint256 number, uint256 settled);
    /// @notice Thrown when what is said of a settled checkpoint is not its log, or the ring has gone on: a later checkpoint
    /// has taken its word, and proves the same withdrawals.
    error Outbox__LogMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the index is none that a leaf can have.
    error Outbox__IndexOutOfRange(uint256 index, uint256 capacity);
    /// @notice Thrown when the siblings lead from this withdrawal to another root than the checkpoint's.
    error Outbox__ProofInvalid(uint256 index, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the withdrawal was paid before.
    error Outbox__AlreadyWithdrawn(uint256 index);
    /// @notice Thrown when more is withdrawn or refunded than was deposited and is still here.
    error Outbox__NotBridged(uint256 bridgedWei, uint256 amountWei);

    /// @notice Pays a withdrawal made on L2 to its recipient. Anybody may call.
    /// @dev Checked, in this order: the checkpoint is settled, and `root` is its log, so it must still be in the ring; the
    /// siblings lead from the withdrawal's leaf to its outbox root, which they never do while that is zero; it was not paid
    /// before; it is covered by what deposits brought, so that stakes, bonds, credits and the pool are never touched. Then
    /// the recipient is paid with all gas there is, as the last thing; if it refuses, the call reverts
    /// (`Bonds__PaymentRefused`), and can be made again at any time.
    /// @param root of any settled checkpoint after the withdrawal.
    /// @param siblings from the leaf's own up.
    function withdraw(
        SettledRoot calldata root,
        uint256 index,
        address recipient,
        uint256 amountWei,
        bytes32[32] calldata siblings
    ) external;

    /// @return whether the withdrawal with this index was paid.
    function isWithdrawn(uint256 index) external view returns (bool);

    /// @return ether deposited, and neither refunded nor withdrawn, wei.
    function bridgedWei() external view returns (uint256);
}
