// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a submission only reads, in one word.
///
///  bits  249 248   217 216      193 192       169 168    160 159     128 127        96 95      64 63    32 31      0
///        |r| proven  | versions   | aggregate   | dense    | denseFrom | refillSlot  | setl.slot | inbox  | settled |
///
/// - `settledNumber` (32): the last settled checkpoint; bounds the ring.
/// - `inboxTotal` (32): messages ever deposited; equal to the tip's count when the inbox is quiet.
/// - `settledSlot` (32): the slot of the last settled checkpoint.
/// - `refillSlot` (32): the highest slot a rollback has emptied; a slot up to it that lands again counts as on time.
/// - `denseFrom` (32): the first epoch of the latest validator set version, if its members are exactly the indices
///   0 to n - 1; else 2^32 - 1, which no epoch reaches.
/// - `denseCount` (9): its size n, at most 256.
/// - `aggregateNonce` (24): where its aggregate key is kept.
/// - `versionCount` (24): how many versions there are.
/// - `provenNumber` (32): the last proven checkpoint; zero and unused where no verifier is set.
/// - `hasRefunds` (1): whether a refund was ever asked for.
type Context is uint256;

using ContextLibrary for Context global;

library ContextLibrary {
    function settledNumber(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context));
    }

    function inboxTotal(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context) >> 32);
    }

    function settledSlot(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context) >> 64);
    }

    function refillSlot(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context) >> 96);
    }

    function denseFrom(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context) >> 128);
    }

    function denseCount(Context context) internal pure returns (uint256) {
        return (Context.unwrap(context) >> 160) & 0x1ff;
    }

    function aggregateNonce(Context context) internal pure returns (uint256) {
        return uint24(Context.unwrap(context) >> 169);
    }

    function versionCount(Context context) internal pure returns (uint256) {
        return uint24(Context.unwrap(context) >> 193);
    }

    function provenNumber(Context context) internal pure returns (uint256) {
        return uint32(Context.unwrap(context) >> 217);
    }

    /// @dev Nothing stands above this bit.
    function hasRefunds(Context context) internal pure returns (bool) {
        return Context.unwrap(context) >> 249 != 0;
    }

    function withRefunds(Context context) internal pure returns (Context) {
        return Context.wrap(Context.unwrap(context) | (1 << 249));
    }

    function withProven(Context context, uint256 number) internal pure returns (Context) {
        return Context.wrap((Context.unwrap(context) & ~(uint256(type(uint32).max) << 217)) | (number << 217));
    }

    function withSettled(Context context, uint256 number, uint256 slot) internal pure returns (Context) {
        uint256 cleared = Context.unwrap(context) & ~uint256(0xffffffff_00000000_ffffffff);
        return Context.wrap(cleared | number | (slot << 64));
    }

    function withInboxTotal(Context context, uint256 total) internal pure returns (Context) {
        return Context.wrap((Context.unwrap(context) & ~(uint256(type(uint32).max) << 32)) | (total << 32));
    }

    function withRefillSlot(Context context, uint256 slot) internal pure returns (Context) {
        return Context.wrap((Context.unwrap(context) & ~(uint256(type(uint32).max) << 96)) | (slot << 96));
    }

    function withSet(
        Context context,
        uint256 epoch,
        uint256 dense,
        uint256 nonce,
        uint256 versions
    ) internal pure returns (Context) {
        uint256 kept = Context.unwrap(context) & ~(uint256((1 << 89) - 1) << 128);
        return Context.wrap(kept | (epoch << 128) | (dense << 160) | (nonce << 169) | (versions << 193));
    }
}
