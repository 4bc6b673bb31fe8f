// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {Evidence} from "../types/Evidence.sol";

/// @title Holding validators to their word.
/// @dev For one slot a validator signs at most one proposal, and at most one of an attestation and a skip vote. Whoever
/// shows that one has signed two is paid half of its stake.
interface ISlashing {
    /// @notice A validator's whole stake was taken: `burnedWei` is out of everybody's reach, `creditedWei` is the
    /// informer's.
    /// @param slot it signed two things for.
    event ValidatorSlashed(
        uint256 indexed index,
        address indexed owner,
        uint256 slot,
        uint256 burnedWei,
        uint256 creditedWei
    );

    /// @notice Thrown when an honest validator may have signed both: expected two different digests under one of the
    /// kinds proposal and attestation, or an attestation and a skip vote, whose digest is zero.
    error Slashing__NoContradiction(uint256 firstKind, bytes32 firstDigest, uint256 secondKind, bytes32 secondDigest);
    /// @notice Thrown when the set of the slot's epoch can still change.
    error Slashing__SetNotFinal(uint256 epoch, uint256 lastFinalEpoch);
    /// @notice Thrown when the evidence is too old: stakes of the slot's epoch may have been paid back.
    error Slashing__EvidenceExpired(uint256 slot, uint256 until, uint256 time);
    /// @notice Thrown when nobody is left to slash among `signers`, those that signed both: there is none, or each was
    /// slashed before.
    error Slashing__NobodyToSlash(uint256 signers);
    /// @notice Thrown when an aggregate signature is proven not to be that of the signers named, as `IChallenges` proves it.
    error Slashing__SignatureInvalid(uint256 kind, bytes32 digest, uint256 signers);

    /// @notice Slashes every validator that signed both of two statements for one slot.
    /// @dev Checks, in this order: that the two contradict each other; that the set of the slot's epoch is final, and
    /// its evidence and proof windows are not over; that only members of that set are named; that somebody is named in
    /// both who was not slashed before; that both aggregate signatures verify. A signature that does not verify, for
    /// whatever reason, convicts nobody: the call reverts, with `Bls__NotEnoughGas` or `Bls__PairingUnavailable` where
    /// nothing could be proven.
    ///
    /// Does not check: who proposes in the slot, or whether anything landed for it. Those that signed only one of the
    /// two are left alone. An index stands for the validator that held it in the slot's epoch: it is not reused while
    /// evidence of that epoch is taken.
    ///
    /// Effects, for each: its whole stake is taken, half of it burned, half credited to the caller; it leaves the set
    /// two epochs ahead unless it is leaving already. The lowest indices leave first, and nobody leaves below the
    /// minimum, because a set of nobody would end the chain: who has to stay is a member without a stake, which anyone
    /// can make leave (`exit`) once others have joined. All of one call leave with one version of the set.
    function slash(Evidence calldata evidence) external;
}
