// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointLog, LogHead} from "../types/CheckpointLog.sol";
import {LogFacts} from "../types/LogFacts.sol";

/// @notice The ring word of a checkpoint: two levels, so that settling opens four words of it. `Landing` makes the same.
library LogHash {
    /// @return the ring word of a whole log.
    function ofLog(CheckpointLog memory log) internal pure returns (bytes32) {
        return _ring(log.facts, log.coinbase, log.outboxRoot, keccak256(abi.encode(log.details)));
    }

    /// @return the ring word of a log of which the head is at hand.
    function ofHead(LogHead calldata head) internal pure returns (bytes32) {
        return _ring(head.facts, head.coinbase, head.outboxRoot, head.details);
    }

    function _ring(
        LogFacts facts,
        address coinbase,
        bytes32 outboxRoot,
        bytes32 details
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(facts, coinbase, outboxRoot, details));
    }
}
