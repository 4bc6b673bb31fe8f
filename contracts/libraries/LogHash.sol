// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Attestation, CheckpointLog, LogDetails, LogHead} from "../types/CheckpointLog.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Party, PartyLibrary} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips} from "../types/Tips.sol";

/// @notice The ring word of a checkpoint: two levels, so that settling opens four words of it.
library LogHash {
    /// @return logHash the ring word of a log that lands now: `ofLog`, without building the log.
    function ofSubmission(
        Submission calldata submission,
        LogFacts facts,
        Tips parent,
        Party submitter,
        Party recipient
    ) internal pure returns (bytes32 logHash) {
        bytes32 digest = submission.digest;
        address beneficiary = submission.header.coinbase;
        bytes32 outboxRoot = submission.header.outboxRoot;
        Party onTime = PartyLibrary.pack(submission.header.onTimeRecipient, submission.header.onTimeCapBps);
        assembly ("memory-safe") {
            let words := mload(0x40)
            // Signers and signature are the last four of a submission's fourteen words.
            calldatacopy(words, add(submission, 0x140), 0x80)
            let attestation := keccak256(words, 0x80)
            mstore(words, digest)
            mstore(add(words, 0x20), parent)
            mstore(add(words, 0x40), submitter)
            mstore(add(words, 0x60), recipient)
            mstore(add(words, 0x80), onTime)
            mstore(add(words, 0xa0), attestation)
            let details := keccak256(words, 0xc0)
            mstore(words, facts)
            mstore(add(words, 0x20), beneficiary)
            mstore(add(words, 0x40), outboxRoot)
            mstore(add(words, 0x60), details)
            logHash := keccak256(words, 0x80)
        }
    }

    /// @return the ring word of a whole log.
    function ofLog(CheckpointLog memory log) internal pure returns (bytes32) {
        return _ring(log.facts, log.coinbase, log.outboxRoot, keccak256(abi.encode(log.details)));
    }

    /// @return the ring word of a log of which only the head is at hand.
    function ofHead(LogHead calldata head) internal pure returns (bytes32) {
        return _ring(head.facts, head.coinbase, head.outboxRoot, head.details);
    }

    /// @return the hash a log keeps of its attestation.
    function ofAttestation(Attestation calldata attestation) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(attestation.signers, attestation.signature));
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
