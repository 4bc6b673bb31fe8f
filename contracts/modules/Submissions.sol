// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {Bls} from "../libraries/Bls.sol";
import {CheckpointDigest} from "../libraries/CheckpointDigest.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {Quote} from "../libraries/Quote.sol";
import {Signing} from "../libraries/Signing.sol";
import {SubmittedEvent} from "../libraries/SubmittedEvent.sol";
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

    /// @inheritdoc ISubmissions
    function submit(Submission[] calldata submissions, address recipient, uint256 deadline) external {
        _submit(submissions, recipient, deadline);
    }

    /// @inheritdoc ISubmissions
    function poke() external {
        _storeSeed(_slotAt(_now()));
    }

    /// @dev `submit`, with the block's facts taken from the hooks of `Base`.
    function _submit(Submission[] calldata submissions, address recipient, uint256 deadline) internal {
        uint256 time = _now();
        if (time > deadline) revert Rollup__DeadlinePassed(deadline, time);
        uint256 count = submissions.length;
        if (count == 0) revert Rollup__NothingSubmitted();

        Tips tips = _tips;
        uint256 previousSlot = tips.slot();
        uint256 i;
        uint256 firstBlob;
        while (uint160(uint256(submissions[i].digest)) == tips.digest()) {
            // An absurd blob count can only make the call miss its own blobs.
            unchecked {
                firstBlob += submissions[i].blobCount;
                ++i;
            }
            if (i == count) revert Rollup__SlotAlreadySubmitted(submissions[0].header.slot, previousSlot);
        }

        uint256 currentSlot = _slotAt(time);
        do {
            Submission calldata submission = submissions[i];
            unchecked {
                ++i;
                tips = _land(submission, tips, firstBlob, recipient, currentSlot, i != count);
                firstBlob += submission.blobCount;
            }
        } while (i != count);
        _tips = tips;
        // The tip was of an earlier epoch than now: this may be the first landing of the epoch.
        if (_epochOf(previousSlot) != _epochOf(currentSlot)) _storeSeed(currentSlot);
    }

    /// @dev Called once per landed checkpoint, after its log is hashed; the simulator keeps what the event says.
    function _landed(LogFacts facts, Party submitter, Party recipient) internal virtual {}

    /// @dev One checkpoint: checks, effects, event. See `ISubmissions.submit` for the order and its reasons.
    /// @param firstBlob index of its first blob in the transaction.
    /// @param followed whether another checkpoint lands in the same call after this one.
    /// @return the tips word after it, which the caller stores.
    function _land(
        Submission calldata submission,
        Tips parent,
        uint256 firstBlob,
        address recipient,
        uint256 currentSlot,
        bool followed
    ) private returns (Tips) {
        uint256 slot = submission.header.slot;
        if (slot <= parent.slot()) revert Rollup__SlotAlreadySubmitted(slot, parent.slot());
        if (slot != currentSlot) _requireLate(slot, currentSlot);

        Context context = _context;
        uint256 inboxCount = submission.header.inboxCount;
        bytes32 inboxHash = _consume(slot, inboxCount, parent.inboxCount(), context.inboxTotal());
        _requireDigest(submission, parent, inboxHash, firstBlob);
        uint256 flags = _requireAttested(submission, context, slot);

        uint256 number;
        unchecked {
            // Far below 2^32 each, and the settled number never above the tip's.
            number = parent.number() + 1;
            if (number - context.settledNumber() > RING_SIZE) {
                revert Rollup__RingFull(number - 1 - context.settledNumber(), RING_SIZE);
            }
        }
        Party submitter;
        Party payee;
        if (slot != currentSlot && slot > context.refillSlot()) {
            (flags, submitter, payee) = _quoteLate(submission.blobCount, recipient, slot, flags, followed);
        } else {
            (submitter, payee) = _quoteOnTime(submission, recipient);
        }

        LogFacts facts = LogFactsLibrary.pack(
            number,
            slot,
            inboxCount,
            _now(),
            submission.blobCount,
            flags,
            REWARD_WEI
        );
        _ring[_position(number)] = LogHash.ofSubmission(submission, facts, parent, submitter, payee);
        SubmittedEvent.emitted(number, slot, submission, facts, parent, submitter, payee);
        _landed(facts, submitter, payee);
        return TipsLibrary.pack(slot, number, inboxCount, submission.digest);
    }

    /// @dev Reverts unless the slot is the one before the current one, inside its handoff window. Late or on time is a
    /// matter of the header's slot against the block's time only.
    function _requireLate(uint256 slot, uint256 currentSlot) private view {
        uint256 secondsIntoSlot = _now() - _startOf(currentSlot);
        if (slot + 1 != currentSlot || secondsIntoSlot >= HANDOFF_WINDOW_SECONDS) {
            revert Rollup__OutsideWindow(slot, currentSlot, secondsIntoSlot);
        }
    }

    /// @dev Recomputes the digest from this contract's own state and the transaction's blobs.
    function _requireDigest(
        Submission calldata submission,
        Tips parent,
        bytes32 inboxHash,
        uint256 firstBlob
    ) private view {
        uint256 blobCount = submission.blobCount;
        if (blobCount == 0 || blobCount > MAX_BLOBS) revert Rollup__BlobCountOutOfRange(blobCount, MAX_BLOBS);
        if (submission.header.onTimeCapBps > BASIS) {
            revert Rollup__OnTimeCapTooHigh(submission.header.onTimeCapBps, BASIS);
        }
        uint256 preimage = CheckpointDigest.begin(submission.header, parent.digest(), inboxHash, blobCount);
        for (uint256 i; i < blobCount; ) {
            bytes32 versionedHash = _blobHash(firstBlob + i);
            if (versionedHash == 0) revert Rollup__BlobMissing(firstBlob + i);
            CheckpointDigest.setBlob(preimage, i, versionedHash);
            unchecked {
                ++i;
            }
        }
        bytes32 digest = CheckpointDigest.finish(preimage, blobCount);
        if (digest != submission.digest) revert Rollup__DigestMismatch(digest, submission.digest);
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

    /// @dev What a late landing is charged at and paid at: the same alone, less in one call with the next checkpoint.
    /// @param slot the one before the block's, inside its window.
    function _quoteLate(
        uint256 blobCount,
        address recipient,
        uint256 slot,
        uint256 flags,
        bool followed
    ) private view returns (uint256, Party submitter, Party payee) {
        (uint256 premium, uint256 successor) = _premium(slot);
        uint256 gasPrice = Quote.gasPrice(_baseFee(), TIP_WEI);
        uint256 blobs = Quote.blobs(blobCount, _blobBaseFee());
        uint256 charged = Quote.price(GAS_QUOTA, gasPrice, blobs, premium);
        flags |= LogFactsLibrary.LATE | successor;
        submitter = PartyLibrary.pack(msg.sender, charged);
        if (!followed) return (flags, submitter, PartyLibrary.pack(recipient, charged));
        uint256 paid = Quote.price(GAS_QUOTA_BATCH, gasPrice, blobs, premium);
        return (flags | LogFactsLibrary.BATCHED, submitter, PartyLibrary.pack(recipient, paid));
    }

    /// @return premium on the cost of landing `slot` now, late; basis points.
    /// @return flag `SUCCESSOR` while the credit is the successor's.
    function _premium(uint256 slot) private view returns (uint256 premium, uint256 flag) {
        unchecked {
            // The slot after this one has begun, less than a handoff window ago; steps and step are below 2^32.
            uint256 secondsIntoSlot = _now() - _startOf(slot + 1);
            if (secondsIntoSlot < SUCCESSOR_WINDOW_SECONDS) return (PREMIUM_BPS, LogFactsLibrary.SUCCESSOR);
            uint256 steps = _quotient(secondsIntoSlot - SUCCESSOR_WINDOW_SECONDS, L1_SLOT_SECONDS) + 1;
            premium = PREMIUM_BPS + steps * PREMIUM_STEP_BPS;
            return (premium < PREMIUM_MAX_BPS ? premium : PREMIUM_MAX_BPS, 0);
        }
    }

    /// @dev On time a quote is owed only if the proposer named somebody to share with.
    function _quoteOnTime(
        Submission calldata submission,
        address recipient
    ) private view returns (Party submitter, Party payee) {
        uint256 quote;
        if (submission.header.onTimeRecipient != address(0)) {
            uint256 gasPrice = Quote.gasPrice(_baseFee(), TIP_WEI);
            quote = Quote.price(GAS_QUOTA, gasPrice, Quote.blobs(submission.blobCount, _blobBaseFee()), PREMIUM_BPS);
        }
        return (PartyLibrary.pack(msg.sender, quote), PartyLibrary.pack(recipient, quote));
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
            return _quotient(time - GENESIS_TIME, SLOT_SECONDS);
        }
    }
}
