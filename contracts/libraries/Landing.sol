// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Party} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips} from "../types/Tips.sol";

/// @notice The two records of a landing, its event and its log hash, made in one buffer of 17 words.
///
///   word   0      1      5      6         7            8          9      10      11..13     14     15        16
///        | facts | slot | root | coinbase | onTimeRec. | capBps   | digest | signers | signature | parent | submitter | recipient |
///                |<------------- header ------------------------>|         |                    |<----- what follows here ----->|
///                                         |<------------------------- LogDetails -------------------------------------->|
///
/// @dev The ABI encoding of a static struct is the same in the calldata and in an event, and the log's details lie in it
/// side by side: one copy and two hashes, where encoding field by field would cost as much as a fifth of the landing.
library Landing {
    /// @notice Emits `CheckpointSubmitted`.
    /// @dev The caller has found every field narrower than a word to fit its type, so the event always decodes.
    /// @return logHash the ring word: `LogHash.ofLog` of what the event says.
    function record(
        uint256 checkpoint,
        Submission calldata submission,
        LogFacts facts,
        Tips parent,
        Party submitter,
        Party recipient
    ) internal returns (bytes32 logHash) {
        bytes32 topic = ISubmissions.CheckpointSubmitted.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            // The blob count, a submission's first word, gives way to the facts, which contain it.
            calldatacopy(data, submission, 0x1c0)
            mstore(data, facts)
            mstore(add(data, 0x1c0), parent)
            mstore(add(data, 0x1e0), submitter)
            mstore(add(data, 0x200), recipient)
            log2(data, 0x220, topic, checkpoint)
            // The outbox root stands before the coinbase: the hash of the details takes the coinbase's place, and the
            // coinbase the slot's, so that both pairs lie side by side.
            let credited := mload(add(data, 0xc0))
            mstore(add(data, 0xc0), keccak256(add(data, 0xe0), 0x140))
            mstore(add(data, 0x40), keccak256(add(data, 0xa0), 0x40))
            mstore(add(data, 0x20), credited)
            logHash := keccak256(data, 0x60)
        }
    }
}
