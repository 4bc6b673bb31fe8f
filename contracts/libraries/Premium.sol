// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice The premium on the cost of landing late, which grows once the credit is no more the successor's.
library Premium {
    /// @param secondsLate seconds since the successor's window ended.
    /// @param l1SlotSeconds not zero; `base`, `step` and `maximum` in basis points, below 2^16 each.
    /// @return premium basis points: one step more for each L1 slot that has begun since.
    function grown(
        uint256 secondsLate,
        uint256 l1SlotSeconds,
        uint256 base,
        uint256 step,
        uint256 maximum
    ) internal pure returns (uint256 premium) {
        unchecked {
            uint256 steps;
            assembly ("memory-safe") {
                steps := div(secondsLate, l1SlotSeconds)
            }
            // Seconds and step are below 2^32.
            premium = base + (steps + 1) * step;
            return premium < maximum ? premium : maximum;
        }
    }
}
