// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointLog, LogHead, LogRest} from "../types/CheckpointLog.sol";
import {LogFacts} from "../types/LogFacts.sol";

/// @notice The ring word of a checkpoint: three levels, so that settling opens three words of it and a withdrawal four.
/// `Landing` makes the same.
library LogHash {
    /// @return the ring word of a whole log.
    function ofLog(CheckpointLog memory log) internal pure returns (bytes32) {
        return _ring(log.facts, log.coinbase, ofInner(log.outboxRoot, keccak256(abi.encode(log.details))));
    }

    /// @return the ring word of a log of which the head is at hand.
    function ofHead(LogHead calldata head) internal pure returns (bytes32) {
        return _ring(head.facts, head.coinbase, head.inner);
    }

    /// @return the head's third word.
    function ofRest(LogRest memory rest) internal pure returns (bytes32) {
        return ofInner(rest.outboxRoot, keccak256(abi.encode(rest.details)));
    }

    /// @return the head's third word, of the hash of the details.
    function ofInner(bytes32 outboxRoot, bytes32 details) internal pure returns (bytes32) {
        return keccak256(abi.encode(outboxRoot, details));
    }

    function _ring(LogFacts facts, address coinbase, bytes32 inner) private pure returns (bytes32) {
        return keccak256(abi.encode(facts, coinbase, inner));
    }
}
