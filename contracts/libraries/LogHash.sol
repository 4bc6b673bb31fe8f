// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Attestation, CheckpointLog, LogDetails, LogHead} from "../types/CheckpointLog.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Party, PartyLibrary} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips} from "../types/Tips.sol";

/// @notice The ring word of a checkpoint: two levels, so that settling opens four words of it.
library LogHash {
    /// @return the ring word of a log that lands now.
    function ofSubmission(
        Submission calldata submission,
        LogFacts facts,
        Tips parent,
        Party submitter,
        Party recipient
    ) internal pure returns (bytes32) {
        bytes32 details = keccak256(
            abi.encode(
                LogDetails({
                    digest: submission.digest,
                    parent: parent,
                    submitter: submitter,
                    recipient: recipient,
                    onTime: PartyLibrary.pack(submission.header.onTimeRecipient, submission.header.onTimeCapBps),
                    attestation: keccak256(abi.encodePacked(submission.signers, submission.signature))
                })
            )
        );
        return _ring(facts, submission.header.coinbase, submission.header.outboxRoot, details);
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
