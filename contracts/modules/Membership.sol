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
        _validators[index] = Validator({owner: owner, fromEpoch: uint32(fromEpoch), untilEpoch: 0});
        _keyNonces[index] = _storeKey(abi.encodePacked(Bls.negateKey(publicKey)));
        emit IValidators.ValidatorJoined(index, owner, fromEpoch, publicKey);
        return Bls.addKeys(aggregate, key);
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

    function _latestVersion() internal view returns (SetVersion memory) {
        return _versions[_context.versionCount() - 1];
    }
}
