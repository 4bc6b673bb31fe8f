// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a landing is quoted at, in wei. Saturates, never reverts: no fee can keep a checkpoint off L1.
library Quote {
    /// Blob gas of one blob (EIP-4844).
    uint256 internal constant GAS_PER_BLOB = 131_072;
    uint256 private constant BASIS = 10_000;

    /// @param gasQuota gas the landing is quoted at, below 2^32.
    /// @param baseFee and `blobBaseFee` in wei, any value.
    /// @param tip priority fee in wei, below 2^64.
    /// @param blobCount below 2^8.
    /// @param premium basis points, below 2^16.
    /// @return the cost with its premium, at most 2^96 - 1.
    function price(
        uint256 gasQuota,
        uint256 baseFee,
        uint256 tip,
        uint256 blobCount,
        uint256 blobBaseFee,
        uint256 premium
    ) internal pure returns (uint256) {
        // Fees clamped to 96 bits keep the sum below 2^130 and the product below 2^148.
        unchecked {
            uint256 cost = gasQuota * (_clamp(baseFee) + tip) + blobCount * GAS_PER_BLOB * _clamp(blobBaseFee);
            return _clamp((cost * (BASIS + premium)) / BASIS);
        }
    }

    function _clamp(uint256 amount) private pure returns (uint256) {
        return amount < type(uint96).max ? amount : type(uint96).max;
    }
}
