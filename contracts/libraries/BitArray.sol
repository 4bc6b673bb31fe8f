// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice An endless array of bits in storage, 256 to a word.
library BitArray {
    /// @return whether the bit was clear until now.
    function set(mapping(uint256 word => uint256) storage bits, uint256 index) internal returns (bool) {
        uint256 word = bits[index >> 8];
        uint256 bit = 1 << (index & 0xff);
        if (word & bit != 0) return false;
        bits[index >> 8] = word | bit;
        return true;
    }

    function get(mapping(uint256 word => uint256) storage bits, uint256 index) internal view returns (bool) {
        return bits[index >> 8] & (1 << (index & 0xff)) != 0;
    }
}
