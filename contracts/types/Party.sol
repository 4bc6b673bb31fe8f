// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice An address and an amount that goes with it, in one word.
///
///  bits   255          160 159          0
///        |  amount (96)   |   account     |
///
/// In a log: the submitter with the quote, the recipient with the quote to be paid (both in wei), the on-time
/// recipient with its cap (basis points).
type Party is uint256;

using PartyLibrary for Party global;

library PartyLibrary {
    /// @param newAmount at most 2^96 - 1.
    function pack(address newAccount, uint256 newAmount) internal pure returns (Party) {
        return Party.wrap(uint256(uint160(newAccount)) | (newAmount << 160));
    }

    function account(Party party) internal pure returns (address) {
        return address(uint160(Party.unwrap(party)));
    }

    function amount(Party party) internal pure returns (uint256) {
        return Party.unwrap(party) >> 160;
    }
}
