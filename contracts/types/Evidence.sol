// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What some validators signed for a slot. A single signature is a bitmap of one bit.
struct Statement {
    /// Kind of the signature: 2 for a proposal, 3 for an attestation, 4 for a skip vote; see `Signing`.
    uint256 kind;
    /// What was proposed or attested; zero in a skip vote, which speaks of the slot alone.
    bytes32 digest;
    /// Bit i is set iff the validator with index i signed.
    uint256 signers;
    /// Aggregate of their signatures: an uncompressed BLS12-381 G1 point, x then y, 48 bytes each, big endian.
    bytes32[3] signature;
}

/// @notice Two statements for one slot that no validator may make both.
struct Evidence {
    uint256 slot;
    Statement first;
    Statement second;
}
