// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {Bitmap} from "../libraries/Bitmap.sol";
import {Bls} from "../libraries/Bls.sol";
import {KeyCode} from "../libraries/KeyCode.sol";
import {Context} from "../types/Context.sol";
import {SetVersion} from "../types/SetVersion.sol";
import {Base} from "./Base.sol";

/// @notice Reading validator sets: who counts, and under which key.
abstract contract Sets is Base {
    /// @dev The set of an epoch. From the context word alone when the latest version is in force and dense; otherwise
    /// searched from the latest backwards: at most as many steps as the set has changed since that epoch.
    function _setOf(
        Context context,
        uint256 epoch
    ) internal view returns (uint256 members, uint256 count, uint256 aggregateNonce) {
        if (context.denseFrom() <= epoch) {
            count = context.denseCount();
            return (Bitmap.dense(count), count, context.aggregateNonce());
        }
        uint256 version = context.versionCount() - 1;
        // The first version is from epoch 0 on, so the search ends.
        while (_versions[version].fromEpoch > epoch) --version;
        SetVersion memory found = _versions[version];
        return (found.members, found.count, found.aggregateNonce);
    }

    /// @dev Reverts unless `signers` are members and more than two thirds.
    function _requireQuorum(uint256 signers, uint256 members, uint256 count) internal pure {
        if (signers & ~members != 0) revert ISubmissions.Rollup__SignersOutsideSet(signers, members);
        uint256 signed = Bitmap.count(signers);
        if (!_isQuorum(signed, count)) revert ISubmissions.Rollup__QuorumNotReached(signed, count);
    }

    /// @dev More than two thirds; of an empty set, never.
    function _isQuorum(uint256 signed, uint256 count) internal pure returns (bool) {
        unchecked {
            // Both at most 256.
            return 3 * signed > 2 * count;
        }
    }

    /// @dev The sum of the signers' keys: the set's aggregate plus the negated key of every member that is absent.
    /// @param absent members that did not sign.
    function _signersKey(uint256 aggregateNonce, uint256 absent) internal view returns (bytes memory key) {
        key = KeyCode.load(aggregateNonce);
        for (; absent != 0; absent &= absent - 1) {
            KeyCode.loadAddend(_keyNonce(Bitmap.lowest(absent)), key);
            Bls.accumulate(key);
        }
    }

    /// @dev The sum of some validators' keys; there must be at least one.
    function _sumOfKeys(uint256 indices) internal view returns (bytes memory) {
        bytes memory negated = KeyCode.load(_keyNonce(Bitmap.lowest(indices)));
        for (indices &= indices - 1; indices != 0; indices &= indices - 1) {
            KeyCode.loadAddend(_keyNonce(Bitmap.lowest(indices)), negated);
            Bls.accumulate(negated);
        }
        return abi.encodePacked(Bls.negateKey(abi.decode(negated, (bytes32[8]))));
    }

    /// @dev `_keyNonces[index]`, without asking whether an index below 256 is one.
    function _keyNonce(uint256 index) internal view returns (uint256 nonce) {
        assembly ("memory-safe") {
            let word := sload(add(_keyNonces.slot, shr(3, index)))
            nonce := and(shr(shl(5, and(index, 7)), word), 0xffffffff)
        }
    }
}
