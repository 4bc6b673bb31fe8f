// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IValidators} from "../interfaces/IValidators.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Bls} from "../libraries/Bls.sol";
import {KeyCode} from "../libraries/KeyCode.sol";
import {Context} from "../types/Context.sol";
import {SetVersion} from "../types/SetVersion.sol";
import {Validator} from "../types/Validator.sol";
import {Sets} from "./Sets.sol";

/// @notice Changing the validator sets' versions and keys.
abstract contract Membership is Sets {
    /// @dev Stores a validator under a free index.
    /// @return the aggregate with its key added.
    function _admit(
        uint256 index,
        address owner,
        bytes32[8] memory publicKey,
        uint256 fromEpoch,
        bytes memory aggregate
    ) internal returns (bytes memory) {
        bytes memory key = abi.encodePacked(publicKey);
        bytes32 keyHash = keccak256(key);
        if (Bls.isInfinity(key)) revert Bls.Bls__KeyIsInfinity();
        if (_usedKeys[keyHash]) revert IValidators.Validators__KeyAlreadyUsed(keyHash);

        _usedKeys[keyHash] = true;
        _validators[index] = Validator({owner: owner, fromEpoch: uint32(fromEpoch), untilEpoch: 0, slashed: false});
        _keyNonces[index] = _storeKey(abi.encodePacked(Bls.negateKey(publicKey)));
        emit IValidators.ValidatorJoined(index, owner, fromEpoch, publicKey);
        return Bls.addKeys(aggregate, key);
    }

    /// @dev Makes members of the latest version leave, two epochs ahead; one version for all of them.
    function _dismiss(uint256 leavers) internal {
        SetVersion memory latest = _latestVersion();
        uint256 untilEpoch = _changeEpoch();
        bytes memory aggregate = KeyCode.load(latest.aggregateNonce);
        for (uint256 rest = leavers; rest != 0; rest &= rest - 1) {
            uint256 index = Bitmap.lowest(rest);
            Validator storage leaver = _validators[index];
            leaver.untilEpoch = uint32(untilEpoch);
            KeyCode.loadAddend(_keyNonce(index), aggregate);
            Bls.accumulate(aggregate);
            emit IValidators.ValidatorLeft(index, leaver.owner, untilEpoch);
        }
        _setVersion(latest.members & ~leavers, untilEpoch, aggregate);
    }

    /// @dev Appends a version, or replaces the latest if that is for the same epoch.
    function _setVersion(uint256 members, uint256 fromEpoch, bytes memory aggregate) internal {
        Context context = _context;
        uint256 versions = context.versionCount();
        if (versions == 0 || _versions[versions - 1].fromEpoch != fromEpoch) ++versions;
        uint256 count = Bitmap.count(members);
        uint256 denseFrom = members == Bitmap.dense(count) ? fromEpoch : type(uint32).max;
        uint24 nonce = _storeKey(aggregate);
        _versions[versions - 1] = SetVersion(members, uint32(fromEpoch), uint16(count), nonce);
        _context = context.withSet(denseFrom, count, nonce, versions);
    }

    function _storeKey(bytes memory key) internal returns (uint24 nonce) {
        nonce = ++_created;
        KeyCode.store(nonce, key);
    }

    /// @dev From this second on, no evidence of an epoch is taken any more, and the stakes of those whose last epoch it
    /// was can be paid back. One rule for both: so an index and its key stay the offender's while it can be slashed.
    function _evidenceUntil(uint256 epoch) internal view returns (uint256) {
        uint256 windows = uint256(CHALLENGE_WINDOW_EPOCHS) + PROOF_WINDOW_EPOCHS + EVIDENCE_WINDOW_EPOCHS;
        return _startOf((epoch + 1 + windows) * EPOCH_SLOTS) + HANDOFF_WINDOW_SECONDS;
    }

    function _latestVersion() internal view returns (SetVersion memory) {
        return _versions[_context.versionCount() - 1];
    }
}
