// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointLog, LogHead, LogRest} from "../types/CheckpointLog.sol";

/// @notice The ring word of a checkpoint: three levels, so that settling opens three words of it and a withdrawal four.
/// `Landing` makes the same.
library LogHash {
    /// @return the ring word of a whole log.
    function ofLog(CheckpointLog memory log) internal pure returns (bytes32) {
        bytes32 inner = ofInner(log.outboxRoot, keccak256(abi.encode(log.details)));
        return keccak256(abi.encode(log.facts, log.coinbase, inner));
    }

    /// @return hash the ring word of a log of which the head is at hand.
    /// @dev Hashed as it lies in the calldata: three words.
    function ofHead(LogHead calldata head) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, head, 0x60)
            hash := keccak256(words, 0x60)
        }
    }

    /// @return the head's third word.
    function ofRest(LogRest memory rest) internal pure returns (bytes32) {
        return ofInner(rest.outboxRoot, keccak256(abi.encode(rest.details)));
    }

    /// @return the head's third word, of the hash of the details.
    function ofInner(bytes32 outboxRoot, bytes32 details) internal pure returns (bytes32) {
        return keccak256(abi.encode(outboxRoot, details));
    }
}
