// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a landing is quoted at, in wei. Saturates, never reverts: no fee can keep a checkpoint off L1.
library Quote {
    /// Blob gas of one blob (EIP-4844).
    uint256 internal constant GAS_PER_BLOB = 131_072;
    uint256 private constant BASIS = 10_000;

    /// @param baseFee wei, any value; `tip` below 2^64.
    /// @return what a unit of gas is quoted at, wei, below 2^97.
    function gasPrice(uint256 baseFee, uint256 tip) internal pure returns (uint256) {
        unchecked {
            return _clamp(baseFee) + tip;
        }
    }

    /// @param blobCount below 2^8; `blobBaseFee` wei, any value.
    /// @return what the blobs are quoted at, wei, below 2^121.
    function blobs(uint256 blobCount, uint256 blobBaseFee) internal pure returns (uint256) {
        unchecked {
            return blobCount * GAS_PER_BLOB * _clamp(blobBaseFee);
        }
    }

    /// @param gasQuota gas the landing is quoted at, below 2^32.
    /// @param perGas from `gasPrice`, and `forBlobs` from `blobs`.
    /// @param premium basis points, below 2^16.
    /// @return the cost with its premium, at most 2^96 - 1.
    function price(
        uint256 gasQuota,
        uint256 perGas,
        uint256 forBlobs,
        uint256 premium
    ) internal pure returns (uint256) {
        // The sum is below 2^130, the product below 2^147.
        unchecked {
            return _clamp(((gasQuota * perGas + forBlobs) * (BASIS + premium)) / BASIS);
        }
    }

    function _clamp(uint256 amount) private pure returns (uint256) {
        return amount < type(uint96).max ? amount : type(uint96).max;
    }
}
