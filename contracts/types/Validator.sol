// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice A validator, by index. One storage word.
struct Validator {
    /// May leave, and is paid the stake back unless it was slashed.
    address owner;
    /// First epoch it is a member.
    uint32 fromEpoch;
    /// First epoch it is a member no more; zero while it is not leaving.
    uint32 untilEpoch;
    /// Whether its stake was taken.
    bool slashed;
}

/// @notice A validator that is there from the first slot.
struct GenesisValidator {
    address owner;
    /// BLS12-381 G2 point as EIP-2537 encodes it: x.c0, x.c1, y.c0, y.c1, 64 bytes each.
    bytes32[8] publicKey;
}
