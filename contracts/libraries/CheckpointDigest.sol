// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointHeader} from "../types/CheckpointHeader.sol";

/// @notice The digest of a checkpoint: what a quorum attests and `submit` recomputes from the chain's own state.
library CheckpointDigest {
    /// Separates a checkpoint's digest from every other hash.
    bytes32 internal constant CHECKPOINT_TYPE = keccak256("baton.checkpoint.v1");

    /// Eight words of header; with them type, chain and rollup before, and parent, inbox and blob count behind.
    uint256 private constant HEADER_BYTES = 256;
    uint256 private constant FIXED_BYTES = 448;

    /// @notice Lays out a digest's preimage; the caller then writes the versioned hashes behind it.
    /// @param header copied word by word: a word with bits beyond its field gives a digest nobody attests.
    /// @param parent low 160 bits of the parent's digest; zero on genesis.
    /// @param inboxHash rolling hash of the inbox at `header.inboxCount` if messages are consumed, else zero.
    /// @return preimage memory position of the preimage: the free memory pointer, which stays where it is. The caller
    /// hashes it before it allocates anything.
    function begin(
        CheckpointHeader calldata header,
        uint160 parent,
        bytes32 inboxHash,
        uint256 blobCount
    ) internal view returns (uint256 preimage) {
        bytes32 checkpointType = CHECKPOINT_TYPE;
        assembly ("memory-safe") {
            preimage := mload(0x40)
            mstore(preimage, checkpointType)
            mstore(add(preimage, 0x20), chainid())
            mstore(add(preimage, 0x40), address())
            calldatacopy(add(preimage, 0x60), header, HEADER_BYTES)
            let rest := add(preimage, add(0x60, HEADER_BYTES))
            mstore(rest, parent)
            mstore(add(rest, 0x20), inboxHash)
            mstore(add(rest, 0x40), blobCount)
        }
    }

    /// @notice Writes the versioned hash at position `index` of the list.
    function setBlob(uint256 preimage, uint256 index, bytes32 versionedHash) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(preimage, FIXED_BYTES), shl(5, index)), versionedHash)
        }
    }

    /// @return digest of the preimage with `blobCount` versioned hashes.
    function finish(uint256 preimage, uint256 blobCount) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(preimage, add(FIXED_BYTES, shl(5, blobCount)))
        }
    }
}
