// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title The ring of log hashes before its first round is over.
/// @dev A landing writes one word of the ring. Over a word that was never written this costs 17,100 gas more (EIP-2200), so
/// that in the first round a late landing costs more than the quote pays.
interface IRing {
    /// @notice Words of the ring were written before their first use: `written` of those from `first` on.
    event RingPrepared(uint256 first, uint256 written);

    /// @notice Thrown when words beyond the ring are named.
    error Ring__OutOfRange(uint256 first, uint256 count, uint256 ringSize);

    /// @notice Writes `count` words of the ring from position `first` on, so that landings there cost what they do in every
    /// later round. Anybody may; checkpoint n is kept at n modulo the ring's size.
    /// @dev A word that is not zero is left alone: it is, or was, a log's hash, or was prepared before. What is written is
    /// no hash of anything, and of a number that has not landed no word is ever looked at.
    function prepareRing(uint256 first, uint256 count) external;
}
