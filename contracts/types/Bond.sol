// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice A submitter's bond, in one word.
///
///  bits   135      96 95          0
///        | releaseAt | amountWei    |
///
/// @dev `releaseAt` (seconds) is zero while the bond works; asking to unbond sets it and ends the right at once.
type Bond is uint256;

using BondLibrary for Bond global;

library BondLibrary {
    function pack(uint256 newAmountWei, uint256 newReleaseAt) internal pure returns (Bond) {
        return Bond.wrap(newAmountWei | (newReleaseAt << 96));
    }

    function amountWei(Bond bond) internal pure returns (uint256) {
        return uint96(Bond.unwrap(bond));
    }

    function releaseAt(Bond bond) internal pure returns (uint256) {
        return uint40(Bond.unwrap(bond) >> 96);
    }

    /// @param minimumWei at most 2^96 - 1.
    /// @return whether a word is a bond of at least `minimumWei` that is not being released: with no release time
    /// set, the word is its amount, and anything below the minimum wraps to above every amount.
    function isActive(Bond bond, uint256 minimumWei) internal pure returns (bool) {
        unchecked {
            return Bond.unwrap(bond) - minimumWei <= type(uint96).max - minimumWei;
        }
    }
}
