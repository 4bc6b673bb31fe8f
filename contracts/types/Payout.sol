// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What became of one checkpoint's reward, in one word.
///
///  bits   255      160 159         64 63    32 31      0
///        | sharedWei | proposerWei   |  slot  | number  |
///
/// - `proposerWei` (96): credited to the coinbase.
/// - `sharedWei` (96): credited to whoever landed it, or to the successor. What is missing to the reward was burned, or
///   went to the prover.
type Payout is uint256;

using PayoutLibrary for Payout global;

library PayoutLibrary {
    function pack(
        uint256 number,
        uint256 newSlot,
        uint256 proposerWei,
        uint256 sharedWei
    ) internal pure returns (Payout) {
        return Payout.wrap(number | (newSlot << 32) | (proposerWei << 64) | (sharedWei << 160));
    }

    function slot(Payout payout) internal pure returns (uint256) {
        return uint32(Payout.unwrap(payout) >> 32);
    }
}
