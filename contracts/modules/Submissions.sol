// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {Bls} from "../libraries/Bls.sol";
import {CheckpointDigest} from "../libraries/CheckpointDigest.sol";
import {Landing} from "../libraries/Landing.sol";
import {Premium} from "../libraries/Premium.sol";
import {Quote} from "../libraries/Quote.sol";
import {Signing} from "../libraries/Signing.sol";
import {CheckpointHeader} from "../types/CheckpointHeader.sol";
import {Context} from "../types/Context.sol";
import {LogFacts, LogFactsLibrary} from "../types/LogFacts.sol";
import {Party, PartyLibrary} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips, TipsLibrary} from "../types/Tips.sol";
import {InboxCounts} from "./InboxCounts.sol";
import {Seeds} from "./Seeds.sol";
import {Sets} from "./Sets.sol";

/// @notice The path of a checkpoint onto L1.
abstract contract Submissions is Sets, Seeds, InboxCounts, ISubmissions {
    /// @inheritdoc ISubmissions
    function submit(Submission[] calldata submissions, address recipient, uint256 deadline) external {
        _submit(submissions, recipient, deadline);
    }

    /// @dev `submit`, with the block's facts taken from the hooks of `Base`.
    function _submit(Submission[] calldata submissions, address recipient, uint256 deadline) internal {
        uint256 time = _now();
        if (time > deadline) revert Rollup__DeadlinePassed(deadline, time);
        uint256 count = submissions.length;
        if (count == 0) revert Rollup__NothingSubmitted();

        Tips tips = _tips;
        uint256 previousSlot = tips.slot();
        uint256 firstBlob;
        uint256 i;
        while (uint160(uint256(_at(submissions, i).digest)) == tips.digest()) {
            unchecked {
                // An absurd blob count can only make the call miss its own blobs.
                firstBlob += submissions[i].blobCount;
                ++i;
            }
            if (i == count) revert Rollup__SlotAlreadySubmitted(submissions[0].header.slot, previousSlot);
        }

        uint256 currentSlot = _slotAt(time);
        // Read once the first checkpoint is known to be in time; a context word is never zero.
        Context context;
        bool bonded;
        do {
            Submission calldata submission = _at(submissions, i);
            if (submission.header.slot != currentSlot || currentSlot <= tips.slot()) {
                _requireLate(submission.header.slot, tips.slot(), currentSlot);
            }
            if (Context.unwrap(context) == 0) {
                context = _context;
                bonded = _bonds[msg.sender].isActive(BOND_WEI);
            }
            uint256 blobCount = _blobCount(submission);
            _requireAttested(submission, tips, context, blobCount, firstBlob);
            uint256 flags;
            if (!bonded) flags = _requireVerified(submission, context);
            unchecked {
                firstBlob += blobCount;
                ++i;
            }
            tips = _land(submission, tips, context, blobCount, flags, currentSlot, recipient, i != count);
        } while (i != count);
        _tips = tips;
        // The tip was of an earlier epoch than now: this may be the first landing of the epoch.
        if (_epochOf(previousSlot) != _epochOf(currentSlot)) _storeSeed(currentSlot);
    }

    /// @dev Called once per landed checkpoint, after its log is hashed; the simulator keeps what the event says.
    function _landed(LogFacts facts, Party submitter, Party recipient) internal virtual {}

    /// @dev For a slot that is not the current one, or has landed: reverts unless nothing has landed for it or a later
    /// one, and it is the one before the current one inside its handoff window. It is the header's slot against the
    /// block's time, and nothing else.
    function _requireLate(uint256 slot, uint256 lastSlot, uint256 currentSlot) private view {
        if (slot <= lastSlot) revert Rollup__SlotAlreadySubmitted(slot, lastSlot);
        uint256 secondsIntoSlot = _secondsIntoSlot(_now());
        unchecked {
            // A slot above the last one is at least 1, so the current one is too, or the difference is huge.
            if (slot != currentSlot - 1 || secondsIntoSlot >= HANDOFF_WINDOW_SECONDS) {
                revert Rollup__OutsideWindow(slot, currentSlot, secondsIntoSlot);
            }
        }
    }

    /// @dev Reverts unless more than two thirds of the set of the header's epoch are said to have signed exactly this:
    /// the digest this contract's own state and the transaction's blobs give, with the inbox count that is due.
    function _requireAttested(
        Submission calldata submission,
        Tips parent,
        Context context,
        uint256 blobCount,
        uint256 firstBlob
    ) private {
        uint256 slot = submission.header.slot;
        uint256 inboxCount = submission.header.inboxCount;
        bytes32 inboxHash;
        // Nothing to look at while the inbox is quiet: all there is was consumed by the parent.
        if ((inboxCount ^ parent.inboxCount()) | (inboxCount ^ context.inboxTotal()) != 0) {
            inboxHash = _consume(slot, inboxCount, parent.inboxCount(), context);
        }
        bytes32 digest = _digest(submission.header, parent, inboxHash, blobCount, firstBlob);
        if (digest != submission.digest) revert Rollup__DigestMismatch(digest, submission.digest);
        (uint256 members, uint256 count, ) = _setOf(context, _epochOf(slot));
        _requireQuorum(submission.signers, members, count);
    }

    /// @dev Reverts unless the aggregate signature is the signers'.
    /// @return the flag that says so.
    function _requireVerified(Submission calldata submission, Context context) private view returns (uint256) {
        uint256 slot = submission.header.slot;
        (uint256 members, , uint256 aggregateNonce) = _setOf(context, _epochOf(slot));
        bytes memory key = _signersKey(aggregateNonce, members & ~submission.signers);
        bytes32 message = Signing.attestationMessage(slot, submission.digest);
        if (!Bls.verify(submission.signature, key, message, Signing.SIGNATURE_TAG)) {
            revert Rollup__AttestationInvalid(slot, submission.digest);
        }
        return LogFactsLibrary.VERIFIED;
    }

    /// @dev Effects of one checkpoint that passed its checks.
    /// @param flags `VERIFIED` or none.
    /// @param followed whether another checkpoint lands in the same call after this one.
    /// @return the tips word after it, which the caller stores.
    function _land(
        Submission calldata submission,
        Tips parent,
        Context context,
        uint256 blobCount,
        uint256 flags,
        uint256 currentSlot,
        address recipient,
        bool followed
    ) private returns (Tips) {
        uint256 slot = submission.header.slot;
        uint256 number;
        unchecked {
            // Far below 2^32 each, and the settled number never above the tip's.
            number = parent.number() + 1;
            if (number - context.settledNumber() > RING_SIZE) {
                revert Rollup__RingFull(number - 1 - context.settledNumber(), RING_SIZE);
            }
        }
        uint256 charged;
        uint256 paid;
        if (slot != currentSlot && slot > context.refillSlot()) {
            uint256 premium;
            (premium, flags) = _lateTerms(flags);
            charged = _quote(GAS_QUOTA, blobCount, premium);
            paid = charged;
            if (followed) {
                // At cost: that its own checkpoint lands at all is the premium of whoever sends both.
                flags |= LogFactsLibrary.BATCHED;
                paid = _quote(GAS_QUOTA_BATCH, blobCount, 0);
            }
        } else if (_onTimeRecipient(submission.header) != 0) {
            // On time, a quote is owed only if the proposer named somebody to share with.
            flags |= LogFactsLibrary.SHARED;
            charged = _quote(GAS_QUOTA, blobCount, PREMIUM_BPS);
            paid = charged;
        }
        Party submitter = PartyLibrary.pack(msg.sender, charged);
        Party payee = PartyLibrary.pack(recipient, paid);

        uint256 inboxCount = submission.header.inboxCount;
        LogFacts facts = LogFactsLibrary.pack(number, slot, inboxCount, _now(), blobCount, flags);
        _setLogHash(number, Landing.record(number, submission, facts, parent, submitter, payee));
        _landed(facts, submitter, payee);
        return TipsLibrary.pack(slot, number, inboxCount, submission.digest);
    }

    /// @dev Digest of a checkpoint on `parent` with the transaction's blobs from `firstBlob` on.
    function _digest(
        CheckpointHeader calldata header,
        Tips parent,
        bytes32 inboxHash,
        uint256 blobCount,
        uint256 firstBlob
    ) private view returns (bytes32) {
        _requireAddresses(header);
        if (_onTimeCap(header) > BASIS) revert Rollup__OnTimeCapTooHigh(_onTimeCap(header), BASIS);
        unchecked {
            // None wraps to more than any maximum.
            if (blobCount - 1 >= MAX_BLOBS) revert Rollup__BlobCountOutOfRange(blobCount, MAX_BLOBS);
            uint256 preimage = CheckpointDigest.begin(header, parent.digest(), inboxHash, blobCount);
            for (uint256 i; i != blobCount; ++i) {
                bytes32 versionedHash = _blobHash(firstBlob + i);
                if (versionedHash == 0) revert Rollup__BlobMissing(firstBlob + i);
                CheckpointDigest.setBlob(preimage, i, versionedHash);
            }
            return CheckpointDigest.finish(preimage, blobCount);
        }
    }

    /// @return premium on the cost of landing late now; basis points.
    /// @return terms the flags with `LATE`, and `SUCCESSOR` while the credit is the successor's.
    function _lateTerms(uint256 flags) private view returns (uint256 premium, uint256 terms) {
        uint256 secondsIntoSlot = _secondsIntoSlot(_now());
        unchecked {
            // Steps and step are below 2^32.
            if (secondsIntoSlot < SUCCESSOR_WINDOW_SECONDS) {
                return (PREMIUM_BPS, flags | LogFactsLibrary.LATE | LogFactsLibrary.SUCCESSOR);
            }
            uint256 secondsLate = secondsIntoSlot - SUCCESSOR_WINDOW_SECONDS;
            premium = Premium.grown(secondsLate, L1_SLOT_SECONDS, PREMIUM_BPS, PREMIUM_STEP_BPS, PREMIUM_MAX_BPS);
            return (premium, flags | LogFactsLibrary.LATE);
        }
    }

    function _quote(uint256 gasQuota, uint256 blobCount, uint256 premium) private view returns (uint256) {
        return Quote.price(gasQuota, _baseFee(), TIP_WEI, blobCount, _blobBaseFee(), premium);
    }

    /// @dev A submission's blob count, which `_digest` finds to be in range before it counts.
    function _blobCount(Submission calldata submission) private pure returns (uint256 blobCount) {
        assembly ("memory-safe") {
            blobCount := calldataload(submission)
        }
    }

    /// @dev A header's `onTimeCapBps`, whole, so that comparing it to its bound is all it takes to read it.
    function _onTimeCap(CheckpointHeader calldata header) private pure returns (uint256 capBps) {
        assembly ("memory-safe") {
            capBps := calldataload(add(header, 0xe0))
        }
    }

    /// @dev A header's `onTimeRecipient`, whole; `_digest` finds it to be an address, or zero.
    function _onTimeRecipient(CheckpointHeader calldata header) private pure returns (uint256 recipient) {
        assembly ("memory-safe") {
            recipient := calldataload(add(header, 0xc0))
        }
    }

    /// @dev Reverts without a word, as the decoder would, unless both addresses of a header are addresses.
    function _requireAddresses(CheckpointHeader calldata header) private pure {
        assembly ("memory-safe") {
            if shr(160, or(calldataload(add(header, 0xa0)), calldataload(add(header, 0xc0)))) {
                revert(0, 0)
            }
        }
    }

    /// @dev Element of an array whose length the caller has seen to be greater than `index`.
    function _at(
        Submission[] calldata submissions,
        uint256 index
    ) private pure returns (Submission calldata submission) {
        assembly ("memory-safe") {
            // Fourteen words each.
            submission := add(submissions.offset, mul(index, 0x1c0))
        }
    }
}
