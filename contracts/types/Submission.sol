// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {CheckpointHeader} from "./CheckpointHeader.sol";

/// @notice One checkpoint as `submit` takes it: 14 words, all static. Its blobs ride on the transaction.
/// @dev In the calldata's order, all but the first word become the event as they are: see `Landing`.
struct Submission {
    /// How many of the transaction's blobs belong to this submission.
    uint8 blobCount;
    CheckpointHeader header;
    /// The attested digest.
    bytes32 digest;
    /// Bit i is set iff the validator with index i signed.
    uint256 signers;
    /// Aggregate signature: an uncompressed BLS12-381 G1 point, x then y, 48 bytes each, big endian.
    bytes32[3] signature;
}
