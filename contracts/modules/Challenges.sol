// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IBonds} from "../interfaces/IBonds.sol";
import {IChallenges} from "../interfaces/IChallenges.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Bls} from "../libraries/Bls.sol";
import {LogHash} from "../libraries/LogHash.sol";
import {Signing} from "../libraries/Signing.sol";
import {BondLibrary} from "../types/Bond.sol";
import {Attestation, CheckpointLog} from "../types/CheckpointLog.sol";
import {Context} from "../types/Context.sol";
import {Credits} from "./Credits.sol";
import {Sets} from "./Sets.sol";

/// @notice Removing or repairing checkpoints that landed with a bad signature.
abstract contract Challenges is Sets, Credits, IChallenges {
    /// @inheritdoc IChallenges
    function challenge(CheckpointLog[] calldata logs) external {
        _challenge(logs, false);
    }

    /// @inheritdoc IChallenges
    function cure(CheckpointLog calldata landed, Attestation calldata good) external {
        CheckpointLog memory log = landed;
        uint256 number = log.facts.number();
        if (number > _tips.number()) return;
        _requireProvenInvalid(log);

        (uint256 members, uint256 count, uint256 nonce) = _setOf(_context, _epochOf(log.facts.slot()));
        bool quorum = good.signers & ~members == 0 && _isQuorum(Bitmap.count(good.signers), count);
        if (!quorum || !_verifies(log, good, members, nonce)) revert Challenges__CureInvalid(number);

        log.facts = log.facts.asVerified();
        log.details.signers = good.signers;
        log.details.signature = good.signature;
        _setLogHash(number, LogHash.ofLog(log));
        emit CheckpointCured(number, log.facts.slot(), log.details.digest, good, msg.sender);
        _slash(log.details.submitter.account(), msg.sender);
    }

    /// @param replaced whether what shall stand in their place has landed: then a log that is not there was removed.
    function _challenge(CheckpointLog[] calldata logs, bool replaced) internal {
        for (uint256 i; i < logs.length; ++i) _remove(logs[i], replaced);
    }

    /// @dev Removes the tip, or does nothing if somebody has done so.
    function _remove(CheckpointLog memory log, bool replaced) private {
        uint256 number = log.facts.number();
        uint256 tip = _tips.number();
        if (number > tip) return;
        if (replaced && LogHash.ofLog(log) != _logHash(number)) return;
        if (number < tip) revert Challenges__NotTip(number, tip);
        _requireProvenInvalid(log);

        Context context = _context;
        uint256 slot = log.facts.slot();
        // The parent's word is part of the log that was hashed when this checkpoint landed on it.
        _tips = log.details.parent;
        if (slot > context.refillSlot()) context = context.withRefillSlot(slot);
        if (number <= context.provenNumber()) context = context.withProven(number - 1);
        _context = context;
        emit CheckpointRemoved(number, slot, log.details.digest, msg.sender);
        _slash(log.details.submitter.account(), msg.sender);
    }

    /// @dev Reverts unless the log landed, can still be challenged, and its signature is proven invalid.
    function _requireProvenInvalid(CheckpointLog memory log) private view {
        Context context = _context;
        uint256 number = log.facts.number();
        if (number <= context.settledNumber()) revert Challenges__AlreadySettled(number, context.settledNumber());
        bytes32 landed = _logHash(number);
        bytes32 given = LogHash.ofLog(log);
        if (given != landed) revert Challenges__LogMismatch(number, landed, given);
        if (log.facts.isVerified()) revert Challenges__AlreadyVerified(number);
        uint256 until = log.facts.time() + _challengeWindowSeconds();
        if (_now() >= until) revert Challenges__WindowOver(number, until, _now());

        uint256 slot = log.facts.slot();
        (uint256 members, , uint256 nonce) = _setOf(context, _epochOf(slot));
        bytes memory key = _signersKey(nonce, members & ~log.details.signers);
        bytes32 message = Signing.attestationMessage(slot, log.details.digest);
        if (!Bls.isProvenInvalid(log.details.signature, key, message, Signing.SIGNATURE_TAG)) {
            revert Challenges__AttestationValid(number);
        }
    }

    function _verifies(
        CheckpointLog memory log,
        Attestation calldata attestation,
        uint256 members,
        uint256 nonce
    ) private view returns (bool) {
        bytes memory key = _signersKey(nonce, members & ~attestation.signers);
        bytes32 message = Signing.attestationMessage(log.facts.slot(), log.details.digest);
        return Bls.verify(attestation.signature, key, message, Signing.SIGNATURE_TAG);
    }

    /// @dev Takes a submitter's whole bond: half is burned, half credited to the informer.
    function _slash(address submitter, address informer) private {
        uint256 amountWei = _bonds[submitter].amountWei();
        _bonds[submitter] = BondLibrary.pack(0, 0);
        uint256 creditedWei = amountWei / 2;
        _credit(informer, creditedWei);
        emit IBonds.BondSlashed(submitter, informer, amountWei - creditedWei, creditedWei);
    }
}
