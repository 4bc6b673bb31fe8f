// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @notice What validators sign, and under which domain tags.
library Signing {
    /// Kinds of signatures that mean something here; those of blocks (1) never reach L1.
    uint256 internal constant PROPOSAL = 2;
    uint256 internal constant ATTESTATION = 3;
    uint256 internal constant SKIP = 4;

    /// Domain tag of block, proposal, attestation and skip signatures.
    bytes internal constant SIGNATURE_TAG = "BATON_V1_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_";
    /// Domain tag of proofs of possession: its own, so that no signature is ever a proof.
    bytes internal constant POSSESSION_TAG = "BATON_V1_POP_BLS12381G1_XMD:SHA-256_SSWU_RO_";

    /// @return the message a validator signs to say something of one kind for `slot`.
    /// @param digest of what is proposed or attested; zero in a skip vote.
    function message(uint256 kind, uint256 slot, bytes32 digest) internal view returns (bytes32) {
        return keccak256(abi.encode(kind, block.chainid, address(this), slot, digest));
    }

    /// @return the message a validator signs to attest `digest` for `slot`.
    function attestationMessage(uint256 slot, bytes32 digest) internal view returns (bytes32) {
        return message(ATTESTATION, slot, digest);
    }

    /// @return the message that proves possession of a key, bound to chain, registry, owner and key.
    function possessionMessage(address owner, bytes32 keyHash) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), owner, keyHash));
    }
}
