// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The numbers of one landed checkpoint, in one word.
///
///  bits   151   144 143    136 135    96 95         64 63    32 31      0
///        | flags  | blobCount | time    | inboxCount  |  slot  | number  |
///
/// - `time` (40): block timestamp of the landing, seconds.
/// - `flags` (8): `LATE`, `VERIFIED`, `BATCHED`, `SUCCESSOR`, `SHARED`.
type LogFacts is uint256;

using LogFactsLibrary for LogFacts global;

library LogFactsLibrary {
    /// Landed in the handoff window of the slot after its own.
    uint256 internal constant LATE = 1;
    /// Its attestation was verified on L1: final against challenge.
    uint256 internal constant VERIFIED = 2;
    /// Late, and landed in one call with the checkpoint after it.
    uint256 internal constant BATCHED = 4;
    /// Late, and landed in the first seconds, whose credit is the successor's.
    uint256 internal constant SUCCESSOR = 8;
    /// On time, and its proposer named somebody to share its reward with.
    uint256 internal constant SHARED = 16;

    /// @param flags a union of the constants above; every other argument fits the bits drawn.
    function pack(
        uint256 newNumber,
        uint256 newSlot,
        uint256 newInboxCount,
        uint256 newTime,
        uint256 newBlobCount,
        uint256 flags
    ) internal pure returns (LogFacts) {
        uint256 low = newNumber | (newSlot << 32) | (newInboxCount << 64) | (newTime << 96);
        return LogFacts.wrap(low | (newBlobCount << 136) | (flags << 144));
    }

    function number(LogFacts facts) internal pure returns (uint256) {
        return uint32(LogFacts.unwrap(facts));
    }

    function slot(LogFacts facts) internal pure returns (uint256) {
        return uint32(LogFacts.unwrap(facts) >> 32);
    }

    function time(LogFacts facts) internal pure returns (uint256) {
        return uint40(LogFacts.unwrap(facts) >> 96);
    }

    function isLate(LogFacts facts) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & (LATE << 144) != 0;
    }

    function isBatched(LogFacts facts) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & (BATCHED << 144) != 0;
    }

    function isSuccessors(LogFacts facts) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & (SUCCESSOR << 144) != 0;
    }

    /// @return whether the reward is shared by terms that settling must open: it was late, or its proposer shares.
    function isShared(LogFacts facts) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & ((LATE | SHARED) << 144) != 0;
    }

    /// @return whether this is the given checkpoint, and its reward not shared.
    function isPlain(LogFacts facts, uint256 expected) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & (((LATE | SHARED) << 144) | type(uint32).max) == expected;
    }

    function isVerified(LogFacts facts) internal pure returns (bool) {
        return LogFacts.unwrap(facts) & (VERIFIED << 144) != 0;
    }

    function asVerified(LogFacts facts) internal pure returns (LogFacts) {
        return LogFacts.wrap(LogFacts.unwrap(facts) | (VERIFIED << 144));
    }
}
