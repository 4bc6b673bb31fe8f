// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a landing is quoted at, in wei. Saturates, never reverts: no fee can keep a checkpoint off L1.
library Quote {
    /// Blob gas of one blob (EIP-4844).
    uint256 internal constant GAS_PER_BLOB = 131_072;
    uint256 private constant BASIS = 10_000;

    /// @param gasQuota gas the landing is quoted at, below 2^32.
    /// @param baseFee and `blobFee` in wei, any value.
    /// @param tip priority fee in wei, below 2^64.
    /// @param blobCount below 2^8.
    /// @param premium basis points, below 2^16.
    /// @return the cost with its premium, at most 2^96 - 1.
    function price(
        uint256 gasQuota,
        uint256 baseFee,
        uint256 tip,
        uint256 blobCount,
        uint256 blobFee,
        uint256 premium
    ) internal pure returns (uint256) {
        unchecked {
            if ((baseFee | blobFee) >> 96 != 0) return type(uint96).max;
            // Now the sum is below 2^130, the product below 2^147.
            uint256 cost = gasQuota * (baseFee + tip) + blobCount * GAS_PER_BLOB * blobFee;
            cost = (cost * (BASIS + premium)) / BASIS;
            return cost < type(uint96).max ? cost : type(uint96).max;
        }
    }
}
