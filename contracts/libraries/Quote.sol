// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a landing is quoted at, in wei. Saturates, never reverts: no fee can keep a checkpoint off L1.
library Quote {
    /// Blob gas of one blob (EIP-4844).
    uint256 internal constant GAS_PER_BLOB = 131_072;
    uint256 private constant BASIS = 10_000;
    /// From a fee of 2^56 wei on (72 million gwei) a quote is as high as one can be: no reward comes near it.
    uint256 internal constant FEE_BITS = 56;

    /// @param gasQuota gas the landing is quoted at, below 2^32.
    /// @param baseFee and `blobFee` in wei, any value.
    /// @param tip priority fee in wei, below 2^56.
    /// @param blobCount below 2^8.
    /// @param premium basis points, at most 10,000.
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
            if ((baseFee | blobFee) >> FEE_BITS != 0) return type(uint96).max;
            // Below 2^32 * 2^57 + 2^8 * 2^17 * 2^56 = 2^90, and below 2^91 with a premium of at most 100 %.
            uint256 cost = gasQuota * (baseFee + tip) + blobCount * GAS_PER_BLOB * blobFee;
            return (cost * (BASIS + premium)) / BASIS;
        }
    }
}
