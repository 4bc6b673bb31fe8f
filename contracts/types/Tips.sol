// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The submitted tip in one word: all that the next submission must know of its parent.
///
///  bits   255                96 95         64 63     32 31    0
///        |  digest (160 bits)  | inboxCount  |  number |  slot  |
///
/// @dev Zero is genesis: slot 0, checkpoint 0, no message consumed, digest 0. `number` counts checkpoints, at most
/// one per slot, so 32 bits outlast any slot duration of a second or more by a century.
type Tips is uint256;

using TipsLibrary for Tips global;

library TipsLibrary {
    /// @param newSlot fits 32 bits, as do `newNumber` and `newInboxCount`: the callers derive them from bounded values.
    function pack(
        uint256 newSlot,
        uint256 newNumber,
        uint256 newInboxCount,
        bytes32 newDigest
    ) internal pure returns (Tips) {
        return Tips.wrap(newSlot | (newNumber << 32) | (newInboxCount << 64) | (uint256(newDigest) << 96));
    }

    /// @return the slot of the last submitted checkpoint.
    function slot(Tips tips) internal pure returns (uint256) {
        return uint32(Tips.unwrap(tips));
    }

    /// @return the number of the last submitted checkpoint.
    function number(Tips tips) internal pure returns (uint256) {
        return uint32(Tips.unwrap(tips) >> 32);
    }

    /// @return the inbox messages consumed up to the last submitted checkpoint.
    function inboxCount(Tips tips) internal pure returns (uint256) {
        return uint32(Tips.unwrap(tips) >> 64);
    }

    /// @return the low 160 bits of the last submitted checkpoint's digest.
    function digest(Tips tips) internal pure returns (uint160) {
        return uint160(Tips.unwrap(tips) >> 96);
    }
}
