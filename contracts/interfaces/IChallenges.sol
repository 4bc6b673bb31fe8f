// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Attestation, CheckpointLog} from "../types/CheckpointLog.sol";
import {Submission} from "../types/Submission.sol";

/// @title Holding optimistic submitters to their word.
/// @dev A signature is invalid when the pairing returned 0, or failed although a known-valid input with the same
/// explicit gas succeeded. Anything else reverts and convicts nobody. In both functions the submitter's whole bond is
/// slashed, half of it burned and half credited to the caller; a bond already gone slashes nothing, and the checkpoint
/// is judged all the same.
interface IChallenges {
    /// @notice A checkpoint was removed; its parent is the tip again.
    event CheckpointRemoved(uint256 indexed number, uint256 indexed slot, bytes32 digest, address challenger);
    /// @notice A checkpoint's bad attestation was replaced by a good one; its log is verified from now on.
    event CheckpointCured(
        uint256 indexed number,
        uint256 indexed slot,
        bytes32 digest,
        Attestation attestation,
        address curer
    );

    /// @notice Thrown when a log is not the one that landed under its number.
    error Challenges__LogMismatch(uint256 number, bytes32 expected, bytes32 actual);
    /// @notice Thrown when a checkpoint above this one has not been removed first.
    error Challenges__NotTip(uint256 number, uint256 tip);
    /// @notice Thrown when the checkpoint is settled.
    error Challenges__AlreadySettled(uint256 number, uint256 settled);
    /// @notice Thrown when the checkpoint was verified: there is nothing to challenge.
    error Challenges__AlreadyVerified(uint256 number);
    /// @notice Thrown when the challenge window is over.
    error Challenges__WindowOver(uint256 number, uint256 until, uint256 time);
    /// @notice Thrown when the accused signature is good.
    error Challenges__AttestationValid(uint256 number);
    /// @notice Thrown when the attestation offered as a cure is not one of more than two thirds, or does not verify.
    error Challenges__CureInvalid(uint256 number);

    /// @notice Removes checkpoints whose signature is proven bad, the tip first.
    /// @dev Per entry: a number above the tip is a no-op, because somebody removed it first; otherwise checks that it
    /// is unsettled, the tip, the log that landed, unverified, inside its challenge window, and that its signature is
    /// proven invalid under the set of its own epoch. Effects: the tips word becomes the parent's; the submitter is
    /// slashed. Only the tip can go: a quorum on a descendant signed its parent's digest and vouches for it.
    /// @param logs of the accused, in descending order of number.
    function challenge(CheckpointLog[] calldata logs) external;

    /// @notice `challenge`, then `submit`: replaces a bad checkpoint in one transaction, whoever removed it first.
    /// @dev What somebody else did first is passed over: a bad checkpoint that is gone, and a right one that has landed in
    /// its place; when nothing is left to do, nothing is done. So copying this call, whole or in part, cannot make it
    /// revert. A right one has landed if it is the tip, or the tip is of a later slot and a rollback has emptied its own.
    /// Until then, a log that is not the one under its number is refused.
    function challengeAndSubmit(
        CheckpointLog[] calldata logs,
        Submission[] calldata submissions,
        address recipient,
        uint256 deadline
    ) external;

    /// @notice Proves a landed signature bad and supplies a good one for the same digest; the checkpoint stays and is
    /// verified. Works on any unsettled checkpoint, under the same conditions as `challenge`.
    function cure(CheckpointLog calldata landed, Attestation calldata good) external;
}
