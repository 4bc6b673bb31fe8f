// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title Who attests, who proposes.
/// @dev Every change is a join or a leave that takes effect two epochs ahead: the set of epoch e is final at the end of
/// e - 2. Indices are stable, and are not reused before nothing unsettled can refer to them.
interface IValidators {
    /// @notice A validator will be a member from `fromEpoch` on.
    event ValidatorJoined(uint256 indexed index, address indexed owner, uint256 fromEpoch, bytes32[8] publicKey);
    /// @notice A validator will be a member no more from `untilEpoch` on.
    event ValidatorLeft(uint256 indexed index, address indexed owner, uint256 untilEpoch);
    /// @notice The index of one that is gone was freed, and its stake paid back: nothing if it was slashed.
    event StakeWithdrawn(uint256 indexed index, address indexed owner, uint256 amountWei);

    /// @notice The proposer seed of an epoch was fixed.
    event SeedStored(uint256 indexed epoch, bytes32 seed);

    /// @notice Thrown when the value sent is not the stake; at the deployment, less than all stakes.
    error Validators__WrongStake(uint256 expectedWei, uint256 actualWei);
    /// @notice Thrown when the proof of possession is not the key's for this owner, registry and chain.
    error Validators__PossessionNotProven(address owner);
    /// @notice Thrown when a key was registered before, by whomever.
    error Validators__KeyAlreadyUsed(bytes32 keyHash);
    /// @notice Thrown when the set would grow beyond the maximum, or no index is free yet.
    error Validators__SetFull(uint256 size, uint256 maximum);
    /// @notice Thrown when leaving would take the set below the minimum.
    error Validators__SetTooSmall(uint256 size, uint256 minimum);
    /// @notice Thrown when somebody else than the owner asks.
    error Validators__NotOwner(uint256 index, address owner, address caller);
    /// @notice Thrown when the validator is leaving already.
    error Validators__AlreadyLeaving(uint256 index, uint256 untilEpoch);
    /// @notice Thrown when the stake is asked for while it can still be needed.
    error Validators__StakeLocked(uint256 index, uint256 until, uint256 time);
    /// @notice Thrown when the stake is asked for before the validator's last slot is settled.
    error Validators__LastSlotUnsettled(uint256 index, uint256 lastSlot, uint256 settledSlot);
    /// @notice Thrown when a schedule is asked for whose seed is not fixed yet.
    error Validators__SeedUnknown(uint256 epoch);
    /// @notice Thrown when the genesis set is empty or larger than the maximum.
    error Validators__GenesisSetSize(uint256 size, uint256 minimum, uint256 maximum);

    /// @notice Joins the set two epochs ahead.
    /// @dev Checks the stake, room in the set, that the key is new, not infinity, on the curve and in the subgroup, and
    /// the proof of possession.
    /// @param owner may leave later and is paid the stake back; bound by the proof.
    /// @param publicKey BLS12-381 G2 point as EIP-2537 encodes it.
    /// @param possession signature of (chain, registry, owner, key) under the tag of proofs, an uncompressed G1 point.
    /// @return index of the new validator.
    function register(
        address owner,
        bytes32[8] calldata publicKey,
        bytes32[3] calldata possession
    ) external payable returns (uint256 index);

    /// @notice Leaves the set two epochs ahead. Only the owner, or anyone if it was slashed; refused below the minimum.
    function exit(uint256 index) external;

    /// @notice Frees the index and pays the stake back to the owner, unless it was slashed, once the windows for handoff,
    /// challenge, proof and evidence after the last active epoch are over and its last slot is settled. Anyone may call.
    function withdrawStake(uint256 index) external;

    /// @notice Stores the next epoch's proposer seed if this epoch has not done so yet. Anyone may call; the first
    /// landing of an epoch does the same.
    function poke() external;

    /// @notice The set of an epoch. For epochs more than two ahead of now it may still change.
    /// @return members bit i is set iff the validator with index i is a member.
    /// @return count how many there are.
    /// @return aggregateKey sum of the members' keys.
    function validatorSet(
        uint256 epoch
    ) external view returns (uint256 members, uint256 count, bytes32[8] memory aggregateKey);

    /// @notice A validator by its index; all zero if there is none.
    function validator(
        uint256 index
    )
        external
        view
        returns (address owner, uint256 fromEpoch, uint256 untilEpoch, bool slashed, bytes32[8] memory publicKey);

    /// @return index of the only validator that may propose for `slot`.
    function proposerOf(uint256 slot) external view returns (uint256 index);

    /// @return the proposer seed of an epoch: the one stored in the epoch before or, where nobody called then, the hash
    /// of the previous epoch's seed and the epoch.
    function seedOf(uint256 epoch) external view returns (bytes32);
}
