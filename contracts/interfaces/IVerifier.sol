// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What a proof is about.
struct ProofInputs {
    /// Low 160 bits of the digest of the checkpoint before the first that is proven; zero for genesis.
    uint160 parentDigest;
    /// Digest of the last checkpoint that is proven. Each digest is made of the rollup's address and chain, the header,
    /// the blobs, the messages and its parent's digest, so these two fix every checkpoint between them.
    bytes32 digest;
    /// Who is to be paid: part of what is proven, so that a proof seen under way is worth nothing to anybody else.
    address prover;
}

/// @title Checks validity proofs for a rollup.
/// @dev Assumed of it - for safety: it accepts no proof of checkpoints whose blocks do not follow from their parent's by
/// the rules of the L2, and none for another prover; for liveness: it answers within a transaction's gas.
interface IVerifier {
    /// @return whether `proof` shows that executing the blobs of all checkpoints after `parentDigest`, up to and with
    /// `digest`, gives what their headers say.
    function verify(ProofInputs calldata inputs, bytes calldata proof) external view returns (bool);
}
