// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {LogFacts} from "./LogFacts.sol";
import {Party} from "./Party.sol";
import {Tips} from "./Tips.sol";

/// @notice What settling one checkpoint opens; `keccak256` of its three words is the ring word.
struct LogHead {
    LogFacts facts;
    /// Credited with the proposer's reward.
    address coinbase;
    /// Hash of the outbox root and the hash of the `LogDetails`.
    bytes32 inner;
}

/// @notice What paying for a late or shared landing opens besides.
struct LogRest {
    /// Root of the cumulative outbox tree after this checkpoint.
    bytes32 outboxRoot;
    LogDetails details;
}

/// @notice What a withdrawal opens of a settled checkpoint: the head, and of the rest only the outbox root.
struct SettledRoot {
    LogFacts facts;
    address coinbase;
    /// Root of the cumulative outbox tree after the checkpoint.
    bytes32 outboxRoot;
    /// Hash of the `LogDetails`.
    bytes32 details;
}

/// @notice What challenging, curing, proving and paying for a late landing open besides.
/// @dev In the order of the event's words, so that a landing hashes them where they lie: see `Landing`.
struct LogDetails {
    /// Whom the proposer pays for an on-time landing; zero for nobody.
    address onTimeRecipient;
    /// Upper bound of that payment, in basis points of the reward.
    uint32 onTimeCapBps;
    /// The attested digest.
    bytes32 digest;
    /// Who is said to have signed it.
    uint256 signers;
    /// Their aggregate signature: unless the log is verified, nobody has looked at it.
    bytes32[3] signature;
    /// The tips word this checkpoint was built on: its removal restores exactly that.
    Tips parent;
    /// Who called, and the quote its landing is charged at (wei; zero when nothing is owed).
    Party submitter;
    /// Who is to be paid, and the quote it is paid at (wei; less than the charge when landed in a batch).
    Party recipient;
}

/// @notice A whole log, as `CheckpointSubmitted` lets anyone rebuild it.
struct CheckpointLog {
    LogFacts facts;
    address coinbase;
    bytes32 outboxRoot;
    LogDetails details;
}

/// @notice An attestation: who signed, and the aggregate of their signatures.
struct Attestation {
    uint256 signers;
    bytes32[3] signature;
}
