// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {Bls} from "../libraries/Bls.sol";
import {CheckpointDigest} from "../libraries/CheckpointDigest.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {Quote} from "../libraries/Quote.sol";
import {Signing} from "../libraries/Signing.sol";
import {Context} from "../types/Context.sol";
import {LogFacts, LogFactsLibrary} from "../types/LogFacts.sol";
import {Party, PartyLibrary} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips, TipsLibrary} from "../types/Tips.sol";
import {Inbox} from "./Inbox.sol";
import {Sets} from "./Sets.sol";

/// @notice The path of a checkpoint onto L1.
abstract contract Submissions is Sets, Inbox, ISubmissions {
    uint256 private constant BASIS = 10_000;

    /// @dev What one landing needs to know of its call.
    struct Call {
        uint256 time;
        address recipient;
        /// Index of the transaction's first blob that no submission has counted yet.
        uint256 firstBlob;
    }

    /// @inheritdoc ISubmissions
    function submit(Submission[] calldata submissions, address recipient, uint64 deadline) external {
        _submit(submissions, recipient, deadline);
    }

    /// @inheritdoc ISubmissions
    function poke() external {
        _storeSeed(_slotAt(_now()));
    }

    /// @dev `submit`, with the block's facts taken from the hooks of `Base`.
    function _submit(Submission[] calldata submissions, address recipient, uint256 deadline) internal {
        Call memory call = Call({time: _now(), recipient: recipient, firstBlob: 0});
        if (call.time > deadline) revert Rollup__DeadlinePassed(deadline, call.time);
        uint256 count = submissions.length;
        if (count == 0) revert Rollup__NothingSubmitted();

        Tips tips = _tips;
        uint256 first;
        while (_isTip(submissions[first], tips)) {
            call.firstBlob += submissions[first].blobCount;
            if (++first == count) revert Rollup__SlotAlreadySubmitted(submissions[0].header.slot, tips.slot());
        }

        uint256 currentSlot = _slotAt(call.time);
        uint256 previousSlot = tips.slot();
        for (uint256 i = first; i < count; ++i) {
            tips = _land(submissions[i], tips, call, currentSlot, i + 1 < count);
        }
        _tips = tips;
        // The tip is of an earlier epoch than now: this may be the first landing of the epoch.
        if (_epochOf(previousSlot) < _epochOf(currentSlot)) _storeSeed(currentSlot);
    }

    /// @dev Called once per landed checkpoint, after its log is hashed; the simulator keeps what the event says.
    function _landed(LogFacts facts, Party submitter, Party recipient) internal virtual {}

    /// @dev One checkpoint: checks, effects, event. See `ISubmissions.submit` for the order and its reasons.
    /// @param followed whether another checkpoint lands in the same call after this one.
    /// @return the tips word after it, which the caller stores.
    function _land(
        Submission calldata submission,
        Tips parent,
        Call memory call,
        uint256 currentSlot,
        bool followed
    ) private returns (Tips) {
        uint256 slot = submission.header.slot;
        if (slot <= parent.slot()) revert Rollup__SlotAlreadySubmitted(slot, parent.slot());
        bool late = _isLate(slot, currentSlot, call.time);

        Context context = _context;
        bytes32 inboxHash = _consume(slot, submission.header.inboxCount, parent.inboxCount(), context.inboxTotal());
        _requireDigest(submission, parent, inboxHash, call);
        uint256 flags = _requireAttested(submission, context, slot);

        uint256 number = parent.number() + 1;
        if (number - context.settledNumber() > RING_SIZE) {
            revert Rollup__RingFull(number - 1 - context.settledNumber(), RING_SIZE);
        }
        Party submitter;
        Party recipient;
        if (late && slot > context.refillSlot()) {
            (flags, submitter, recipient) = _quoteLate(submission, call, slot, flags, followed);
        } else {
            (submitter, recipient) = _quoteOnTime(submission, call);
        }

        uint256 inboxCount = submission.header.inboxCount;
        LogFacts facts = LogFactsLibrary.pack(
            number,
            slot,
            inboxCount,
            call.time,
            submission.blobCount,
            flags,
            REWARD_WEI
        );
        _ring[number % RING_SIZE] = LogHash.ofSubmission(submission, facts, parent, submitter, recipient);
        emit CheckpointSubmitted(number, slot, submission, facts, parent, submitter, recipient);
        _landed(facts, submitter, recipient);
        return TipsLibrary.pack(slot, number, inboxCount, submission.digest);
    }

    /// @dev Whether a submission has landed already, as the tip.
    function _isTip(Submission calldata submission, Tips tips) private pure returns (bool) {
        return uint160(uint256(submission.digest)) == tips.digest() && submission.header.slot == tips.slot();
    }

    /// @dev Reverts outside the window. Late or on time is a matter of the header's slot against the block's time only.
    function _isLate(uint256 slot, uint256 currentSlot, uint256 time) private view returns (bool) {
        if (slot == currentSlot) return false;
        uint256 secondsIntoSlot = time - _startOf(currentSlot);
        if (slot + 1 != currentSlot || secondsIntoSlot >= HANDOFF_WINDOW_SECONDS) {
            revert Rollup__OutsideWindow(slot, currentSlot, secondsIntoSlot);
        }
        return true;
    }

    /// @dev Recomputes the digest from this contract's own state and the transaction's blobs.
    function _requireDigest(
        Submission calldata submission,
        Tips parent,
        bytes32 inboxHash,
        Call memory call
    ) private view {
        uint256 blobCount = submission.blobCount;
        if (blobCount == 0 || blobCount > MAX_BLOBS) revert Rollup__BlobCountOutOfRange(blobCount, MAX_BLOBS);
        if (submission.header.onTimeCapBps > BASIS) {
            revert Rollup__OnTimeCapTooHigh(submission.header.onTimeCapBps, BASIS);
        }
        uint256 firstBlob = call.firstBlob;
        uint256 preimage = CheckpointDigest.begin(submission.header, parent.digest(), inboxHash, blobCount);
        for (uint256 i; i < blobCount; ++i) {
            bytes32 versionedHash = _blobHash(firstBlob + i);
            if (versionedHash == 0) revert Rollup__BlobMissing(firstBlob + i);
            CheckpointDigest.setBlob(preimage, i, versionedHash);
        }
        bytes32 digest = CheckpointDigest.finish(preimage, blobCount);
        if (digest != submission.digest) revert Rollup__DigestMismatch(digest, submission.digest);
        call.firstBlob = firstBlob + blobCount;
    }

    /// @dev Quorum by the set of the header's epoch; the signature only of a sender without a bond.
    /// @return flags `VERIFIED` if the signature was verified, else none.
    function _requireAttested(
        Submission calldata submission,
        Context context,
        uint256 slot
    ) private view returns (uint256 flags) {
        (uint256 members, uint256 count, uint256 aggregateNonce) = _setOf(context, _epochOf(slot));
        _requireQuorum(submission.signers, members, count);
        if (_bonds[msg.sender].isActive(BOND_WEI)) return 0;

        bytes memory key = _signersKey(aggregateNonce, members & ~submission.signers);
        bytes32 message = Signing.attestationMessage(slot, submission.digest);
        if (!Bls.verify(submission.signature, key, message, Signing.SIGNATURE_TAG)) {
            revert Rollup__AttestationInvalid(slot, submission.digest);
        }
        return LogFactsLibrary.VERIFIED;
    }

    /// @dev What the landing is charged at and paid at: the same alone, less in one call with the next checkpoint.
    function _quoteLate(
        Submission calldata submission,
        Call memory call,
        uint256 slot,
        uint256 flags,
        bool followed
    ) private view returns (uint256, Party submitter, Party recipient) {
        uint256 secondsIntoSlot = call.time - _startOf(slot + 1);
        uint256 premium = PREMIUM_BPS;
        flags |= LogFactsLibrary.LATE;
        if (secondsIntoSlot < SUCCESSOR_WINDOW_SECONDS) {
            flags |= LogFactsLibrary.SUCCESSOR;
        } else {
            uint256 steps = (secondsIntoSlot - SUCCESSOR_WINDOW_SECONDS) / L1_SLOT_SECONDS + 1;
            premium += steps * PREMIUM_STEP_BPS;
            if (premium > PREMIUM_MAX_BPS) premium = PREMIUM_MAX_BPS;
        }
        uint256 charged = _quote(GAS_QUOTA, submission.blobCount, premium);
        uint256 paid = charged;
        if (followed) {
            flags |= LogFactsLibrary.BATCHED;
            paid = _quote(GAS_QUOTA_BATCH, submission.blobCount, premium);
        }
        return (flags, PartyLibrary.pack(msg.sender, charged), PartyLibrary.pack(call.recipient, paid));
    }

    /// @dev On time a quote is owed only if the proposer named somebody to share with.
    function _quoteOnTime(
        Submission calldata submission,
        Call memory call
    ) private view returns (Party submitter, Party recipient) {
        uint256 quote;
        if (submission.header.onTimeRecipient != address(0)) {
            quote = _quote(GAS_QUOTA, submission.blobCount, PREMIUM_BPS);
        }
        return (PartyLibrary.pack(msg.sender, quote), PartyLibrary.pack(call.recipient, quote));
    }

    function _quote(uint256 gasQuota, uint256 blobCount, uint256 premium) private view returns (uint256) {
        return Quote.price(gasQuota, _baseFee(), TIP_WEI, blobCount, _blobBaseFee(), premium);
    }

    /// @dev Fixes the seed of the next epoch, once: it mixes this block's randomness, known only after the set of that
    /// epoch is final, so joining cannot grind it.
    function _storeSeed(uint256 currentSlot) private {
        uint256 next = _epochOf(currentSlot) + 1;
        if (_seeds[next] != 0) return;
        bytes32 seed = keccak256(abi.encode(block.prevrandao, next));
        _seeds[next] = seed;
        emit SeedStored(next, seed);
    }

    function _slotAt(uint256 time) private view returns (uint256) {
        if (time < GENESIS_TIME) revert Rollup__BeforeGenesis(GENESIS_TIME, time);
        unchecked {
            // The constructor refuses a slot of no seconds.
            return (time - GENESIS_TIME) / SLOT_SECONDS;
        }
    }
}
