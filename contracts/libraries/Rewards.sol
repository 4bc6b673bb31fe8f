// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice How the reward of one checkpoint is split. No function reverts, whatever the amounts, as long as they fit 96
/// bits; every wei of a reward is in exactly one of the parts.
library Rewards {
    uint256 private constant BASIS = 10_000;

    /// @notice A landing in its own slot whose proposer shares its reward.
    /// @param rewardWei the whole reward.
    /// @param quotedWei what the landing was quoted at.
    /// @param capBps bound of the share in basis points of the reward, at most 10,000.
    function onTime(
        uint256 rewardWei,
        uint256 quotedWei,
        uint256 capBps
    ) internal pure returns (uint256 proposerWei, uint256 sharedWei) {
        unchecked {
            sharedWei = _min(quotedWei, (rewardWei * capBps) / BASIS);
            proposerWei = rewardWei - sharedWei;
        }
    }

    /// @notice A landing in the slot after its own.
    /// @param quotedWei what the proposer is charged, and `paidWei` what the landing is paid: less, if it was landed with
    /// the next checkpoint in one call; the difference is burned.
    /// @param burnBps and `capBps` basis points of the reward, at most 10,000 together.
    /// @param confirmed whether the child is for the very next slot; if not, the proposer's part is burned.
    function late(
        uint256 rewardWei,
        uint256 quotedWei,
        uint256 paidWei,
        uint256 burnBps,
        uint256 capBps,
        bool confirmed
    ) internal pure returns (uint256 proposerWei, uint256 sharedWei, uint256 burnedWei) {
        unchecked {
            uint256 chargedWei = _min(quotedWei, (rewardWei * capBps) / BASIS);
            sharedWei = _min(paidWei, chargedWei);
            if (confirmed) proposerWei = rewardWei - (rewardWei * burnBps) / BASIS - chargedWei;
            burnedWei = rewardWei - proposerWei - sharedWei;
        }
    }

    /// @notice What landing a checkpoint costs beyond its reward and the premium on it: whoever lands its child with it in
    /// one call pays that for the child, too, and would stay away if nobody made up for it.
    /// @param quotedWei what the landing was quoted at, and `premium` the basis points in it.
    function shortfall(uint256 rewardWei, uint256 quotedWei, uint256 premium) internal pure returns (uint256) {
        unchecked {
            uint256 enoughWei = rewardWei + (rewardWei * premium) / BASIS;
            return quotedWei > enoughWei ? quotedWei - enoughWei : 0;
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
