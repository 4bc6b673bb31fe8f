// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Bitmap} from "../../../contracts/libraries/Bitmap.sol";
import {Bls} from "../../../contracts/libraries/Bls.sol";
import {HashToCurve} from "../../../contracts/libraries/HashToCurve.sol";
import {KeyCode} from "../../../contracts/libraries/KeyCode.sol";
import {OutboxTree} from "../../../contracts/libraries/OutboxTree.sol";
import {Quote} from "../../../contracts/libraries/Quote.sol";
import {Signing} from "../../../contracts/libraries/Signing.sol";

/// @notice The libraries' internal functions, to be called from tests.
contract LibraryHarness {
    function hashToCurve(bytes32 message, bytes calldata tag) external view returns (bytes memory) {
        return HashToCurve.hash(message, tag);
    }

    function verify(
        bytes32[3] calldata signature,
        bytes32[8] calldata key,
        bytes32 message,
        bytes calldata tag
    ) external view returns (bool) {
        return Bls.verify(signature, abi.encodePacked(key), message, tag);
    }

    function isProvenInvalid(
        bytes32[3] calldata signature,
        bytes32[8] calldata key,
        bytes32 message,
        bytes calldata tag
    ) external view returns (bool) {
        return Bls.isProvenInvalid(signature, abi.encodePacked(key), message, tag);
    }

    function addKeys(bytes32[8] calldata left, bytes32[8] calldata right) external view returns (bytes32[8] memory) {
        return abi.decode(Bls.addKeys(abi.encodePacked(left), abi.encodePacked(right)), (bytes32[8]));
    }

    function negateKey(bytes32[8] calldata key) external pure returns (bytes32[8] memory) {
        return Bls.negateKey(key);
    }

    function attestationMessage(uint256 slot, bytes32 digest) external view returns (bytes32) {
        return Signing.attestationMessage(slot, digest);
    }

    function possessionMessage(address owner, bytes32 keyHash) external view returns (bytes32) {
        return Signing.possessionMessage(owner, keyHash);
    }

    function tags() external pure returns (string memory signature, string memory possession) {
        return (string(Signing.SIGNATURE_TAG), string(Signing.POSSESSION_TAG));
    }

    function addressOf(uint256 nonce) external view returns (address) {
        return KeyCode.addressOf(nonce);
    }

    function price(
        uint256 gasQuota,
        uint256 baseFee,
        uint256 tip,
        uint256 blobCount,
        uint256 blobFee,
        uint256 premium
    ) external pure returns (uint256) {
        return Quote.price(gasQuota, baseFee, tip, blobCount, blobFee, premium);
    }

    function count(uint256 bits) external pure returns (uint256) {
        return Bitmap.count(bits);
    }

    function dense(uint256 size) external pure returns (uint256) {
        return Bitmap.dense(size);
    }

    function lowest(uint256 bits) external pure returns (uint256) {
        return Bitmap.lowest(bits);
    }

    function select(uint256 bits, uint256 rank) external pure returns (uint256) {
        return Bitmap.select(bits, rank);
    }

    function outboxLeaf(uint256 index, address recipient, uint256 amountWei) external view returns (bytes32) {
        return OutboxTree.leafOf(index, recipient, amountWei);
    }

    function outboxRoot(bytes32 leaf, uint256 index, bytes32[32] calldata siblings) external pure returns (bytes32) {
        return OutboxTree.rootOf(leaf, index, siblings);
    }
}
