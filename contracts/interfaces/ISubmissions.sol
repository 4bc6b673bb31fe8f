// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointHeader} from "../types/CheckpointHeader.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Party} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips} from "../types/Tips.sol";

/// @title Landing checkpoints on L1.
interface ISubmissions {
    /// @notice A checkpoint landed. This is all that settling, challenging, curing and proving it will ever need.
    /// @param number of the checkpoint; its slot is in the header, its blob count among the facts.
    /// @param facts number, slot, inbox count, time, blob count and flags, packed as `LogFacts`.
    /// @param header as it was sent, and so the attested `digest`, the `signers` and their aggregate `signature`.
    /// @param parent the tips word it was built on.
    /// @param submitter the sender, and the quote (wei) above it: `Party`.
    /// @param recipient who is to be paid, and the quote to be paid (wei) above it: `Party`.
    event CheckpointSubmitted(
        uint256 indexed number,
        LogFacts facts,
        CheckpointHeader header,
        bytes32 digest,
        uint256 signers,
        bytes32[3] signature,
        Tips parent,
        Party submitter,
        Party recipient
    );

    /// @notice Thrown when the call is mined after the time its sender gave it.
    error Rollup__DeadlinePassed(uint256 deadline, uint256 time);
    /// @notice Thrown when a call carries no submission.
    error Rollup__NothingSubmitted();
    /// @notice Thrown when a checkpoint for this slot, or a later one, has landed already.
    error Rollup__SlotAlreadySubmitted(uint256 slot, uint256 lastSubmittedSlot);
    /// @notice Thrown when the slot is neither the current one nor the one before inside its handoff window.
    /// @param slot of the header, `currentSlot` of the block, and the seconds that have passed in it.
    error Rollup__OutsideWindow(uint256 slot, uint256 currentSlot, uint256 secondsIntoSlot);
    /// @notice Thrown before the first slot has begun.
    error Rollup__BeforeGenesis(uint256 genesisTime, uint256 time);
    /// @notice Thrown when a submission names no blob, or more than a checkpoint may have.
    error Rollup__BlobCountOutOfRange(uint256 blobCount, uint256 maxBlobs);
    /// @notice Thrown when the transaction carries no blob at an index the submission counts on.
    error Rollup__BlobMissing(uint256 index);
    /// @notice Thrown when the attested digest is not the one this chain's state gives: wrong blobs, parent, inbox,
    /// header, chain or rollup, or an L1 reorg in between.
    error Rollup__DigestMismatch(bytes32 expected, bytes32 actual);
    /// @notice Thrown when the on-time share is bounded by more than the whole reward.
    error Rollup__OnTimeCapTooHigh(uint256 capBps, uint256 maxBps);
    /// @notice Thrown when `signers` has bits that are not members of the epoch's set.
    error Rollup__SignersOutsideSet(uint256 signers, uint256 members);
    /// @notice Thrown when no more than two thirds of the epoch's set signed.
    error Rollup__QuorumNotReached(uint256 signed, uint256 setSize);
    /// @notice Thrown, for a sender without a bond, when the aggregate signature is not the signers'.
    error Rollup__AttestationInvalid(uint256 slot, bytes32 digest);
    /// @notice Thrown when landing would overwrite the log of an unsettled checkpoint; settle first.
    error Rollup__RingFull(uint256 unsettled, uint256 ringSize);

    /// @notice Lands one or more checkpoints, in order; all or none.
    /// @dev Checks, in this order: the deadline, before any storage is read; per submission: (1) no checkpoint for the
    /// slot or a later one has landed; (2) the slot is the current one, or the one before and fewer than
    /// `handoffWindowSeconds` of the current one have passed; (3) the digest equals the one recomputed from the tip's
    /// digest, the header, the transaction's blobs and, if messages are consumed, the inbox; (4) the inbox count is
    /// exactly what is due; (5) only members of the set of the header's epoch signed, and more than two thirds of it;
    /// (6) the sender has an active bond, or the aggregate signature verifies; and the ring has room.
    ///
    /// Does not check: who proposed; the blobs' content, the L2 state or the block hash in the header, which the quorum
    /// answers for; and, for a bonded sender, the signature, which the bond answers for (see `IChallenges`).
    ///
    /// A slot emptied by a rollback that lands again, inside its window, counts as on time.
    ///
    /// In a call of several, leading submissions that are the tip already are skipped, and pass over their blobs, so
    /// that a checkpoint sent together with its parent lands even if the parent landed first.
    ///
    /// Effects: writes the tips word once and one ring word per checkpoint; the first landing of an epoch stores the
    /// proposer seed of the next. Emits `CheckpointSubmitted` per checkpoint.
    /// @param submissions checkpoints with consecutive numbers, parents first; their blobs follow each other from
    /// index 0.
    /// @param recipient to be paid for a late landing.
    /// @param deadline last second, as a block timestamp, at which the call may be mined.
    function submit(Submission[] calldata submissions, address recipient, uint256 deadline) external;
}
