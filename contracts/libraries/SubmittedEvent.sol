// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {ISubmissions} from "../interfaces/ISubmissions.sol";
import {LogFacts} from "../types/LogFacts.sol";
import {Party} from "../types/Party.sol";
import {Submission} from "../types/Submission.sol";
import {Tips} from "../types/Tips.sol";

/// @notice Emits `CheckpointSubmitted`, with the submission copied out of the calldata in one piece: the ABI encoding of
/// a static struct is the same in both, and encoding it field by field costs as much as a third of the event.
library SubmittedEvent {
    /// @dev Every field narrower than a word has been read, and so found to fit its type, by the time a checkpoint
    /// lands: the event always decodes.
    function emitted(
        uint256 checkpoint,
        uint256 slot,
        Submission calldata submission,
        LogFacts facts,
        Tips parent,
        Party submitter,
        Party recipient
    ) internal {
        bytes32 topic = ISubmissions.CheckpointSubmitted.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, submission, 0x1c0)
            mstore(add(data, 0x1c0), facts)
            mstore(add(data, 0x1e0), parent)
            mstore(add(data, 0x200), submitter)
            mstore(add(data, 0x220), recipient)
            log3(data, 0x240, topic, checkpoint, slot)
        }
    }
}
