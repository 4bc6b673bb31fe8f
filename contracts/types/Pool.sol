// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What rewards are paid from, as of the settled tip, in one word.
///
///  bits   223        192 191       96 95           0
///        | nextBudget  | rewardWei   | availableWei |
///
/// - `availableWei` (96): funded in epochs up to the settled tip's, and not paid out.
/// - `rewardWei` (96): reward T of one checkpoint in the settled tip's epoch.
/// - `nextBudget` (32): index of the first `Budget` that is not in force there yet.
type Pool is uint256;

using PoolLibrary for Pool global;

library PoolLibrary {
    /// @param newAvailableWei at most 2^96 - 1, as `newRewardWei`.
    function pack(uint256 newAvailableWei, uint256 newRewardWei, uint256 newNextBudget) internal pure returns (Pool) {
        return Pool.wrap(newAvailableWei | (newRewardWei << 96) | (newNextBudget << 192));
    }

    function availableWei(Pool pool) internal pure returns (uint256) {
        return uint96(Pool.unwrap(pool));
    }

    function rewardWei(Pool pool) internal pure returns (uint256) {
        return uint96(Pool.unwrap(pool) >> 96);
    }

    function nextBudget(Pool pool) internal pure returns (uint256) {
        return uint32(Pool.unwrap(pool) >> 192);
    }
}
