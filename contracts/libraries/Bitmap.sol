// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice Sets of indices 0 to 255 as one word.
library Bitmap {
    /// @return how many bits are set.
    function count(uint256 bits) internal pure returns (uint256) {
        // Sums of neighbouring fields of 1, 2, 4 and 8 bits; then 16 fields of at most 16 each add up in the highest.
        unchecked {
            bits -= (bits >> 1) & (type(uint256).max / 3);
            bits = (bits & (type(uint256).max / 5)) + ((bits >> 2) & (type(uint256).max / 5));
            bits = (bits + (bits >> 4)) & (type(uint256).max / 17);
            bits = (bits + (bits >> 8)) & (type(uint256).max / 257);
            return (bits * (type(uint256).max / 65_535)) >> 240;
        }
    }

    /// @return the set of indices 0 to `size` - 1; `size` at most 256.
    function dense(uint256 size) internal pure returns (uint256) {
        unchecked {
            // A shift by 256 gives zero, and zero minus one all bits.
            return (1 << size) - 1;
        }
    }

    /// @return the index of the lowest set bit; `bits` must not be zero.
    function lowest(uint256 bits) internal pure returns (uint256) {
        unchecked {
            return count((bits & (~bits + 1)) - 1);
        }
    }

    /// @return the index of the set bit that has `rank` set bits below it; there must be such a bit.
    function select(uint256 bits, uint256 rank) internal pure returns (uint256) {
        unchecked {
            for (; rank != 0; --rank) bits &= bits - 1;
        }
        return lowest(bits);
    }
}
