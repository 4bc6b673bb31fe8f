// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointLog} from "../types/CheckpointLog.sol";

/// @title Proving checkpoints, where a verifier is set, and removing those that nobody proves.
interface IProofs {
    /// @notice Checkpoints `first` to `last` are proven; `prover` has the prover's share of their rewards.
    event CheckpointsProven(uint256 indexed first, uint256 indexed last, address indexed prover);
    /// @notice Checkpoints `first` to `last`, of slots `firstSlot` to `lastSlot`, were not proven in time and are gone; the
    /// parent of the first is the tip again.
    event CheckpointsPruned(
        uint256 indexed first,
        uint256 indexed last,
        uint256 firstSlot,
        uint256 lastSlot,
        address pruner
    );

    /// @notice Thrown when the rollup has no verifier.
    error Proofs__NoVerifier();
    /// @notice Thrown when the log is not that of the first checkpoint that is not proven, or the last comes before the
    /// first.
    error Proofs__OutOfOrder(uint256 expected, uint256 actual);
    /// @notice Thrown when a log is not the one that landed under its number, or there is no such number (zero).
    error Proofs__LogMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when the verifier does not accept the proof.
    error Proofs__Invalid(uint256 first, uint256 last);
    /// @notice Thrown when the checkpoint may still be proven: it can be removed from slot `fromSlot` on.
    error Proofs__WindowOpen(uint256 number, uint256 fromSlot, uint256 currentSlot);

    /// @notice Proves checkpoints `first` to `last`.
    /// @dev Checks that `first` is the first that is not proven, that both landed, and that the verifier accepts the
    /// proof for the digests they have. Does not check attestations: a proven checkpoint can be challenged like any other,
    /// and one that goes must be proven again. Costs a storage word for each checkpoint. Effects: the proven tip moves, and
    /// `prover` is noted for the prover's share of each reward.
    /// @param prover credited when the checkpoints settle; the proof must be made for it.
    function prove(
        CheckpointLog calldata first,
        CheckpointLog calldata last,
        address prover,
        bytes calldata proof
    ) external;

    /// @notice Removes all checkpoints from `firstUnproven` on, if its proof window is over: the window lasts until
    /// `proofWindowEpochs` whole epochs have passed after its own. Anybody may.
    /// @dev Until somebody does, it can still be proven. Effects: the tips word becomes the one that the first was built
    /// on, so its messages are to be consumed again; a removed slot that can still land counts as on time. No bond
    /// is slashed.
    function prune(CheckpointLog calldata firstUnproven) external;
}
